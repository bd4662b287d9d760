//! What the definition of a slot or attribute names in the universal ABI: an implementation, which
//! host contexts call, the trampoline that has the context call it, and the entry by the C API.

use crate::backend::RawContext;
use crate::backend::quirks::Quirk;
use crate::class::arguments::with_dict;
use crate::class::slot_bodies;
use crate::class::{Assign, Compare, Fixed, FixedInt, InitMethod};
use crate::entry::definition::universal::without_own;
use crate::entry::definition::{Functions, MethodStatic, OwnFunctions};
use crate::entry::guard::{KeywordsMethod, NoArgsMethod, enter};
use crate::entry::methods;
use crate::entry::methods::capi_entries::keywords;
use crate::entry::methods::host_entries::{keywords_impl, keywords_trampoline};
use crate::entry::package_trampoline::trampoline;
use crate::entry::shared_boundary::{KeywordsBody, enter_body};
use crate::entry::slots::table::{
    c_type, hpy_type, result_type, slot_table, to_c, to_hpy, to_result,
};
use crate::entry::slots::{bodies, capi_entries};
use crate::exceptions::TypeError;
use core::ffi::{CStr, c_int, c_void};
use hpy_sys::universal::*;
use hpy_sys::*;

type PyObject = *mut cpy_PyObject;

/// The context, in the form that is direct where it is the own runtime's.
#[inline(always)]
fn raw(ctx: *mut HPyContext) -> RawContext {
    if is_of_bundled_runtime(ctx) {
        RawContext::direct()
    } else {
        RawContext::new(ctx)
    }
}

/// Whether hosts have short methods of this shape in line: those of attributes. What the others do
/// takes longer than the calls that this saves.
const fn pays_in_line(signature: HPyFunc_Signature) -> bool {
    signature.0 == HPyFunc_GETTER.0 || signature.0 == HPyFunc_SETTER.0
}

/// What a result is where the call fails.
macro_rules! failed {
    (Object) => {
        core::ptr::null_mut()
    };
    ($other:ident) => {
        -1
    };
}

macro_rules! functions {
    ($(
        $name:ident [$bound:path] $signature:ident $args:ident
        ($($field:ident: $kind:ident),*) -> $ret:ident;
    )*) => {$(
        /// The functions of a slot of this shape.
        pub const fn $name<S: $bound>() -> Functions {
            unsafe extern "C" fn implementation<S: $bound>(
                ctx: *mut HPyContext,
                $($field: hpy_type!($kind)),*
            ) -> result_type!($ret) {
                // SAFETY: an entry by the interpreter; the handles stay open during it. The own
                // runtime's are objects' addresses.
                let result = unsafe {
                    if S::IN_LINE && lies_in_bundled_contexts(ctx) {
                        to_hpy!($ret capi_entries::$name::<S>($(to_c!($kind $field)),*))
                    } else if S::IN_LINE && pays_in_line($signature) {
                        assume_host_context(ctx);
                        enter(RawContext::new(ctx), |ctx| {
                            slot_bodies::$name::<S>(ctx, $($field),*)
                        })
                    } else {
                        enter_body!(RawContext::new(ctx), bodies::$name::<S>, $($field),*)
                    }
                };
                to_result!($ret result)
            }
            trampoline! {
                trampoline<S: $bound>, $signature, $args {
                    $($field: c_type!($kind)),*
                } -> c_type!($ret) = failed!($ret), erase!(
                    implementation::<S>,
                    fn(*mut HPyContext, $(hpy_type!($kind)),*) -> result_type!($ret)
                )
            }
            Functions {
                signature: $signature,
                implementation: erase!(
                    implementation::<S>,
                    fn(*mut HPyContext, $(hpy_type!($kind)),*) -> result_type!($ret)
                ),
                trampoline: erase!(trampoline::<S>, fn($(c_type!($kind)),*) -> c_type!($ret)),
                own: erase!(capi_entries::$name::<S>, fn($(c_type!($kind)),*) -> c_type!($ret)),
                construct: None,
            }
        }
    )*};
}

