//! `int`.

use crate::types::Int;
use crate::{Context, Handle, IntoHandle, Result};

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
