//! What a module declares, as data: text in JSON that the compiler puts together, and
//! `cargo hpy stubs` reads from the library.
//!
//! Only with the feature `description` do the macros emit any of it. See
//! `docs/design/description.md`.

use super::text::Text;
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
            "{\"a\":\"\\\"\\\\\\n\\u0009ü\",\"int | None\"\
             -170141183460469231731687303715884105728 0\0"
        );
    }

    #[test]
    fn a_value_says_what_it_is() {
        const OF: Annotation = annotation_of(|| Ok([1.5]));
        assert_eq!(OF.to_string(), "list[float]");
    }
}
