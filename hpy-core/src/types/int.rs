//! `int`.

use crate::exceptions::OverflowError;
use crate::types::Int;
use crate::{Context, Error, Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// An int, from any of Rust's integers.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn int<I: Integer + IntoHandle<'ctx>>(self, value: I) -> Result<Handle<'ctx, Int>> {
        let object = value.into_handle(self)?;
        // SAFETY: integers become ints.
        Ok(unsafe { object.cast_into_unchecked() })
    }
}

/// The value, for which [`extract`](Handle::extract) is the usual way: `int.extract::<i64>()`.
impl Handle<'_, Int> {
    /// The value. HPy's `HPyLong_AsInt32_t`.
    ///
    /// # Errors
    /// OverflowError if it does not fit.
    #[inline]
    pub fn to_i32(&self) -> Result<i32> {
        // SAFETY: the handle is an open int.
        let value = unsafe { HPyLong_AsInt32_t(self.ctx().as_ptr(), self.as_raw()) };
        let value = self.unless_raised(value, value == -1)?;
        self.unless_cut(value)
    }

    /// The value. HPy's `HPyLong_AsUInt32_t`.
    ///
    /// # Errors
    /// OverflowError if it does not fit.
    #[inline]
    pub fn to_u32(&self) -> Result<u32> {
        // SAFETY: the handle is an open int.
        let value = unsafe { HPyLong_AsUInt32_t(self.ctx().as_ptr(), self.as_raw()) };
        let value = self.unless_raised(value, value == u32::MAX)?;
        self.unless_cut(value)
    }

    /// The value. HPy's `HPyLong_AsSsize_t`.
    ///
    /// # Errors
    /// OverflowError if it does not fit.
    #[inline]
    pub fn to_isize(&self) -> Result<isize> {
        // SAFETY: the handle is an open int.
        let value = unsafe { HPyLong_AsSsize_t(self.ctx().as_ptr(), self.as_raw()) };
        self.unless_raised(value, value == -1)
    }

    /// The lowest 32 bits of the value's two's complement: -1 gives `u32::MAX`. HPy's
    /// `HPyLong_AsUInt32_tMask`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn to_u32_wrapping(&self) -> Result<u32> {
        // SAFETY: the handle is an open int.
        let value = unsafe { HPyLong_AsUInt32_tMask(self.ctx().as_ptr(), self.as_raw()) };
        self.unless_raised(value, value == u32::MAX)
    }

    /// The lowest 64 bits of the value's two's complement. HPy's `HPyLong_AsUInt64_tMask`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn to_u64_wrapping(&self) -> Result<u64> {
        // SAFETY: the handle is an open int.
        let value = unsafe { HPyLong_AsUInt64_tMask(self.ctx().as_ptr(), self.as_raw()) };
        self.unless_raised(value, value == u64::MAX)
    }

    /// The float next to the value. HPy's `HPyLong_AsDouble`.
    ///
    /// # Errors
    /// OverflowError for a value beyond all floats.
    #[inline]
    pub fn to_f64(&self) -> Result<f64> {
        // SAFETY: the handle is an open int.
        let value = unsafe { HPyLong_AsDouble(self.ctx().as_ptr(), self.as_raw()) };
        self.unless_raised(value, value == -1.0)
    }

    /// The address that the value is, as `ctypes` has them. To do anything with it is unsafe. HPy's
    /// `HPyLong_AsVoidPtr`.
    ///
    /// # Errors
    /// OverflowError if it does not fit.
    #[inline]
    pub fn to_address(&self) -> Result<*mut core::ffi::c_void> {
        // SAFETY: the handle is an open int.
        let value = unsafe { HPyLong_AsVoidPtr(self.ctx().as_ptr(), self.as_raw()) };
        self.unless_raised(value, value.is_null())
    }

    /// The value, unless the runtime has cut it to its lowest 32 bits: PyPy's own HPy does.
    fn unless_cut<V: Copy + Into<i64>>(&self, value: V) -> Result<V> {
        if self.ctx().raw.is_direct() || self.extract::<i64>()? == value.into() {
            Ok(value)
        } else {
            Err(OverflowError::new(
                "Python int too large to convert to 32 bits",
            ))
        }
    }

    /// The value, unless it stands for an exception, which it may do where `suspicious`.
    fn unless_raised<V>(&self, value: V, suspicious: bool) -> Result<V> {
        match suspicious.then(|| Error::take(self.ctx())).flatten() {
            Some(error) => Err(error),
            None => Ok(value),
        }
    }
}

/// Rust's integer types.
pub trait Integer: sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! integers {
    ($($int:ident)*) => {
        $(
            impl sealed::Sealed for $int {}
            impl Integer for $int {}
        )*
    };
}

integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }
