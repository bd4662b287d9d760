//! A layout of its own for each type with data, where the interpreter gives all the same one: PyPy.
//!
//! A class may derive from two types, or an instance change from one to another, if their layouts are the same. Layouts
//! count as the same on PyPy if nothing but C data was added to the same base. So each type with data gets a base of its
//! own, which stands between it and the bases that were asked for.

use super::registry::{self, TypeInfo};
use crate::capi::{self, PyMethodDef, PyObject, PyType_Slot, PyType_Spec};
use crate::enums::HPyType_BuiltinShape;
use crate::over::methods::{Raised, forever};
use core::ptr::null_mut;

/// A tuple with the only base that a type should have instead of these. Gives the reference to `bases` up.
///
/// # Safety
/// `bases` is a tuple or null.
#[cold]
pub(super) unsafe fn apart(
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
        let base = capi::PyType_FromSpecWithBases(&mut spec, bases);
        capi::give_up(bases);
        if base.is_null() {
            return Err(Raised);
        }
        // There are no items, and what derives from it should have none.
        capi::set_itemsize_of_pypy(base, 1, 0);
        let tuple = capi::PyTuple_New(1);
        if tuple.is_null() || capi::PyTuple_SetItem(tuple, 0, base) < 0 {
            capi::give_up(tuple);
            return Err(Raised);
        }
        Ok(tuple)
    }
}
