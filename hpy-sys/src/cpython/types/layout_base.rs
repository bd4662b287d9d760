//! A layout of its own for each type with data, where the interpreter gives all the same one: PyPy.
//!
//! A class may derive from two types, or an instance change from one to another, if their layouts are the same. Layouts
//! count as the same on PyPy if nothing but C data was added to the same base. So each type with data gets a base of its
//! own, which stands between it and the bases that were asked for.

use super::registry::{self, TypeInfo};
use super::shapes::built_in;
use crate::capi::{self, PyMethodDef, PyObject, PyType_Slot, PyType_Spec};
use crate::cpython::methods::{Raised, forever, raise};
use crate::enums::HPyType_BuiltinShape;
use core::ptr::null_mut;

/// Refuses bases whose instances have something where this shape's data belongs: another built-in type's. Their sizes cannot be
/// read there.
///
/// # Safety
/// `bases` is a tuple or null.
pub(super) unsafe fn check_bases(
    bases: *mut PyObject,
    shape: HPyType_BuiltinShape,
) -> Result<(), Raised> {
    let object = capi::PyBaseObject_Type();
    let extended = built_in(shape).map_or(object, |(type_, _)| type_);
    // SAFETY: the caller gives a tuple or null. What is no type is left to the interpreter to refuse.
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
                    c"the type's data would overlap what a base class has: its shape is another's",
                ));
            }
        }
    }
    Ok(())
}

/// A tuple with the only base that a type should have instead of these. Gives the reference to `bases` up.
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
        // Types with items have a layout of their own.
        itemsize: 1,
        flags: capi::Py_TPFLAGS_BASETYPE as core::ffi::c_uint,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: the spec's tables are valid for ever, or copied; PyPy copies the slots. References are given on or back once.
    unsafe {
        let base = capi::type_from_spec(&mut spec, bases);
        capi::xdecref_cold(bases);
        if base.is_null() {
            return Err(Raised);
        }
        // What derives from it has the items that the built-in type below it has: tuple's, or none.
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