slot_table!(functions);

/// `HPy_tp_new`: of the own runtime by the entry for an array, of a host by the body of one.
///
/// # Safety
/// An entry by the interpreter; the handles stay open during it, `nargs` of them in the array; `kw`
/// is a dict or null. With [`Quirk::NEW_NEEDS_NO_CLASS`] it is called as a method: the first of the
/// array is the class, and `kw` the tuple of names.
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
unsafe extern "C" fn enter_new(
    ctx: *mut HPyContext,
    own: capi_entries::ArrayCall,
    body: KeywordsBody<HPy>,
    (mut class, mut args, nargs, kw): (HPy, *const HPy, isize, HPy),
) -> HPy {
    const TOO_FEW: &str = "__new__(): not enough arguments";
    // A host that takes one off may not have asked whether there is one.
    let nargs = usize::try_from(nargs).map_err(|_| TypeError::new(TOO_FEW));
    if is_of_bundled_runtime(ctx)
        && let Ok(nargs) = nargs
    {
        // SAFETY: the own runtime's handles are objects' addresses.
        let object = unsafe {
            let (class, kw) = (class._i as PyObject, kw._i as PyObject);
            if kw.is_null() {
                own(class, args, nargs, HPy_NULL)
            } else {
                capi_entries::with_dict(class, (args, nargs), kw, own)
            }
        };
        return HPy {
            _i: object as isize,
        };
    }
    // SAFETY: as promised by the caller; a method's first argument is looked for, and moves the
    // others to the left.
    unsafe {
        enter(RawContext::new(ctx), |ctx| {
            let mut nargs = nargs?;
            let is_method = ctx.has(Quirk::NEW_NEEDS_NO_CLASS);
            if is_method {
                if nargs == 0 {
                    return Err(TypeError::new(TOO_FEW));
                }
                (class, args, nargs) = (*args, args.add(1), nargs - 1);
            }
            with_dict(ctx, (args, nargs), kw, is_method, |args, nargs, names| {
                body(ctx, class, args, nargs, names)
            })
        })
    }
}

/// The functions of `HPy_tp_new`.
pub const fn new<S: KeywordsMethod>() -> Functions {
    unsafe extern "C" fn implementation<S: KeywordsMethod>(
        ctx: *mut HPyContext,
        class: HPy,
        args: *const HPy,
        nargs: isize,
        kw: HPy,
    ) -> HPy {
        let arguments = (class, args, nargs, kw);
        // SAFETY: an entry by the interpreter; the handles stay open during it.
        unsafe {
            enter_new(
                ctx,
                keywords::<S>,
                methods::bodies::keywords::<S>,
                arguments,
            )
        }
    }
    trampoline! {
        trampoline<S: KeywordsMethod>, HPyFunc_NEWFUNC, _HPyFunc_args_NEWFUNC {
            self_: PyObject, args: PyObject, kw: PyObject
        } -> PyObject = core::ptr::null_mut(), erase!(
            implementation::<S>,
            fn(*mut HPyContext, HPy, *const HPy, isize, HPy) -> HPy
        )
    }
    Functions {
        signature: HPyFunc_NEWFUNC,
        implementation: erase!(
            implementation::<S>,
            fn(*mut HPyContext, HPy, *const HPy, isize, HPy) -> HPy
        ),
        trampoline: erase!(
            trampoline::<S>,
            fn(PyObject, PyObject, PyObject) -> PyObject
        ),
        own: erase!(
            capi_entries::new::<S>,
            fn(PyObject, PyObject, PyObject) -> PyObject
        ),
        construct: erase!(
            capi_entries::construct::<S>,
            fn(PyObject, *const HPy, usize, HPy) -> PyObject
        ),
    }
}

