//! Strings, with their escapes.

use super::Decoder;
use crate::words::{self, HIGH};
use hpy::prelude::*;

const UNMATCHED: &str = "Unmatched '\"' when decoding 'string'";
const IN_ESCAPE: &str = "Unexpected character in unicode escape sequence when decoding 'string'";

/// The values of hexadecimal digits, and more than any of them for other bytes.
const DIGITS: [u8; 256] = {
    let mut values = [0xff; 256];
    let mut digit = 0;
    while digit < 16 {
        values[b"0123456789abcdef"[digit] as usize] = digit as u8;
        values[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
};

/// Marks what ends the part of a string that stands for itself.
#[inline(always)]
fn special(word: u64) -> u64 {
    words::equal(word, b'"') | words::equal(word, b'\\') | words::equal(word, 0)
}

/// The value of four digits.
#[inline(always)]
fn four(digits: &[u8; 4]) -> Option<u32> {
    let values = digits.map(|digit| DIGITS[usize::from(digit)]);
    let wrong = values.iter().fold(0, |all, value| all | value) > 0xf;
    let unit = values
        .iter()
        .fold(0, |unit, value| unit << 4 | u32::from(*value));
    (!wrong).then_some(unit)
}

impl<'a, 'ctx> Decoder<'a, 'ctx> {
    /// A string, behind its quote.
    #[inline]
    pub(super) fn string(&mut self) -> Result<Handle<'ctx>> {
        match self.simple() {
            Some(text) => Ok(self.ctx.str(text)?.into_object()),
            None => self.escaped(),
        }
    }

    /// The same, for the key of an object.
    #[inline]
    pub(super) fn key_text(&mut self) -> Result<Handle<'ctx>> {
        let ctx = self.ctx;
        match self.simple() {
            Some(text) => self
                .keys
                .get(text.as_bytes(), || Ok(ctx.str(text)?.into_object())),
            None => self.escaped(),
        }
    }

    /// A string without escapes in a text that is valid. Otherwise nothing is read.
    #[inline(always)]
    fn simple(&mut self) -> Option<&'a str> {
        let text = self.text?;
        let end = self.plain_end()?;
        if self.bytes[end] != b'"' {
            return None;
        }
        // Both ends are at quotes, so between characters.
        let found = text.get(self.at..end)?;
        self.at = end + 1;
        Some(found)
    }

    /// Where the next special byte is.
    #[inline(always)]
    fn plain_end(&self) -> Option<usize> {
        words::find(self.bytes, self.at, special)
    }

    /// In a text that is valid, one code point after another. Some may be lone surrogates.
    #[inline(never)]
    fn escaped(&mut self) -> Result<Handle<'ctx>> {
        let Some(text) = self.text else {
            return self.escaped_in_bytes();
        };
        self.points.clear();
        loop {
            // As a word, where eight bytes stand for themselves.
            while let Some(word) = words::word(self.bytes, self.at) {
                if special(word) | (word & HIGH) != 0 {
                    break;
                }
                self.points.extend(word.to_le_bytes().map(u32::from));
                self.at += words::SIZE;
            }
            for _ in 0..words::SIZE {
                match self.bytes.get(self.at) {
                    Some(b'\\') => {
                        let point = match self.plain_unit() {
                            Some(unit) => unit,
                            None => self.other_escape()?,
                        };
                        self.points.push(point);
                    }
                    Some(b'"') => {
                        self.at += 1;
                        let text = self.ctx.str_from_code_points(&self.points)?;
                        return Ok(text.into_object());
                    }
                    None | Some(0) => return Err(self.error(UNMATCHED)),
                    Some(&byte @ ..0x80) => {
                        self.at += 1;
                        self.points.push(byte.into());
                    }
                    Some(_) => {
                        let rest = text.get(self.at..).and_then(|rest| rest.chars().next());
                        let Some(character) = rest else {
                            return Err(self.error(UNMATCHED));
                        };
                        self.at += character.len_utf8();
                        self.points.push(character.into());
                    }
                }
            }
        }
    }

    /// Piece by piece, in an input that is not valid. Lone surrogates are encoded like other
    /// characters.
    #[cold]
    fn escaped_in_bytes(&mut self) -> Result<Handle<'ctx>> {
        self.scratch.clear();
        loop {
            while self.bytes.get(self.at) == Some(&b'\\') {
                self.at += 1;
                let point = self.escape()?;
                push_point(&mut self.scratch, point);
            }
            let end = self.plain_end();
            let from = core::mem::replace(&mut self.at, end.unwrap_or(self.bytes.len()));
            self.check(from, self.at)?;
            self.scratch.extend_from_slice(&self.bytes[from..self.at]);
            match end.map(|end| self.bytes[end]) {
                Some(b'"') => break,
                Some(b'\\') => {}
                _ => return Err(self.error(UNMATCHED)),
            }
        }
        self.at += 1;
        let string = match simdutf8::basic::from_utf8(&self.scratch) {
            Ok(text) => self.ctx.str(text)?,
            Err(_) => self
                .ctx
                .bytes(&self.scratch)?
                .decode(c"utf-8", c"surrogatepass")?,
        };
        Ok(string.into_object())
    }

    /// Behind a backslash.
    #[inline(always)]
    fn escape(&mut self) -> Result<u32> {
        let byte = match self.bytes.get(self.at) {
            Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            None | Some(0) => {
                return Err(self.error("Unterminated escape sequence when decoding 'string'"));
            }
            Some(_) => {
                return Err(self.error("Unrecognized escape sequence when decoding 'string'"));
            }
        };
        self.at += 1;
        Ok(byte.into())
    }

    /// Behind `\u`.
    #[inline(always)]
    fn unicode(&mut self) -> Result<u32> {
        let first = self.unit()?;
        let is_pair =
            (0xd800..0xdc00).contains(&first) && self.bytes[self.at..].starts_with(b"\\u");
        if !is_pair {
            return Ok(first);
        }
        let behind_first = self.at;
        self.at += 2;
        let second = self.unit()?;
        if (0xdc00..0xe000).contains(&second) {
            return Ok(0x1_0000 + ((first & 0x3ff) << 10 | second & 0x3ff));
        }
        // No pair: the second may begin one.
        self.at = behind_first;
        Ok(first)
    }

    /// At a backslash: the most frequent escape, `\u` and a unit that is no half of a pair.
    #[inline(always)]
    fn plain_unit(&mut self) -> Option<u32> {
        let [b'\\', b'u', digits @ ..] = self.bytes.get(self.at..)?.first_chunk::<6>()? else {
            return None;
        };
        let unit = four(digits).filter(|unit| !(0xd800..0xe000).contains(unit))?;
        self.at += 6;
        Some(unit)
    }

    #[inline(never)]
    fn other_escape(&mut self) -> Result<u32> {
        self.at += 1;
        self.escape()
    }

    /// Four digits.
    #[inline(always)]
    fn unit(&mut self) -> Result<u32> {
        let digits = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk);
        let unit = digits.and_then(four);
        self.at += 4;
        unit.ok_or_else(|| self.wrong_unit(self.at - 4))
    }

    /// Why there are no four digits from a place on.
    #[cold]
    fn wrong_unit(&self, from: usize) -> Error {
        let rest = self.bytes.get(from..).unwrap_or_default();
        match rest.iter().find(|byte| !byte.is_ascii_hexdigit()) {
            None | Some(0) => {
                self.error("Unterminated unicode escape sequence when decoding 'string'")
            }
            Some(_) => self.error(IN_ESCAPE),
        }
    }

    /// Whether these bytes of an invalid input are UTF-8, surrogates included. A character may not
    /// extend beyond them.
    fn check(&self, from: usize, to: usize) -> Result<()> {
        let mut rest = &self.bytes[from..to];
        while let Some(&first) = rest.first() {
            let (length, smallest) = match first {
                ..0x80 => (1, 0),
                0x80..=0xbf => {
                    return Err(self.error(
                        "Found UTF-8 continuation byte without corresponding start byte when \
                         decoding 'string'",
                    ));
                }
                0xc0..=0xdf => (2, 0x80),
                0xe0..=0xef => (3, 0x800),
                0xf0..=0xf7 => (4, 0x1_0000),
                _ => return Err(self.error("Invalid UTF-8 sequence length when decoding 'string'")),
            };
            let mut point = u32::from(first) & (0xff >> length);
            for place in 1..length {
                match rest.get(place) {
                    Some(byte) if byte & 0xc0 == 0x80 => {
                        point = point << 6 | u32::from(byte & 0x3f)
                    }
                    _ => {
                        return Err(
                            self.error("Invalid UTF-8 continuation byte when decoding 'string'")
                        );
                    }
                }
            }
            if length > 1 && point < smallest {
                return Err(self.error(match length {
                    2 => "Overlong 2-byte UTF-8 sequence detected when decoding 'string'",
                    3 => "Overlong 3-byte UTF-8 sequence detected when decoding 'string'",
                    _ => "Overlong 4-byte UTF-8 sequence detected when decoding 'string'",
                }));
            }
            if point > 0x10_ffff {
                return Err(self.error("Code point > U+10FFFF encountered when decoding 'string'"));
            }
            rest = &rest[length..];
        }
        Ok(())
    }
}

/// As UTF-8, which may be a surrogate's.
fn push_point(out: &mut Vec<u8>, point: u32) {
    let continued = |shift: u32| 0x80 | (point >> shift & 0x3f) as u8;
    match point {
        0..0x80 => out.push(point as u8),
        0x80..0x800 => out.extend_from_slice(&[0xc0 | (point >> 6) as u8, continued(0)]),
        0x800..0x1_0000 => {
            out.extend_from_slice(&[0xe0 | (point >> 12) as u8, continued(6), continued(0)]);
        }
        _ => out.extend_from_slice(&[
            0xf0 | (point >> 18) as u8,
            continued(12),
            continued(6),
            continued(0),
        ]),
    }
}
