//! Makes CPython's method tables from HPy's definitions.

use crate::capi::{self, *};
use crate::definitions::*;
use crate::enums::*;
use crate::handles::HPyCFunction;

/// An exception is set.
pub(super) struct Raised;

/// Which function CPython calls for a definition of a method or slot.
pub(super) type Chosen = unsafe fn(&HPyDef) -> HPyCFunction;

/// The usual choice: the trampoline.
///
/// # Safety
/// The definition is of a method or slot.
pub(super) unsafe fn trampoline(definition: &HPyDef) -> HPyCFunction {
    // SAFETY: the kind determines the field.
    unsafe {
        if definition.kind == HPyDef_Kind_Meth {
            definition.definition.meth.cpy_trampoline
        } else {
            definition.definition.slot.cpy_trampoline
        }
    }
}

/// The definitions in a null-terminated array, or none if it is null.
///
/// # Safety
/// The array and what it points to are valid for `'a`.
pub(crate) unsafe fn definitions<'a>(
    array: *mut *mut HPyDef,
) -> impl Iterator<Item = &'a HPyDef> + Clone {
    let mut next = array;
    core::iter::from_fn(move || {
        if next.is_null() {
            return None;
        }
        // SAFETY: the array ends with a null pointer, after which this is not called again.
        unsafe {
            let definition = (*next).as_ref()?;
            next = next.add(1);
            Some(definition)
        }
    })
}

/// The method table of `defines` followed by `legacy`. Never freed.
///
/// # Safety
/// Both arrays are null or valid forever. `defines` ends with null, `legacy` with a null name.
pub(super) unsafe fn method_table(
    defines: *mut *mut HPyDef,
    legacy: *const PyMethodDef,
    function: Chosen,
) -> Result<*mut PyMethodDef, Raised> {
    let mut table = Vec::new();
    // SAFETY: as promised by the caller; a definition's kind determines the field.
    unsafe {
        for definition in definitions(defines) {
            if definition.kind == HPyDef_Kind_Meth {
                let method = definition.definition.meth;
                table.push(PyMethodDef {
                    ml_name: method.name,
                    ml_meth: function(definition),
                    ml_flags: convention(method.signature)?,
                    ml_doc: method.doc,
                });
            }
        }
        let mut next = legacy;
        while !next.is_null() && !(*next).ml_name.is_null() {
            table.push(*next);
            next = next.add(1);
        }
    }
    table.push(PyMethodDef {
        ml_name: core::ptr::null(),
        ml_meth: None,
        ml_flags: 0,
        ml_doc: core::ptr::null(),
    });
    Ok(forever(table))
}

/// Leaks a table, so that CPython may point to it for the rest of the process.
pub(super) fn forever<T>(table: Vec<T>) -> *mut T {
    // As it is: to cut it to size takes code.
    table.leak().as_mut_ptr()
}

fn convention(signature: HPyFunc_Signature) -> Result<core::ffi::c_int, Raised> {
    match signature {
        HPyFunc_VARARGS => Ok(METH_FASTCALL),
        HPyFunc_KEYWORDS => Ok(METH_FASTCALL | METH_KEYWORDS),
        HPyFunc_NOARGS => Ok(METH_NOARGS),
        HPyFunc_O => Ok(METH_O),
        _ => Err(raise(
            capi::PyExc_ValueError(),
            c"Unsupported HPyMeth signature",
        )),
    }
}

/// Sets an exception.
#[cold]
pub(super) fn raise(exception: *mut PyObject, message: &core::ffi::CStr) -> Raised {
    // SAFETY: only called by functions whose callers are attached.
    unsafe { capi::PyErr_SetString(exception, message.as_ptr()) };
    Raised
}

/// Sets an exception with a message made at run time.
#[cold]
pub(super) fn raise_text(exception: *mut PyObject, message: &str) -> Raised {
    // SAFETY: only called by functions whose callers are attached. The text is released once.
    unsafe {
        let text =
            capi::PyUnicode_FromStringAndSize(message.as_ptr().cast(), message.len() as isize);
        if !text.is_null() {
            capi::PyErr_SetObject(exception, text);
            capi::xdecref_cold(text);
        }
    }
    Raised
}