/// The functions of `HPy_tp_init`.
pub const fn init<S: InitMethod>() -> Functions {
    unsafe extern "C" fn implementation<S: InitMethod>(
        ctx: *mut HPyContext,
        this: HPy,
        args: *const HPy,
        nargs: isize,
        kw: HPy,
    ) -> isize {
        // SAFETY: an entry by the interpreter; the handles stay open during it.
        let result: c_int = unsafe {
            enter(raw(ctx), |ctx| {
                slot_bodies::init::<S>(ctx, this, args, nargs, kw)
            })
        };
        // PyPy reads the whole word.
        result as isize
    }
    trampoline! {
        trampoline<S: InitMethod>, HPyFunc_INITPROC, _HPyFunc_args_INITPROC {
            self_: PyObject, args: PyObject, kw: PyObject
        } -> c_int = -1, erase!(
            implementation::<S>,
            fn(*mut HPyContext, HPy, *const HPy, isize, HPy) -> isize
        )
    }
    Functions {
        signature: HPyFunc_INITPROC,
        implementation: erase!(
            implementation::<S>,
            fn(*mut HPyContext, HPy, *const HPy, isize, HPy) -> isize
        ),
        trampoline: erase!(trampoline::<S>, fn(PyObject, PyObject, PyObject) -> c_int),
        own: None,
        construct: None,
    }
}

/// The functions of `HPy_tp_call`.
pub const fn call<S: KeywordsMethod>() -> Functions {
    Functions {
        signature: HPyFunc_KEYWORDS,
        implementation: erase!(
            keywords_impl::<S>,
            fn(*mut HPyContext, HPy, *const HPy, usize, HPy) -> HPy
        ),
        trampoline: erase!(
            keywords_trampoline::<S>,
            fn(PyObject, *const PyObject, usize, PyObject) -> PyObject
        ),
        own: erase!(
            keywords::<S>,
            fn(PyObject, *const HPy, usize, HPy) -> PyObject
        ),
        construct: None,
    }
}

/// The functions of `HPy_tp_finalize`.
pub const fn finalize<S: FixedInt<0>>() -> Functions {
    unsafe extern "C" fn implementation<S: FixedInt<0>>(ctx: *mut HPyContext, this: HPy) {
        if is_of_bundled_runtime(ctx) {
            // SAFETY: the own runtime's handles are objects' addresses.
            return unsafe { capi_entries::finalize::<S>(this._i as PyObject) };
        }
        // SAFETY: an entry by the interpreter; the handle stays open during it.
        unsafe {
            crate::backend::use_before_call(crate::Context::from_raw(raw(ctx)));
            crate::entry::slots::finalized::<S>(RawContext::new(ctx), this)
        }
    }
    unsafe extern "C" fn trampoline<S: FixedInt<0>>(arg0: PyObject) {
        let mut args = _HPyFunc_args_DESTRUCTOR { arg0 };
        let implementation = erase!(implementation::<S>, fn(*mut HPyContext, HPy) -> ());
        // SAFETY: the arguments and the implementation are those of the signature.
        unsafe { call_from_trampoline(HPyFunc_DESTRUCTOR, implementation, &mut args) };
    }
    Functions {
        signature: HPyFunc_DESTRUCTOR,
        implementation: erase!(implementation::<S>, fn(*mut HPyContext, HPy) -> ()),
        trampoline: erase!(trampoline::<S>, fn(PyObject) -> ()),
        own: None,
        construct: None,
    }
}

