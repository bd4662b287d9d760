//! Gives each type with data its own layout on PyPy, which would treat all of them as one.
//!
//! A class may derive from two types, and an instance may change from one to another, if their
//! layouts are the same. PyPy ignores C data when it compares layouts of types with the same base.
//! So each type with data gets its own base, which stands between it and the requested bases.

use super::registry::{self, TypeInfo};
use super::shapes::built_in;
use crate::capi::{self, PyMethodDef, PyObject, PyType_Slot, PyType_Spec};
use crate::cpython::methods::{Raised, forever, raise};
use crate::enums::HPyType_BuiltinShape;
use core::ptr::null_mut;

/// Rejects bases that extend another built-in type, whose instances would overlap the data. PyPy
/// does not expose their sizes.
///
/// # Safety
/// `bases` is a tuple or null.
pub(super) unsafe fn check_bases(
    bases: *mut PyObject,
    shape: HPyType_BuiltinShape,
) -> Result<(), Raised> {
    let object = capi::PyBaseObject_Type();
    let extended = built_in(shape).map_or(object, |(type_, _)| type_);
    // SAFETY: the caller passes a tuple or null. Anything but a type is left to the interpreter to
    // reject.
    unsafe {
        if bases.is_null() || !capi::has_type_flag(bases, capi::Py_TPFLAGS_TUPLE_SUBCLASS) {
            return Ok(());
        }
        for index in 0..capi::tuple_len(bases) {
            let mut base = capi::tuple_item(bases, index);
            if !capi::is_type(base) {
                continue;
            }
            while capi::type_flags(base) & capi::Py_TPFLAGS_HEAPTYPE != 0 {
                let next = capi::type_slot(base, capi::Py_tp_base).cast::<PyObject>();
                if next.is_null() {
                    break;
                }
                base = next;
            }
            if base != object && base != extended {
                return Err(raise(
                    capi::PyExc_TypeError(),
                    c"the type's data would overlap that of a base class of another shape",
                ));
            }
        }
    }
    Ok(())
}

/// A tuple with the single base that a type gets instead of these. Releases the reference to
/// `bases`.
///
/// # Safety
/// `bases` is a tuple or null.
#[cold]
pub(super) unsafe fn with_layout_base(
    bases: *mut PyObject,
    shape: HPyType_BuiltinShape,
    data_offset: usize,
) -> Result<*mut PyObject, Raised> {
    let methods = forever(vec![PyMethodDef {
        ml_name: core::ptr::null(),
        ml_meth: None,
        ml_flags: 0,
        ml_doc: core::ptr::null(),
    }]);
    let mut info = TypeInfo::new(shape, data_offset);
    info.methods = methods;
    registry::register(info);
    let slot = |slot, pfunc| PyType_Slot { slot, pfunc };
    let mut slots = [
        slot(capi::Py_tp_methods, methods.cast()),
        slot(0, null_mut()),
    ];
    let mut spec = PyType_Spec {
        name: c"hpy.layout".as_ptr(),
        basicsize: 0,
        // Types with items have their own layout.
        itemsize: 1,
        flags: capi::Py_TPFLAGS_BASETYPE as core::ffi::c_uint,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the spec's tables are valid forever or copied, as PyPy does with the slots.
    // References are passed on or released once.
    unsafe {
        let base = capi::type_from_spec(&mut spec, bases);
        capi::xdecref_cold(bases);
        if base.is_null() {
            return Err(Raised);
        }
        // Derived types have the items of the built-in type below: tuple's or none.
        let built_in = capi::type_slot(base, capi::Py_tp_base).cast();
        let tuple = capi::PyType_IsSubtype(built_in, capi::PyTuple_Type()) != 0;
        let items = if tuple {
            size_of::<*mut PyObject>() as isize
        } else {
            0
        };
        capi::set_itemsize_on_pypy(base, 1, items);
        let tuple = capi::PyTuple_New(1);
        if tuple.is_null() || capi::PyTuple_SetItem(tuple, 0, base) < 0 {
            capi::xdecref_cold(tuple);
            return Err(Raised);
        }
        Ok(tuple)
    }
}
