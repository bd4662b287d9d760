//! Converts between HPy's types and C's. A handle is an object's address; all else is unchanged.

use crate::capi::PyObject;
use crate::definitions::*;
use crate::enums::*;
use crate::handles::*;
use core::ffi::{c_char, c_void};

/// A type in HPy's signatures and its counterpart in the C API.
pub(super) trait CConversion {
    /// The type in the C API.
    type C;
    fn into_c(self) -> Self::C;
    fn from_c(value: Self::C) -> Self;
}

impl CConversion for HPy {
    type C = *mut PyObject;
    #[inline(always)]
    fn into_c(self) -> *mut PyObject {
        self._i as *mut PyObject
    }
    #[inline(always)]
    fn from_c(value: *mut PyObject) -> Self {
        HPy { _i: value as isize }
    }
}

// A handle has the size and alignment of an address, so an array of handles is an array of
// addresses.
impl CConversion for *const HPy {
    type C = *const *mut PyObject;
    #[inline(always)]
    fn into_c(self) -> *const *mut PyObject {
        self.cast()
    }
    #[inline(always)]
    fn from_c(value: *const *mut PyObject) -> Self {
        value.cast()
    }
}

impl CConversion for *mut HPy {
    type C = *mut *mut PyObject;
    #[inline(always)]
    fn into_c(self) -> *mut *mut PyObject {
        self.cast()
    }
    #[inline(always)]
    fn from_c(value: *mut *mut PyObject) -> Self {
        value.cast()
    }
}

macro_rules! unchanged {
    ($($ty:ty)*) => {
        $(impl CConversion for $ty {
            type C = $ty;
            #[inline(always)]
            fn into_c(self) -> $ty {
                self
            }
            #[inline(always)]
            fn from_c(value: $ty) -> $ty {
                value
            }
        })*
    };
}

unchanged! {
    () bool i32 u32 i64 u64 isize usize f64
    *const c_char *mut c_void *mut *mut c_void *const wchar_t *mut isize *mut PyObject
    *mut HPyField *mut HPyGlobal HPyField HPyGlobal
    HPyTracker HPyListBuilder HPyTupleBuilder HPyThreadState
    HPyType_BuiltinShape HPy_SourceKind _HPyCapsule_key
    *mut HPyType_Spec *mut HPyType_SpecParam *mut HPyCallFunction *mut HPyCapsule_Destructor
}
