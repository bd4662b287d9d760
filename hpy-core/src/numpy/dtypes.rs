//! Types of items that Rust has no type for, and numpy's names of all of them.

use crate::buffer::{Element, Kind, sealed};
use core::ffi::CStr;

/// An item of a `datetime64` array: so many of the array's units since 1970, or
/// [`NAT`](Self::NAT). [`ArrayView::unit`](super::ArrayView::unit) says which unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Datetime64(pub i64);

/// An item of a `timedelta64` array: so many of the array's units, or [`NAT`](Self::NAT).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Timedelta64(pub i64);

/// An item of a `float16` array, as its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Float16(pub u16);

impl Datetime64 {
    /// "Not a time".
    pub const NAT: Self = Self(i64::MIN);
}

impl Timedelta64 {
    /// "Not a time".
    pub const NAT: Self = Self(i64::MIN);
}

impl Float16 {
    /// The number, which `f32` has exactly.
    #[must_use]
    pub fn to_f32(self) -> f32 {
        let sign = u32::from(self.0 >> 15) << 31;
        let exponent = u32::from(self.0 >> 10 & 0x1f);
        let fraction = u32::from(self.0 & 0x3ff);
        let magnitude = match exponent {
            // Zero, and numbers that are below the smallest normal one.
            0 => (fraction as f32 / (1 << 24) as f32).to_bits(),
            0x1f => 0xff << 23 | fraction << 13,
            _ => (exponent + 112) << 23 | fraction << 13,
        };
        f32::from_bits(sign | magnitude)
    }
}

macro_rules! elements {
    ($($type:ident $name:literal $format:literal $kind:ident;)*) => {$(
        impl sealed::Sealed for $type {}

        // SAFETY: a number, all of whose bits mean something.
        unsafe impl Element for $type {
            const NAME: &'static str = $name;
            const FORMAT: &'static CStr = $format;
            const KIND: Kind = Kind::$kind;
        }
    )*};
}

elements! {
    Datetime64 "datetime64" c"q" Datetime;
    Timedelta64 "timedelta64" c"q" Timedelta;
    Float16 "float16 ('e')" c"e" Float;
}

/// numpy's name of the type: `float64`.
pub(super) fn name_of<T: Element>() -> String {
    let bits = size_of::<T>() * 8;
    match T::KIND {
        Kind::Signed => format!("int{bits}"),
        Kind::Unsigned => format!("uint{bits}"),
        Kind::Float => format!("float{bits}"),
        Kind::Complex => format!("complex{bits}"),
        Kind::Datetime => "datetime64".to_owned(),
        Kind::Timedelta => "timedelta64".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_read_exactly() {
        for (bits, value) in [
            (0x0000, 0.0),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 2f32.powi(-24)),
            (0x03ff, 1023.0 * 2f32.powi(-24)),
            (0x0400, 2f32.powi(-14)),
            (0x7c00, f32::INFINITY),
            (0xfc00, f32::NEG_INFINITY),
        ] {
            assert_eq!(Float16(bits).to_f32(), value, "{bits:#x}");
        }
        assert!(Float16(0x7e00).to_f32().is_nan());
        assert!(Float16(0x8000).to_f32().is_sign_negative());
    }

    #[test]
    fn types_have_numpys_names() {
        assert_eq!(name_of::<f64>(), "float64");
        assert_eq!(name_of::<u8>(), "uint8");
        assert_eq!(name_of::<Float16>(), "float16");
    }
}
