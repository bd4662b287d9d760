//! Which parameter a misspelt keyword may have meant, by the measure that CPython 3.13 and later
//! use.

use super::{ParameterKind, Signature};

/// The nearest name that can be passed by keyword, if it is near.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
pub(crate) extern "C" fn nearest(signature: &Signature, name: &str) -> Option<&'static str> {
    let mut found = None;
    let mut least = u8::MAX;
    for parameter in signature.parameters {
        if parameter.kind == ParameterKind::PositionalOnly {
            continue;
        }
        let far = (name.len() + parameter.name.len() + 3) / 3;
        let distance = distance(name.as_bytes(), parameter.name.as_bytes());
        if usize::from(distance) <= far && distance < least {
            (found, least) = (Some(parameter.name), distance);
        }
    }
    found
}

/// What it costs to insert, remove or replace a letter.
const MOVE: u8 = 2;
/// What it costs to write it large or small.
const CASE: u8 = 1;
/// Of longer names no more letters are compared.
const LONGEST: usize = 40;

/// The cost of making one of the other, letter by letter.
fn distance(a: &[u8], b: &[u8]) -> u8 {
    // The costs of making the first letters of `b` of what was seen of `a`: at most 2 for each of
    // 80 letters.
    let mut row = [0; LONGEST];
    let mut cost = 0;
    for place in &mut row {
        cost += MOVE;
        *place = cost;
    }
    let mut last = b.len().min(LONGEST) as u8 * MOVE;
    let mut first = 0;
    for letter in a.iter().take(LONGEST) {
        let (mut before, mut left) = (first, first + MOVE);
        first = left;
        for (other, above) in b.iter().zip(&mut row) {
            let replaced = before + difference(*letter, *other);
            before = *above;
            left = replaced.min(before.min(left) + MOVE);
            *above = left;
        }
        last = left;
    }
    last
}

fn difference(a: u8, b: u8) -> u8 {
    if a == b {
        0
    } else if a ^ b == 0x20 {
        // Of the bytes in names only the two cases of a letter differ so, but for some of letters
        // beyond ASCII.
        CASE
    } else {
        MOVE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("a", "", 2),
            ("", "ab", 4),
            ("same", "same", 0),
            ("Same", "same", 1),
            ("colour", "color", 2),
            ("kitten", "sitting", 6),
            ("ab", "ba", 4),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
        assert_eq!(distance(&[b'a'; 1000], &[b'b'; 1000]), 80);
    }
}
