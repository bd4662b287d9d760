//! The functions that CPython calls: one per method, in the C API's calling conventions.

use super::RawContext;
use crate::arguments::{Args, KeywordArgs};
use crate::boundary::{Exec, KeywordsMethod, NoArgsMethod, OMethod, VarArgsMethod, enter};
use crate::handle::Borrowed;
use crate::module;
use core::ffi::{CStr, c_int};
use hpy_sys::capi::PyObject;
use hpy_sys::*;

/// `HPyCFunction` forgets the type that `$function` has.
macro_rules! erase {
    ($function:expr, fn($($arg:ty),*) -> $ret:ty) => {
        // SAFETY: function pointers have one size; who calls it goes by the signature beside it.
        unsafe {
            Some(core::mem::transmute::<unsafe extern "C" fn($($arg),*) -> $ret, unsafe extern "C" fn()>($function))
        }
    };
}

const fn method(
    name: &'static CStr,
    doc: &'static CStr,
    signature: HPyFunc_Signature,
    function: HPyCFunction,
) -> Static<HPyDef> {
    Static::new(HPyDef::method(HPyMeth {
        name: name.as_ptr(),
        r#impl: None,
        cpy_trampoline: function,
        signature,
        doc: doc.as_ptr(),
    }))
}

#[inline(always)]
fn handle(object: *mut PyObject) -> HPy {
    HPy {
        _i: object as isize,
    }
}

#[inline(always)]
fn object(handle: HPy) -> *mut PyObject {
    handle._i as *mut PyObject
}

/// The definition of a method without arguments.
pub const fn noargs_def<M: NoArgsMethod>(
    name: &'static CStr,
    doc: &'static CStr,
) -> Static<HPyDef> {
    let function = erase!(
        noargs::<M>,
        fn(*mut PyObject, *mut PyObject) -> *mut PyObject
    );
    method(name, doc, HPyFunc_NOARGS, function)
}

unsafe extern "C" fn noargs<M: NoArgsMethod>(
    module: *mut PyObject,
    _: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: an entry by the interpreter; the module stays alive during it.
    object(unsafe {
        enter(RawContext, |ctx| {
            Ok(M::call(ctx, &Borrowed::new(ctx, handle(module)))?.into_raw())
        })
    })
}

/// The definition of a method with one argument.
pub const fn o_def<M: OMethod>(name: &'static CStr, doc: &'static CStr) -> Static<HPyDef> {
    let function = erase!(o::<M>, fn(*mut PyObject, *mut PyObject) -> *mut PyObject);
    method(name, doc, HPyFunc_O, function)
}

unsafe extern "C" fn o<M: OMethod>(module: *mut PyObject, arg: *mut PyObject) -> *mut PyObject {
    // SAFETY: an entry by the interpreter; module and argument stay alive during it.
    object(unsafe {
        enter(RawContext, |ctx| {
            let (module, arg) = (
                Borrowed::new(ctx, handle(module)),
                Borrowed::new(ctx, handle(arg)),
            );
            Ok(M::call(ctx, &module, &arg)?.into_raw())
        })
    })
}

/// The definition of a method with positional arguments.
pub const fn varargs_def<M: VarArgsMethod>(
    name: &'static CStr,
    doc: &'static CStr,
) -> Static<HPyDef> {
    let function = erase!(
        varargs::<M>,
        fn(*mut PyObject, *const HPy, isize) -> *mut PyObject
    );
    method(name, doc, HPyFunc_VARARGS, function)
}

/// The array of objects is an array of handles: each is one word with the object's address.
unsafe extern "C" fn varargs<M: VarArgsMethod>(
    module: *mut PyObject,
    args: *const HPy,
    nargs: isize,
) -> *mut PyObject {
    // SAFETY: an entry by the interpreter; module and arguments stay alive during it.
    object(unsafe {
        enter(RawContext, |ctx| {
            let args = Args::new(ctx, args, nargs as usize);
            Ok(M::call(ctx, &Borrowed::new(ctx, handle(module)), args)?.into_raw())
        })
    })
}

/// The definition of a method with positional and keyword arguments.
pub const fn keywords_def<M: KeywordsMethod>(
    name: &'static CStr,
    doc: &'static CStr,
) -> Static<HPyDef> {
    let function = erase!(
        keywords::<M>,
        fn(*mut PyObject, *const HPy, isize, HPy) -> *mut PyObject
    );
    method(name, doc, HPyFunc_KEYWORDS, function)
}

/// As for `varargs`.
unsafe extern "C" fn keywords<M: KeywordsMethod>(
    module: *mut PyObject,
    args: *const HPy,
    nargs: isize,
    kwnames: HPy,
) -> *mut PyObject {
    // SAFETY: an entry by the interpreter; module, arguments and names stay alive during it.
    object(unsafe {
        enter(RawContext, |ctx| {
            let args = KeywordArgs::new(ctx, args, nargs as usize, kwnames);
            Ok(M::call(ctx, &Borrowed::new(ctx, handle(module)), args)?.into_raw())
        })
    })
}

/// The definition of what a module does at import.
pub const fn exec_def<E: Exec>() -> Static<HPyDef> {
    Static::new(HPyDef::slot(HPySlot {
        slot: HPy_mod_exec,
        r#impl: None,
        cpy_trampoline: erase!(exec::<E>, fn(*mut PyObject) -> c_int),
    }))
}

unsafe extern "C" fn exec<E: Exec>(module: *mut PyObject) -> c_int {
    // SAFETY: an entry by the interpreter; the module stays alive during it.
    unsafe {
        enter(RawContext, |ctx| {
            module::exec::<E>(ctx, &Borrowed::new(ctx, handle(module))).map(|()| 0)
        })
    }
}
