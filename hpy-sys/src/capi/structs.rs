//! The structs of CPython's C API that an extension fills in. They are the same in all versions.

use core::ffi::{c_char, c_int, c_uint, c_void};

/// An object of the interpreter.
pub type PyObject = crate::handles::cpy_PyObject;

/// A function of any type, as stored in CPython's structs.
pub type AnyFunction = crate::handles::HPyCFunction;

/// CPython's `PyMethodDef`.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct PyMethodDef {
    pub ml_name: *const c_char,
    pub ml_meth: AnyFunction,
    pub ml_flags: c_int,
    pub ml_doc: *const c_char,
}

/// CPython's `PyMemberDef`.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct PyMemberDef {
    pub name: *const c_char,
    pub r#type: c_int,
    pub offset: isize,
    pub flags: c_int,
    pub doc: *const c_char,
}

/// CPython's `PyGetSetDef`.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct PyGetSetDef {
    pub name: *const c_char,
    pub get: AnyFunction,
    pub set: AnyFunction,
    pub doc: *const c_char,
    pub closure: *mut c_void,
}

/// CPython's `PyType_Slot`, and `PyModuleDef_Slot`, which looks the same.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(missing_docs)]
pub struct PyType_Slot {
    pub slot: c_int,
    pub pfunc: *mut c_void,
}

/// CPython's `PyType_Spec`.
#[repr(C)]
#[allow(missing_docs)]
pub struct PyType_Spec {
    pub name: *const c_char,
    pub basicsize: c_int,
    pub itemsize: c_int,
    pub flags: c_uint,
    pub slots: *mut PyType_Slot,
}

/// What follows the object header and three words in CPython's `PyModuleDef`.
#[repr(C)]
#[allow(missing_docs)]
pub struct PyModuleDefBody {
    pub m_name: *const c_char,
    pub m_doc: *const c_char,
    pub m_size: isize,
    pub m_methods: *mut PyMethodDef,
    pub m_slots: *mut PyType_Slot,
    pub m_traverse: AnyFunction,
    pub m_clear: AnyFunction,
    pub m_free: AnyFunction,
}

/// CPython's `Py_buffer`.
#[repr(C)]
#[allow(missing_docs)]
pub struct Py_buffer {
    pub buf: *mut c_void,
    pub obj: *mut PyObject,
    pub len: isize,
    pub itemsize: isize,
    pub readonly: c_int,
    pub ndim: c_int,
    pub format: *mut c_char,
    pub shape: *mut isize,
    pub strides: *mut isize,
    pub suboffsets: *mut isize,
    pub internal: *mut c_void,
}

/// What CPython's `tp_traverse` calls for each object.
pub type visitproc = unsafe extern "C" fn(*mut PyObject, *mut c_void) -> c_int;
/// The type of functions that the vectorcall protocol calls.
pub type vectorcallfunc = unsafe extern "C" fn(
    *mut PyObject,
    *const *mut PyObject,
    usize,
    *mut PyObject,
) -> *mut PyObject;
/// The type of a capsule's destructor.
pub type PyCapsule_Destructor = Option<unsafe extern "C" fn(*mut PyObject)>;

/// `ml_flags` of the calling conventions.
pub const METH_KEYWORDS: c_int = 0x0002;
/// `ml_flags`: no arguments.
pub const METH_NOARGS: c_int = 0x0004;
/// `ml_flags`: one argument.
pub const METH_O: c_int = 0x0008;
/// The method is given the class.
pub const METH_CLASS: c_int = 0x0010;
/// `ml_flags`: an array of arguments.
pub const METH_FASTCALL: c_int = 0x0080;

/// The flag in the number of arguments that lets the callee use the word before them.
pub const PY_VECTORCALL_ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// Slots of `PyModuleDef`.
pub const Py_mod_create: c_int = 1;
/// Slots of `PyModuleDef`.
pub const Py_mod_exec: c_int = 2;
/// Slots of `PyModuleDef`, from 3.12 on.
pub const Py_mod_multiple_interpreters: c_int = 3;
/// Slots of `PyModuleDef`, from 3.13 on.
pub const Py_mod_gil: c_int = 4;

/// Slots of types.
pub const Py_nb_bool: c_int = 9;
/// Slots of types that HPy has no number for.
pub const Py_tp_alloc: c_int = 47;
/// Slots of types that HPy has no number for.
pub const Py_tp_base: c_int = 48;
/// Slots of types that HPy has no number for.
pub const Py_tp_call: c_int = 50;
/// Slots of types that HPy has no number for.
pub const Py_tp_clear: c_int = 51;
/// Slots of types that HPy has no number for.
pub const Py_tp_dealloc: c_int = 52;
/// Slots of types that HPy has no number for.
pub const Py_tp_doc: c_int = 56;
/// Slots of types.
pub const Py_tp_init: c_int = 60;
/// Slots of types that HPy has no number for.
pub const Py_tp_iternext: c_int = 63;
/// Slots of types that HPy has no number for.
pub const Py_tp_methods: c_int = 64;
/// Slots of types.
pub const Py_tp_new: c_int = 65;
/// Slots of types.
pub const Py_tp_traverse: c_int = 71;
/// Slots of types that HPy has no number for.
pub const Py_tp_members: c_int = 72;
/// Slots of types that HPy has no number for.
pub const Py_tp_getset: c_int = 73;
/// Slots of types that HPy has no number for.
pub const Py_tp_free: c_int = 74;
/// Slots of types.
pub const Py_tp_finalize: c_int = 80;

/// An entered critical section, in the list of its thread.
#[repr(C)]
#[derive(Debug)]
pub struct PyCriticalSection {
    _cs_prev: usize,
    _cs_mutex: *mut c_void,
}

impl PyCriticalSection {
    /// One that has not been entered.
    pub const EMPTY: Self = Self {
        _cs_prev: 0,
        _cs_mutex: core::ptr::null_mut(),
    };
}

/// An entered critical section of two objects.
#[repr(C)]
#[derive(Debug)]
pub struct PyCriticalSection2 {
    _cs_base: PyCriticalSection,
    _cs_mutex2: *mut c_void,
}

impl PyCriticalSection2 {
    /// One that has not been entered.
    pub const EMPTY: Self = Self {
        _cs_base: PyCriticalSection::EMPTY,
        _cs_mutex2: core::ptr::null_mut(),
    };
}