/// The functions of `HPy_bf_releasebuffer`.
pub const fn release_buffer() -> Functions {
    unsafe extern "C" fn implementation(ctx: *mut HPyContext, _: HPy, view: *mut HPy_buffer) {
        // SAFETY: a view that `get_buffer` has filled, whose end this is; the context is the
        // call's.
        unsafe {
            let key = crate::backend::view_key(crate::Context::from_raw(raw(ctx)));
            crate::buffer::release(key, view);
        }
    }
    unsafe extern "C" fn trampoline(self_: PyObject, view: *mut c_void) {
        let mut args = _HPyFunc_args_RELEASEBUFFERPROC { self_, view };
        let implementation = erase!(
            implementation,
            fn(*mut HPyContext, HPy, *mut HPy_buffer) -> ()
        );
        // SAFETY: the arguments and the implementation are those of the signature.
        unsafe { call_from_trampoline(HPyFunc_RELEASEBUFFERPROC, implementation, &mut args) };
    }
    Functions {
        signature: HPyFunc_RELEASEBUFFERPROC,
        implementation: erase!(
            implementation,
            fn(*mut HPyContext, HPy, *mut HPy_buffer) -> ()
        ),
        trampoline: erase!(trampoline, fn(PyObject, *mut c_void) -> ()),
        own: None,
        construct: None,
    }
}

/// A method that is given the class: the own runtime's is the entry's, of a host the first
/// argument, because hosts have no class methods.
///
/// # Safety
/// An entry by the interpreter; the handles stay open during it, `nargs` of them in the array, and
/// one more for each of the names.
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
unsafe extern "C" fn enter_class_method(
    ctx: *mut HPyContext,
    own: capi_entries::ArrayCall,
    body: KeywordsBody<HPy>,
    (this, args, nargs, names): (HPy, *const HPy, usize, HPy),
) -> HPy {
    // SAFETY: as promised by the caller; the own runtime's handles are objects' addresses.
    unsafe {
        if is_of_bundled_runtime(ctx) {
            let object = own(this._i as PyObject, args, nargs, names);
            return HPy {
                _i: object as isize,
            };
        }
        enter(RawContext::new(ctx), |ctx| {
            if nargs == 0 {
                return Err(TypeError::new(
                    "a class method was called without its class",
                ));
            }
            body(ctx, *args, args.add(1), nargs - 1, names)
        })
    }
}

/// The definition of a method that is given the class: in the C API by the flag `METH_CLASS`,
/// elsewhere as the first argument.
pub const fn class_def<M: KeywordsMethod>(name: &'static CStr, doc: &'static CStr) -> MethodStatic {
    unsafe extern "C" fn implementation<M: KeywordsMethod>(
        ctx: *mut HPyContext,
        this: HPy,
        args: *const HPy,
        nargs: usize,
        names: HPy,
    ) -> HPy {
        let arguments = (this, args, nargs, names);
        // SAFETY: an entry by the interpreter; the handles stay open during it.
        unsafe {
            enter_class_method(
                ctx,
                keywords::<M>,
                methods::bodies::keywords::<M>,
                arguments,
            )
        }
    }
    trampoline! {
        trampoline<M: KeywordsMethod>, HPyFunc_KEYWORDS, _HPyFunc_args_KEYWORDS {
            self_: PyObject, args: *const PyObject, nargsf: usize, kwnames: PyObject
        } -> PyObject = core::ptr::null_mut(), erase!(
            implementation::<M>,
            fn(*mut HPyContext, HPy, *const HPy, usize, HPy) -> HPy
        )
    }
    let class_method = HPyDef::method(HPyMeth {
        name: name.as_ptr(),
        r#impl: erase!(
            implementation::<M>,
            fn(*mut HPyContext, HPy, *const HPy, usize, HPy) -> HPy
        ),
        cpy_trampoline: erase!(
            trampoline::<M>,
            fn(PyObject, *const PyObject, usize, PyObject) -> PyObject
        ),
        signature: HPyFunc_KEYWORDS,
        doc: doc.as_ptr(),
    });
    let own = erase!(
        keywords::<M>,
        fn(PyObject, *const HPy, usize, HPy) -> PyObject
    );
    definition(class_method, [own, None])
}

/// A slot, attribute or class method, for a static, with the functions that CPython calls of types
/// that the own runtime makes: an attribute has two, and so has `HPy_tp_new`.
pub(crate) const fn definition(definition: HPyDef, own: [HPyCFunction; 2]) -> MethodStatic {
    let definition = Static::new(without_own(definition));
    MethodStatic::with_own(definition, OwnFunctions::new(own))
}
