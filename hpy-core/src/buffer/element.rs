//! `Element`: Rust's types that items of buffers are read as, and whether a buffer's format says
//! the same.

/// A number that buffers have items of: integers of up to 64 bits, `f32` and `f64`, and complex
/// numbers with the feature `num-complex`.
///
/// # Safety
/// Every pattern of bits is a value, the size is that of the format's C type, 8 bytes at most;
/// 16 for two numbers of 8 bytes, which are aligned as one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of a buffer's items",
    note = "there are the integers of up to 64 bits, `f32` and `f64`; read a buffer of bool as `u8`"
)]
pub unsafe trait Element: Copy + Send + Sync + 'static + sealed::Sealed {
    /// What the numbers are, and in the notation of Python's `struct`: "f64 ('d')".
    #[doc(hidden)]
    const NAME: &'static str;
    #[doc(hidden)]
    const FORMAT: &'static core::ffi::CStr;
    #[doc(hidden)]
    const KIND: Kind;
}

/// What the bytes of an item mean.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Signed,
    Unsigned,
    Float,
    Complex,
    /// Of numpy alone: no buffer has a format for it.
    Datetime,
    Timedelta,
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

macro_rules! elements {
    ($($type:ident $name:literal $format:literal $kind:ident;)*) => {$(
        impl sealed::Sealed for $type {}

        // SAFETY: a number of the kind, all of whose bits mean something.
        unsafe impl Element for $type {
            const NAME: &'static str = $name;
            const FORMAT: &'static core::ffi::CStr = $format;
            const KIND: Kind = Kind::$kind;
        }
    )*};
}

elements! {
    i8 "i8 ('b')" c"b" Signed;
    i16 "i16 ('h')" c"h" Signed;
    i32 "i32 ('i')" c"i" Signed;
    i64 "i64 ('q')" c"q" Signed;
    isize "isize ('n')" c"n" Signed;
    u8 "u8 ('B')" c"B" Unsigned;
    u16 "u16 ('H')" c"H" Unsigned;
    u32 "u32 ('I')" c"I" Unsigned;
    u64 "u64 ('Q')" c"Q" Unsigned;
    usize "usize ('N')" c"N" Unsigned;
    f32 "f32 ('f')" c"f" Float;
    f64 "f64 ('d')" c"d" Float;
}

#[cfg(feature = "num-complex")]
elements! {
    Complex32 "Complex<f32> ('Zf')" c"Zf" Complex;
    Complex64 "Complex<f64> ('Zd')" c"Zd" Complex;
}
#[cfg(feature = "num-complex")]
type Complex32 = num_complex::Complex<f32>;
#[cfg(feature = "num-complex")]
type Complex64 = num_complex::Complex<f64>;

/// Whether items of the format can be read as `T`s: numbers of that kind, size and byte order. A
/// bool is read as `u8`.
pub(super) fn is_format_of<T: Element>(format: &str, itemsize: usize) -> bool {
    let (order, rest) = match format.as_bytes() {
        [order @ (b'@' | b'=' | b'<' | b'>' | b'!'), rest @ ..] => (*order, rest),
        rest => (b'@', rest),
    };
    let native = order == b'@';
    let right_order = match order {
        b'@' | b'=' => true,
        b'<' => cfg!(target_endian = "little"),
        b'>' | b'!' => cfg!(target_endian = "big"),
        _ => return false,
    };
    let kind = match rest {
        [b'b' | b'h' | b'i' | b'l' | b'q'] => Kind::Signed,
        [b'n'] if native => Kind::Signed,
        [b'c' | b'?' | b'B' | b'H' | b'I' | b'L' | b'Q'] => Kind::Unsigned,
        [b'N'] if native => Kind::Unsigned,
        [b'e' | b'f' | b'd'] => Kind::Float,
        [b'Z', b'f' | b'd'] => Kind::Complex,
        _ => return false,
    };
    // The size says what C's types have on this platform. A byte has no order.
    kind == T::KIND && itemsize == size_of::<T>() && (right_order || itemsize == 1)
}

/// Whether items of the format have values that are not all those of their Rust type, so that they
/// are not to be written.
pub(super) fn is_narrower(format: &str) -> bool {
    format.ends_with('?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_compared_by_kind_size_and_order() {
        assert!(is_format_of::<f64>("d", 8) && is_format_of::<f64>("@d", 8));
        assert!(is_format_of::<i64>("l", 8) && is_format_of::<i64>("q", 8));
        assert!(is_format_of::<i32>("l", 4) && !is_format_of::<i64>("l", 4));
        assert!(is_format_of::<i64>("<q", 8) == cfg!(target_endian = "little"));
        assert!(is_format_of::<i64>(">q", 8) == cfg!(target_endian = "big"));
        assert!(is_format_of::<u8>("B", 1) && is_format_of::<u8>("c", 1));
        assert!(is_format_of::<u8>(">B", 1) && is_format_of::<i8>("!b", 1));
        assert!(is_format_of::<u8>("?", 1) && !is_format_of::<i8>("?", 1));
        assert!(is_format_of::<isize>("n", size_of::<isize>()));
        for (format, itemsize) in [
            ("", 1),
            ("b", 1),
            ("2B", 2),
            ("e", 2),
            ("xB", 1),
            ("P", 8),
            ("d", 8),
            ("Zd", 16),
        ] {
            assert!(!is_format_of::<u8>(format, itemsize), "{format}");
        }
        assert!(!is_format_of::<f32>("d", 8) && !is_format_of::<f32>("i", 4));
    }
}
