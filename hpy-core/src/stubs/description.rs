//! What a module declares, as data: text in JSON that the compiler puts together, and `cargo hpy stubs` reads from the library.
//!
//! Only with the feature `description` do the macros emit any of it. See `docs/design/description.md`.

use crate::Annotation;

/// A part of the text.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// JSON as it stands.
    Text(&'static str),
    /// Text that becomes a string of JSON.
    Quoted(&'static str),
    /// An annotation, as a string of JSON.
    Annotation(Annotation),
    /// A number.
    Number(i128),
    /// What is described elsewhere.
    Pieces(&'static [Piece]),
}

/// What can be listed in a module, and says what it is.
pub trait Described {
    /// The text, in pieces.
    const PIECES: &'static [Piece];
}

/// How many bytes the text has, with the zero that ends it.
pub const fn description_length(pieces: &[Piece]) -> usize {
    let mut text = Text::<0>::new();
    write(pieces, &mut text);
    text.len + 1
}

/// The text.
pub const fn description_text<const N: usize>(pieces: &[Piece]) -> [u8; N] {
    let mut text = Text::<N>::new();
    write(pieces, &mut text);
    text.bytes
}

/// What a value is called in Python, which such a function returns.
pub const fn annotation_of<'ctx, V: crate::IntoHandle<'ctx>>(
    _: fn() -> crate::Result<V>,
) -> Annotation {
    V::ANNOTATION
}

const fn write<const N: usize>(pieces: &[Piece], text: &mut Text<N>) {
    let mut at = 0;
    while at < pieces.len() {
        match pieces[at] {
            Piece::Text(json) => text.push(json),
            Piece::Quoted(plain) => text.push_quoted(plain),
            Piece::Annotation(annotation) => {
                text.push("\"");
                annotation.write(text);
                text.push("\"");
            }
            Piece::Number(number) => text.push_number(number),
            Piece::Pieces(more) => write(more, text),
        }
        at += 1;
    }
}

/// Text that a constant makes: only its length, where there is no place for it.
pub(crate) struct Text<const N: usize> {
    pub(crate) bytes: [u8; N],
    pub(crate) len: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
        }
    }

    pub(crate) const fn push(&mut self, more: &str) {
        self.push_bytes(more.as_bytes());
    }

    const fn push_bytes(&mut self, more: &[u8]) {
        let end = self.len + more.len();
        if end <= N {
            let (_, rest) = self.bytes.split_at_mut(self.len);
            let (place, _) = rest.split_at_mut(more.len());
            place.copy_from_slice(more);
        }
        self.len = end;
    }

    const fn push_quoted(&mut self, plain: &str) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let bytes = plain.as_bytes();
        self.push("\"");
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => self.push("\\\""),
                b'\\' => self.push("\\\\"),
                b'\n' => self.push("\\n"),
                byte @ 0..0x20 => {
                    self.push("\\u00");
                    self.push_bytes(&[HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]]);
                }
                byte => self.push_bytes(&[byte]),
            }
            at += 1;
        }
        self.push("\"");
    }

    const fn push_number(&mut self, number: i128) {
        let mut digits = [0; 40];
        let mut first = digits.len();
        let mut rest = number.unsigned_abs();
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            first -= 1;
            digits[first] = b'-';
        }
        let (_, digits) = digits.split_at(first);
        self.push_bytes(digits);
    }
}

/// A static with the text, which the library exports.
#[doc(hidden)]
#[macro_export]
macro_rules! __description {
    ($symbol:ident, $pieces:expr) => {
        const _: () = {
            #[allow(unused_imports)]
            use $crate::__private::SaysNothing as _;
            const PIECES: &[$crate::__private::Piece] = $pieces;
            #[unsafe(no_mangle)]
            #[allow(non_upper_case_globals, long_running_const_eval)]
            pub static $symbol: [::core::primitive::u8;
                $crate::__private::description_length(PIECES)] =
                $crate::__private::description_text(PIECES);
        };
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_put_together_by_the_compiler() {
        const PIECES: &[Piece] = &[
            Piece::Text("{\"a\":"),
            Piece::Quoted("\"\\\n\tü"),
            Piece::Text(","),
            Piece::Annotation(<Option<i64> as crate::FromHandle<'_, '_>>::ANNOTATION),
            Piece::Pieces(&[Piece::Number(i128::MIN), Piece::Text(" "), Piece::Number(0)]),
        ];
        static TEXT: [u8; description_length(PIECES)] = description_text(PIECES);
        assert_eq!(
            core::str::from_utf8(&TEXT).unwrap(),
            "{\"a\":\"\\\"\\\\\\n\\u0009ü\",\"int | None\"-170141183460469231731687303715884105728 0\0"
        );
    }

    #[test]
    fn a_value_says_what_it_is() {
        const OF: Annotation = annotation_of(|| Ok([1.5]));
        assert_eq!(OF.to_string(), "list[float]");
    }
}
