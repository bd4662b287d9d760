//! Integers of C's types, whose width the platform chooses.

use crate::*;
use core::ffi::{c_long, c_longlong, c_ulong, c_ulonglong};

/// Whether C's `long` has 32 bits.
const NARROW: bool = size_of::<c_long>() == 4;

macro_rules! from_c {
    ($($name:ident $ty:ty = $narrow:ident as $narrow_ty:ty, $wide:ident as $wide_ty:ty;)*) => {$(
        #[doc = concat!("HPy's `", stringify!($name), "`: an int, or null with an exception.")]
        ///
        /// # Safety
        /// `ctx` is valid.
        #[inline]
        pub unsafe fn $name(ctx: *mut HPyContext, value: $ty) -> HPy {
            // SAFETY: as promised by the caller.
            unsafe {
                if size_of::<$ty>() == size_of::<$narrow_ty>() {
                    $narrow(ctx, value as $narrow_ty)
                } else {
                    $wide(ctx, value as $wide_ty)
                }
            }
        }
    )*};
}

from_c! {
    HPyLong_FromLong c_long = HPyLong_FromInt32_t as i32, HPyLong_FromInt64_t as i64;
    HPyLong_FromUnsignedLong c_ulong = HPyLong_FromUInt32_t as u32, HPyLong_FromUInt64_t as u64;
    HPyLong_FromLongLong c_longlong = HPyLong_FromInt32_t as i32, HPyLong_FromInt64_t as i64;
    HPyLong_FromUnsignedLongLong c_ulonglong =
        HPyLong_FromUInt32_t as u32, HPyLong_FromUInt64_t as u64;
}

macro_rules! into_c {
    ($($name:ident $ty:ty = $narrow:ident $wide:ident, $failed:literal;)*) => {$(
        #[doc = concat!("HPy's `", stringify!($name), "`: the value, or ", $failed)]
        /// with an exception.
        ///
        /// # Safety
        /// `ctx` and the handle are valid.
        #[inline]
        pub unsafe fn $name(ctx: *mut HPyContext, h: HPy) -> $ty {
            // SAFETY: as promised by the caller.
            unsafe {
                if NARROW && size_of::<$ty>() == 4 {
                    $narrow(ctx, h) as $ty
                } else {
                    $wide(ctx, h) as $ty
                }
            }
        }
    )*};
}

into_c! {
    HPyLong_AsLong c_long = HPyLong_AsInt32_t HPyLong_AsInt64_t, "-1";
    HPyLong_AsUnsignedLong c_ulong = HPyLong_AsUInt32_t HPyLong_AsUInt64_t, "the greatest value";
    HPyLong_AsUnsignedLongMask c_ulong =
        HPyLong_AsUInt32_tMask HPyLong_AsUInt64_tMask, "the greatest value";
    HPyLong_AsLongLong c_longlong = HPyLong_AsInt32_t HPyLong_AsInt64_t, "-1";
    HPyLong_AsUnsignedLongLong c_ulonglong =
        HPyLong_AsUInt32_t HPyLong_AsUInt64_t, "the greatest value";
    HPyLong_AsUnsignedLongLongMask c_ulonglong =
        HPyLong_AsUInt32_tMask HPyLong_AsUInt64_tMask, "the greatest value";
}
