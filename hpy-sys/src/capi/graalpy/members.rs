//! Struct member access, reimplemented because GraalPy's `PyMember_GetOne` and `PyMember_SetOne`
//! abort.
//!
//! Only the side table uses this. It does not replace the functions themselves, so binaries without
//! types do not contain it. A number that does not fit raises an OverflowError here. CPython
//! truncates it with a warning.

use crate::capi::*;
use crate::enums::*;
use core::ffi::{CStr, c_char, c_int, c_long};
use core::ptr::null_mut;

/// What a member's bytes are.
enum MemberKind {
    Signed(usize),
    Unsigned(usize),
    Float,
    Double,
    Bool,
    Char,
    Text,
    TextInPlace,
    Object,
    None,
}

fn kind(member: &PyMemberDef) -> MemberKind {
    match HPyMember_FieldType(member.r#type) {
        HPyMember_SHORT => MemberKind::Signed(2),
        HPyMember_INT => MemberKind::Signed(4),
        HPyMember_LONG => MemberKind::Signed(size_of::<c_long>()),
        HPyMember_BYTE => MemberKind::Signed(1),
        HPyMember_LONGLONG => MemberKind::Signed(8),
        HPyMember_HPYSSIZET => MemberKind::Signed(size_of::<isize>()),
        HPyMember_UBYTE => MemberKind::Unsigned(1),
        HPyMember_USHORT => MemberKind::Unsigned(2),
        HPyMember_UINT => MemberKind::Unsigned(4),
        HPyMember_ULONG => MemberKind::Unsigned(size_of::<c_long>()),
        HPyMember_ULONGLONG => MemberKind::Unsigned(8),
        HPyMember_FLOAT => MemberKind::Float,
        HPyMember_DOUBLE => MemberKind::Double,
        HPyMember_BOOL => MemberKind::Bool,
        HPyMember_CHAR => MemberKind::Char,
        HPyMember_STRING => MemberKind::Text,
        HPyMember_STRING_INPLACE => MemberKind::TextInPlace,
        HPyMember_OBJECT | HPyMember_OBJECT_EX => MemberKind::Object,
        _ => MemberKind::None,
    }
}

/// The number of bits of a word that a number of this size does not use.
fn unused(size: usize) -> u32 {
    64 - 8 * size as u32
}

/// A number's bytes at the upper end of a word.
unsafe fn read(at: *const u8, size: usize) -> u64 {
    let mut bytes = [0; 8];
    // SAFETY: the caller's member has this size, which is at most that of a word.
    unsafe { core::ptr::copy_nonoverlapping(at, bytes.as_mut_ptr(), size) };
    u64::from_le_bytes(bytes) << unused(size)
}

unsafe fn write(at: *mut u8, number: u64, size: usize) {
    // SAFETY: as for `read`.
    unsafe { core::ptr::copy_nonoverlapping(number.to_le_bytes().as_ptr(), at, size) }
}

/// CPython's `PyMember_GetOne`.
pub(crate) unsafe fn get_one(o: *const c_char, member: *mut PyMemberDef) -> *mut PyObject {
    // SAFETY: the caller's member is at this address and has this kind.
    unsafe {
        let at = o.wrapping_byte_offset((*member).offset).cast::<u8>();
        match kind(&*member) {
            MemberKind::Signed(size) => {
                PyLong_FromLongLong(read(at, size).cast_signed() >> unused(size))
            }
            MemberKind::Unsigned(size) => {
                PyLong_FromUnsignedLongLong(read(at, size) >> unused(size))
            }
            MemberKind::Float => PyFloat_FromDouble(at.cast::<f32>().read_unaligned().into()),
            MemberKind::Double => PyFloat_FromDouble(at.cast::<f64>().read_unaligned()),
            MemberKind::Bool if *at == 0 => new_ref(_Py_FalseStruct()),
            MemberKind::Bool => new_ref(_Py_TrueStruct()),
            MemberKind::Char => PyUnicode_FromStringAndSize(at.cast(), 1),
            MemberKind::TextInPlace => PyUnicode_FromString(at.cast()),
            MemberKind::Text => match at.cast::<*const c_char>().read_unaligned() {
                text if text.is_null() => new_ref(_Py_NoneStruct()),
                text => PyUnicode_FromString(text),
            },
            MemberKind::Object => match at.cast::<*mut PyObject>().read_unaligned() {
                o if !o.is_null() => new_ref(o),
                _ if (*member).r#type == HPyMember_OBJECT.0 => new_ref(_Py_NoneStruct()),
                _ => {
                    PyErr_SetString(PyExc_AttributeError(), (*member).name);
                    null_mut()
                }
            },
            MemberKind::None => new_ref(_Py_NoneStruct()),
        }
    }
}

/// CPython's `PyMember_SetOne`.
pub(crate) unsafe fn set_one(
    o: *mut c_char,
    member: *mut PyMemberDef,
    value: *mut PyObject,
) -> c_int {
    const READONLY: c_int = 1;
    // SAFETY: the caller's member is at this address and has this kind. The value is alive or null.
    unsafe {
        let at = o.wrapping_byte_offset((*member).offset).cast::<u8>();
        if (*member).flags & READONLY != 0 {
            return refuse(PyExc_AttributeError(), c"readonly attribute");
        }
        let kind = kind(&*member);
        if let MemberKind::Object = kind {
            let place = at.cast::<*mut PyObject>();
            let old = place.read_unaligned();
            if value.is_null() && old.is_null() && (*member).r#type != HPyMember_OBJECT.0 {
                PyErr_SetString(PyExc_AttributeError(), (*member).name);
                return -1;
            }
            place.write_unaligned(xnew_ref(value));
            xdecref(old);
            return 0;
        }
        if value.is_null() {
            return refuse(PyExc_TypeError(), c"can't delete numeric/char attribute");
        }
        match kind {
            MemberKind::Signed(size) => {
                let number = PyLong_AsLongLong(value);
                if number == -1 && !PyErr_Occurred().is_null() {
                    return -1;
                }
                let unused = unused(size);
                if number << unused >> unused != number {
                    return refuse(PyExc_OverflowError(), TOO_LARGE);
                }
                write(at, number.cast_unsigned(), size);
            }
            MemberKind::Unsigned(size) => {
                let number = PyLong_AsUnsignedLongLong(value);
                if number == u64::MAX && !PyErr_Occurred().is_null() {
                    return -1;
                }
                let unused = unused(size);
                if number << unused >> unused != number {
                    return refuse(PyExc_OverflowError(), TOO_LARGE);
                }
                write(at, number, size);
            }
            MemberKind::Float | MemberKind::Double => {
                let number = PyFloat_AsDouble(value);
                if number == -1.0 && !PyErr_Occurred().is_null() {
                    return -1;
                }
                if let MemberKind::Float = kind {
                    at.cast::<f32>().write_unaligned(number as f32);
                } else {
                    at.cast::<f64>().write_unaligned(number);
                }
            }
            MemberKind::Bool => {
                let is_true = is_same(value, _Py_TrueStruct());
                if !is_true && !is_same(value, _Py_FalseStruct()) {
                    return refuse(PyExc_TypeError(), c"attribute value type must be bool");
                }
                *at = is_true.into();
            }
            MemberKind::Char => {
                let mut size = 0;
                let text = PyUnicode_AsUTF8AndSize(value, &mut size);
                if text.is_null() {
                    return -1;
                }
                if size != 1 {
                    return refuse(PyExc_TypeError(), c"one character of ASCII expected");
                }
                *at = *text.cast();
            }
            _ => return refuse(PyExc_TypeError(), c"readonly attribute"),
        }
        0
    }
}

const TOO_LARGE: &CStr = c"the number does not fit the attribute";

#[cold]
unsafe fn refuse(error: *mut PyObject, message: &CStr) -> c_int {
    // SAFETY: the thread is attached.
    unsafe { PyErr_SetString(error, message.as_ptr()) };
    -1
}
