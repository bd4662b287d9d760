//! Definitions of methods in the universal ABI: name, calling convention, and three functions. A
//! host calls the implementation. CPython calls the trampoline where a package `hpy` made the
//! module, and the entry by the C API where the bundled runtime did.

use crate::entry::definition::{Definition, MethodStatic};
use crate::entry::guard::{Exec, KeywordsMethod, NoArgsMethod, OMethod, VarArgsMethod};
use crate::entry::methods::{capi_entries, host_entries};
use core::ffi::{CStr, c_int};
use hpy_sys::*;

type PyObject = *mut cpy_PyObject;

const fn method(
    name: &'static CStr,
    doc: &'static CStr,
    signature: HPyFunc_Signature,
    implementation: HPyCFunction,
    cpy_trampoline: HPyCFunction,
    own: HPyCFunction,
) -> MethodStatic {
    let definition = HPyDef::method(HPyMeth {
        name: name.as_ptr(),
        r#impl: implementation,
        cpy_trampoline,
        signature,
        doc: doc.as_ptr(),
    });
    MethodStatic::new(Static::new(Definition::new(definition, own)))
}

/// The definition of a method without arguments.
pub const fn noargs_def<M: NoArgsMethod>(name: &'static CStr, doc: &'static CStr) -> MethodStatic {
    method(
        name,
        doc,
        HPyFunc_NOARGS,
        erase!(
            host_entries::noargs_impl::<M>,
            fn(*mut HPyContext, HPy) -> HPy
        ),
        erase!(
            host_entries::noargs_trampoline::<M>,
            fn(PyObject, PyObject) -> PyObject
        ),
        erase!(
            capi_entries::noargs::<M>,
            fn(PyObject, PyObject) -> PyObject
        ),
    )
}

/// The definition of a method with one argument.
pub const fn o_def<M: OMethod>(name: &'static CStr, doc: &'static CStr) -> MethodStatic {
    method(
        name,
        doc,
        HPyFunc_O,
        erase!(
            host_entries::o_impl::<M>,
            fn(*mut HPyContext, HPy, HPy) -> HPy
        ),
        erase!(
            host_entries::o_trampoline::<M>,
            fn(PyObject, PyObject) -> PyObject
        ),
        erase!(capi_entries::o::<M>, fn(PyObject, PyObject) -> PyObject),
    )
}

/// The definition of a method with positional arguments.
pub const fn varargs_def<M: VarArgsMethod>(
    name: &'static CStr,
    doc: &'static CStr,
) -> MethodStatic {
    method(
        name,
        doc,
        HPyFunc_VARARGS,
        erase!(
            host_entries::varargs_impl::<M>,
            fn(*mut HPyContext, HPy, *const HPy, usize) -> HPy
        ),
        erase!(
            host_entries::varargs_trampoline::<M>,
            fn(PyObject, *const PyObject, HPy_ssize_t) -> PyObject
        ),
        erase!(
            capi_entries::varargs::<M>,
            fn(PyObject, *const HPy, isize) -> PyObject
        ),
    )
}

/// The definition of a method with positional and keyword arguments.
pub const fn keywords_def<M: KeywordsMethod>(
    name: &'static CStr,
    doc: &'static CStr,
) -> MethodStatic {
    method(
        name,
        doc,
        HPyFunc_KEYWORDS,
        erase!(
            host_entries::keywords_impl::<M>,
            fn(*mut HPyContext, HPy, *const HPy, usize, HPy) -> HPy
        ),
        erase!(
            host_entries::keywords_trampoline::<M>,
            fn(PyObject, *const PyObject, usize, PyObject) -> PyObject
        ),
        erase!(
            capi_entries::keywords::<M>,
            fn(PyObject, *const HPy, usize, HPy) -> PyObject
        ),
    )
}

/// The definition of what a module does at import.
pub const fn exec_def<E: Exec>() -> Static<Definition> {
    let definition = HPyDef::slot(HPySlot {
        slot: HPy_mod_exec,
        r#impl: erase!(
            host_entries::exec_impl::<E>,
            fn(*mut HPyContext, HPy) -> isize
        ),
        cpy_trampoline: erase!(host_entries::exec_trampoline::<E>, fn(PyObject) -> c_int),
    });
    let own = erase!(capi_entries::exec::<E>, fn(PyObject) -> c_int);
    Static::new(Definition::new(definition, own))
}
