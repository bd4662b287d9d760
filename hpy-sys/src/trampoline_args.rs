//! What trampolines pass to `_HPy_CallRealFunctionFromTrampoline`: one struct per signature, with
//! CPython's arguments and a field for the result.

use crate::enums::HPy_RichCmpOp;
use crate::handles::*;
use core::ffi::{c_int, c_void};

/// The arguments and the result of a call of a NOARGS method.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_NOARGS {
    pub self_: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of a call of an O method.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_O {
    pub self_: *mut cpy_PyObject,
    pub arg: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of a call of a VARARGS method.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_VARARGS {
    pub self_: *mut cpy_PyObject,
    pub args: *const *mut cpy_PyObject,
    pub nargs: HPy_ssize_t,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of a call of a KEYWORDS method.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_KEYWORDS {
    pub self_: *mut cpy_PyObject,
    pub args: *const *mut cpy_PyObject,
    pub nargsf: usize,
    pub kwnames: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of `__init__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_INITPROC {
    pub self_: *mut cpy_PyObject,
    pub args: *mut cpy_PyObject,
    pub kw: *mut cpy_PyObject,
    pub result: c_int,
}

/// The arguments and the result of `__new__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_NEWFUNC {
    pub self_: *mut cpy_PyObject,
    pub args: *mut cpy_PyObject,
    pub kw: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of a unary operator.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_UNARYFUNC {
    pub arg0: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of `__repr__` and `__str__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_REPRFUNC {
    pub arg0: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of `__iter__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_GETITERFUNC {
    pub arg0: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of `__next__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_ITERNEXTFUNC {
    pub arg0: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of a binary operator.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_BINARYFUNC {
    pub arg0: *mut cpy_PyObject,
    pub arg1: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of a ternary operator.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_TERNARYFUNC {
    pub arg0: *mut cpy_PyObject,
    pub arg1: *mut cpy_PyObject,
    pub arg2: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of `__get__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_DESCRGETFUNC {
    pub arg0: *mut cpy_PyObject,
    pub arg1: *mut cpy_PyObject,
    pub arg2: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of `__bool__` and `mod_exec`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_INQUIRY {
    pub arg0: *mut cpy_PyObject,
    pub result: c_int,
}

/// The arguments and the result of `__len__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_LENFUNC {
    pub arg0: *mut cpy_PyObject,
    pub result: HPy_ssize_t,
}

/// The arguments and the result of `__hash__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_HASHFUNC {
    pub arg0: *mut cpy_PyObject,
    pub result: HPy_hash_t,
}

/// The arguments and the result of an item by index.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_SSIZEARGFUNC {
    pub arg0: *mut cpy_PyObject,
    pub arg1: HPy_ssize_t,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of an assignment by index.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_SSIZEOBJARGPROC {
    pub arg0: *mut cpy_PyObject,
    pub arg1: HPy_ssize_t,
    pub arg2: *mut cpy_PyObject,
    pub result: c_int,
}

/// The arguments and the result of an assignment by key.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_OBJOBJARGPROC {
    pub arg0: *mut cpy_PyObject,
    pub arg1: *mut cpy_PyObject,
    pub arg2: *mut cpy_PyObject,
    pub result: c_int,
}

/// The arguments and the result of `__contains__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_OBJOBJPROC {
    pub arg0: *mut cpy_PyObject,
    pub arg1: *mut cpy_PyObject,
    pub result: c_int,
}

/// The arguments and the result of a rich comparison.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_RICHCMPFUNC {
    pub arg0: *mut cpy_PyObject,
    pub arg1: *mut cpy_PyObject,
    pub arg2: HPy_RichCmpOp,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of a getter.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_GETTER {
    pub self_: *mut cpy_PyObject,
    pub closure: *mut c_void,
    pub result: *mut cpy_PyObject,
}

/// The arguments and the result of a setter.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_SETTER {
    pub self_: *mut cpy_PyObject,
    pub value: *mut cpy_PyObject,
    pub closure: *mut c_void,
    pub result: c_int,
}

/// The arguments and the result of `__del__`.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_DESTRUCTOR {
    pub arg0: *mut cpy_PyObject,
}

/// The arguments and the result of a request for a buffer.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_GETBUFFERPROC {
    pub self_: *mut cpy_PyObject,
    pub view: *mut c_void,
    pub flags: c_int,
    pub result: c_int,
}

/// The arguments and the result of the end of a buffer.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_RELEASEBUFFERPROC {
    pub self_: *mut cpy_PyObject,
    pub view: *mut c_void,
}

/// The arguments and the result of a traversal by the collector.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_TRAVERSEPROC {
    pub self_: *mut cpy_PyObject,
    pub visit: HPyCFunction,
    pub arg: *mut c_void,
    pub result: c_int,
}

/// The arguments and the result of the creation of a module.
#[repr(C)]
#[allow(missing_docs)]
pub struct _HPyFunc_args_MOD_CREATE {
    pub spec: *mut cpy_PyObject,
    pub result: *mut cpy_PyObject,
}
