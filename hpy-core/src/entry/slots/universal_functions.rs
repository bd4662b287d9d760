//! What the definition of a slot or attribute names in the universal ABI: an implementation, which
//! host contexts call, the trampoline that has the context call it, and the entry by the C API.

use crate::backend::RawContext;
use crate::class::slot_bodies;
use crate::class::{Assign, Compare, Fixed, FixedInt, InitMethod};
use crate::entry::definition::universal::without_own;
use crate::entry::definition::{Functions, MethodStatic, OwnFunctions};
use crate::entry::guard::{KeywordsMethod, NoArgsMethod, enter};
use crate::entry::package_trampoline::trampoline;
use crate::entry::slots::capi_entries;
use crate::entry::slots::table::{
    c_type, hpy_type, result_type, slot_table, to_c, to_hpy, to_result,
};
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
                if is_of_bundled_runtime(ctx) {
                    // SAFETY: the own runtime's handles are objects' addresses.
                    let result = unsafe { capi_entries::$name::<S>($(to_c!($kind $field)),*) };
                    return to_result!($ret to_hpy!($ret result));
                }
                // SAFETY: an entry by the interpreter; the handles stay open during it.
                let result = unsafe {
                    enter(RawContext::new(ctx), |ctx| slot_bodies::$name::<S>(ctx, $($field),*))
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

/// The functions of `HPy_tp_new`.
pub const fn new<S: KeywordsMethod>() -> Functions {
    unsafe extern "C" fn implementation<S: KeywordsMethod>(
        ctx: *mut HPyContext,
        class: HPy,
        args: *const HPy,
        nargs: isize,
        kw: HPy,
    ) -> HPy {
        // SAFETY: an entry by the interpreter; the handles stay open during it.
        unsafe {
            enter(raw(ctx), |ctx| {
                slot_bodies::new::<S>(ctx, class, args, nargs, kw)
            })
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

/// The `implementation` and `trampoline` of a function with positional and keyword arguments. The
/// expression is what a host's call comes to.
macro_rules! call_functions {
    (
        <$param:ident>
        |$ctx:ident, $this:ident, $args:ident, $nargs:ident, $names:ident| $call:expr
    ) => {
        unsafe extern "C" fn implementation<$param: KeywordsMethod>(
            ctx: *mut HPyContext,
            $this: HPy,
            $args: *const HPy,
            $nargs: usize,
            $names: HPy,
        ) -> HPy {
            if is_of_bundled_runtime(ctx) {
                let this = $this._i as PyObject;
                // SAFETY: the own runtime's handles are objects' addresses.
                let result = unsafe { capi_entries::call::<$param>(this, $args, $nargs, $names) };
                return HPy {
                    _i: result as isize,
                };
            }
            // SAFETY: an entry by the interpreter; the handles stay open during it.
            unsafe { enter(RawContext::new(ctx), |$ctx| $call) }
        }
        trampoline! {
            trampoline<$param: KeywordsMethod>, HPyFunc_KEYWORDS, _HPyFunc_args_KEYWORDS {
                self_: PyObject, args: *const PyObject, nargsf: usize, kwnames: PyObject
            } -> PyObject = core::ptr::null_mut(), erase!(
                implementation::<$param>,
                fn(*mut HPyContext, HPy, *const HPy, usize, HPy) -> HPy
            )
        }
    };
}

/// The functions of `HPy_tp_call`.
pub const fn call<S: KeywordsMethod>() -> Functions {
    call_functions! {
        <S> |ctx, this, args, nargs, names| slot_bodies::call::<S>(ctx, this, args, nargs, names)
    }
    Functions {
        signature: HPyFunc_KEYWORDS,
        implementation: erase!(
            implementation::<S>,
            fn(*mut HPyContext, HPy, *const HPy, usize, HPy) -> HPy
        ),
        trampoline: erase!(
            trampoline::<S>,
            fn(PyObject, *const PyObject, usize, PyObject) -> PyObject
        ),
        own: erase!(
            capi_entries::call::<S>,
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
        unsafe { crate::entry::slots::finalized::<S>(RawContext::new(ctx), this) }
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

/// The definition of a method that is given the class: in the C API by the flag `METH_CLASS`,
/// elsewhere as the first argument.
pub const fn class_def<M: KeywordsMethod>(name: &'static CStr, doc: &'static CStr) -> MethodStatic {
    call_functions! {
        <M> |ctx, this, args, nargs, names| slot_bodies::call_by_first::<M>(ctx, args, nargs, names)
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
        capi_entries::call::<M>,
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
