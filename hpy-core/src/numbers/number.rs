//! `Number`: which of Rust's types lists of numbers are read into and written from.

use crate::{FromHandle, IntoHandle};
use hpy_sys::capi::{self, PyObject};
use sealed::Sealed;

/// Rust's numbers that Python's lists and tuples of numbers are read into and written from:
/// integers of up to 64 bits, `f32` and `f64`.
pub trait Number:
    for<'a, 'ctx> FromHandle<'a, 'ctx> + for<'ctx> IntoHandle<'ctx> + Copy + 'static + Sealed
{
    /// What several are passed as through Python's own functions.
    #[doc(hidden)]
    type Packed: Packed;

    /// The value of an object, if that can be seen without a call.
    ///
    /// # Safety
    /// The object is one, and the thread is attached.
    #[doc(hidden)]
    unsafe fn seen(object: *mut PyObject) -> Option<Self>;

    /// A new object, or null with an exception.
    ///
    /// # Safety
    /// The thread is attached.
    #[doc(hidden)]
    unsafe fn made(self) -> *mut PyObject;

    /// The value of Python's form, if that is a float.
    #[doc(hidden)]
    #[inline(always)]
    fn as_float(self) -> Option<f64> {
        None
    }

    #[doc(hidden)]
    fn packed(self) -> Option<Self::Packed>;

    #[doc(hidden)]
    fn unpacked(value: Self::Packed) -> Option<Self>;
}

/// A C type of Python's modules `array` and `struct`.
#[doc(hidden)]
pub trait Packed: Copy {
    /// Its letter for `array`.
    const IN_ARRAY: &'static str;
    /// Its letter for `struct`.
    const IN_STRUCT: &'static str;
    /// Whether it is `f64`, else `i64`.
    #[cfg_attr(not(feature = "universal"), allow(dead_code))]
    const IS_FLOAT: bool;
    /// From memory.
    fn of_bytes(bytes: [u8; 8]) -> Self;
    /// As it stands in memory.
    fn to_bytes(self) -> [u8; 8];
}

impl Packed for i64 {
    // Of C's types with 64 bits PyPy's lists know `long` best.
    const IN_ARRAY: &'static str = if size_of::<core::ffi::c_long>() == 8 {
        "l"
    } else {
        "q"
    };
    const IN_STRUCT: &'static str = "q";
    const IS_FLOAT: bool = false;

    fn of_bytes(bytes: [u8; 8]) -> Self {
        Self::from_ne_bytes(bytes)
    }

    fn to_bytes(self) -> [u8; 8] {
        self.to_ne_bytes()
    }
}

impl Packed for f64 {
    const IN_ARRAY: &'static str = "d";
    const IN_STRUCT: &'static str = "d";
    const IS_FLOAT: bool = true;

    fn of_bytes(bytes: [u8; 8]) -> Self {
        Self::from_ne_bytes(bytes)
    }

    fn to_bytes(self) -> [u8; 8] {
        self.to_ne_bytes()
    }
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! integers {
    ($($int:ident $make:ident as $wide:ty;)*) => {$(
        impl sealed::Sealed for $int {}

        impl Number for $int {
            type Packed = i64;

            #[inline(always)]
            unsafe fn seen(object: *mut PyObject) -> Option<Self> {
                // SAFETY: as promised by the caller.
                unsafe { capi::medium_int(object) }.and_then(|value| value.try_into().ok())
            }

            #[inline(always)]
            unsafe fn made(self) -> *mut PyObject {
                // SAFETY: as promised by the caller.
                unsafe { capi::$make(self as $wide) }
            }

            #[inline(always)]
            fn packed(self) -> Option<i64> {
                self.try_into().ok()
            }

            #[inline(always)]
            fn unpacked(value: i64) -> Option<Self> {
                value.try_into().ok()
            }
        }
    )*};
}

integers! {
    i8 PyLong_FromLongLong as i64;
    i16 PyLong_FromLongLong as i64;
    i32 PyLong_FromLongLong as i64;
    i64 PyLong_FromLongLong as i64;
    isize PyLong_FromLongLong as i64;
    u8 PyLong_FromLongLong as i64;
    u16 PyLong_FromLongLong as i64;
    u32 PyLong_FromLongLong as i64;
    u64 PyLong_FromUnsignedLongLong as u64;
    usize PyLong_FromUnsignedLongLong as u64;
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl sealed::Sealed for $float {}

        impl Number for $float {
            type Packed = f64;

            #[inline(always)]
            unsafe fn seen(object: *mut PyObject) -> Option<Self> {
                // SAFETY: as promised by the caller.
                let value = match unsafe { capi::exact_float(object) } {
                    Some(value) => value,
                    // A subclass of int may have a `__float__` of its own.
                    // SAFETY: likewise.
                    None if unsafe { capi::is_exact_int(object) } => {
                        // SAFETY: likewise.
                        unsafe { capi::medium_int(object) }? as f64
                    }
                    None => return None,
                };
                Some(value as $float)
            }

            #[inline(always)]
            unsafe fn made(self) -> *mut PyObject {
                // SAFETY: as promised by the caller.
                unsafe { capi::PyFloat_FromDouble(self.into()) }
            }

            #[inline(always)]
            fn as_float(self) -> Option<f64> {
                Some(self.into())
            }

            #[inline(always)]
            fn packed(self) -> Option<f64> {
                Some(self.into())
            }

            #[inline(always)]
            fn unpacked(value: f64) -> Option<Self> {
                Some(value as $float)
            }
        }
    )*};
}

floats! { f32 f64 }
