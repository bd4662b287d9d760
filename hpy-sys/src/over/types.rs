//! Types.

use super::methods::raise;
use crate::capi::{self, PyObject, visitproc};
use crate::definitions::*;
use crate::enums::*;
use crate::handles::*;
use core::ffi::{c_char, c_int, c_void};

pub(super) unsafe fn HPyType_FromSpec(
    spec: *mut HPyType_Spec,
    params: *mut HPyType_SpecParam,
) -> *mut PyObject {
    let _ = (spec, params);
    raise(capi::PyExc_NotImplementedError(), c"HPyType_FromSpec");
    core::ptr::null_mut()
}
macro_rules! as_struct {
    ($($n:ident)*) => {$(
pub(super) unsafe fn $n(o: *mut PyObject) -> *mut c_void {
    unsafe { o.byte_add(16).cast() }
})*};
}
as_struct!(_HPy_AsStruct_Object _HPy_AsStruct_Type _HPy_AsStruct_Long _HPy_AsStruct_Float _HPy_AsStruct_Unicode _HPy_AsStruct_Tuple _HPy_AsStruct_List _HPy_AsStruct_Dict _HPy_AsStruct_Legacy);
pub(super) unsafe fn HPy_New(type_: *mut PyObject, data: *mut *mut c_void) -> *mut PyObject {
    let _ = (type_, data);
    core::ptr::null_mut()
}
pub(super) unsafe fn HPyType_GenericNew(
    type_: *mut PyObject,
    _args: *const *mut PyObject,
    _n: isize,
    _kw: *mut PyObject,
) -> *mut PyObject {
    unsafe { capi::allocate(type_) }
}
pub(super) unsafe fn _HPyType_GetBuiltinShape(_type_: *mut PyObject) -> HPyType_BuiltinShape {
    HPyType_BuiltinShape_Legacy
}
pub(super) unsafe fn HPyType_GetName(type_: *mut PyObject) -> *const c_char {
    unsafe { capi::type_full_name(type_) }
}
pub(super) unsafe fn HPy_SetCallFunction(_o: *mut PyObject, _f: *mut HPyCallFunction) -> c_int {
    -1
}
pub(super) unsafe fn traverse(
    _o: *mut PyObject,
    _function: HPyFunc_traverseproc,
    _visit: visitproc,
    _arg: *mut c_void,
) -> c_int {
    let _ = HPyField::NULL;
    0
}
