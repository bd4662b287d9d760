//! Definitions of methods in the CPython ABI: name, calling convention, and the entry that CPython
//! calls.

use crate::entry::definition::{Definition, MethodStatic};
use crate::entry::guard::{Exec, KeywordsMethod, NoArgsMethod, OMethod, VarArgsMethod};
use crate::entry::methods::capi_entries;
use core::ffi::{CStr, c_int};
use hpy_sys::capi::PyObject;
use hpy_sys::*;

const fn method(
    name: &'static CStr,
    doc: &'static CStr,
    signature: HPyFunc_Signature,
    function: HPyCFunction,
) -> MethodStatic {
    let definition = HPyDef::method(HPyMeth {
        name: name.as_ptr(),
        r#impl: None,
        cpy_trampoline: function,
        signature,
        doc: doc.as_ptr(),
    });
    MethodStatic::new(Static::new(definition))
}

/// The definition of a method without arguments.
pub const fn noargs_def<M: NoArgsMethod>(name: &'static CStr, doc: &'static CStr) -> MethodStatic {
    let function = erase!(
        capi_entries::noargs::<M>,
        fn(*mut PyObject, *mut PyObject) -> *mut PyObject
    );
    method(name, doc, HPyFunc_NOARGS, function)
}

/// The definition of a method with one argument.
pub const fn o_def<M: OMethod>(name: &'static CStr, doc: &'static CStr) -> MethodStatic {
    let function = erase!(
        capi_entries::o::<M>,
        fn(*mut PyObject, *mut PyObject) -> *mut PyObject
    );
    method(name, doc, HPyFunc_O, function)
}

/// The definition of a method with positional arguments.
pub const fn varargs_def<M: VarArgsMethod>(
    name: &'static CStr,
    doc: &'static CStr,
) -> MethodStatic {
    let function = erase!(
        capi_entries::varargs::<M>,
        fn(*mut PyObject, *const HPy, isize) -> *mut PyObject
    );
    method(name, doc, HPyFunc_VARARGS, function)
}

/// The definition of a method with positional and keyword arguments.
pub const fn keywords_def<M: KeywordsMethod>(
    name: &'static CStr,
    doc: &'static CStr,
) -> MethodStatic {
    let function = erase!(
        capi_entries::keywords::<M>,
        fn(*mut PyObject, *const HPy, usize, HPy) -> *mut PyObject
    );
    method(name, doc, HPyFunc_KEYWORDS, function)
}

/// The definition of what a module does at import.
pub const fn exec_def<E: Exec>() -> Static<Definition> {
    Static::new(HPyDef::slot(HPySlot {
        slot: HPy_mod_exec,
        r#impl: None,
        cpy_trampoline: erase!(capi_entries::exec::<E>, fn(*mut PyObject) -> c_int),
    }))
}
