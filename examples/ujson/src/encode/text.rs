//! Strings: in quotes, with escapes.

use super::Encoder;
use super::output::Output;
use crate::options::Options;
use crate::words::{self, HIGH};
use hpy::exceptions::OverflowError;
use hpy::prelude::*;

/// Which bytes of UTF-8 do not stand for themselves.
#[derive(Clone, Copy)]
pub struct Escaped {
    html: bool,
    /// Escaped beside the quote: a slash, or the quote again.
    slash: u8,
    /// The bit that is set in what is not ASCII, where that is escaped.
    high: u8,
    /// The same as classes of bytes.
    classes: u8,
}

const ALWAYS: u8 = 1;
const SLASH: u8 = 2;
const HTML: u8 = 4;
const BEYOND: u8 = 8;

/// The class of each byte; 0 for those that always stand for themselves.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            ..0x20 | b'"' | b'\\' => ALWAYS,
            b'/' => SLASH,
            b'<' | b'>' | b'&' => HTML,
            0x80.. => BEYOND,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// The longest escape of a character of one, two or three bytes, `\u1234`, in a word.
const LONGEST: usize = 6;
/// How many characters are written one by one where one of them is not ASCII.
const PATIENCE: usize = 8;

/// The escapes of ASCII as words, also of what an option leaves as it is. The last byte of a word
/// is how many of its bytes are written.
static ESCAPES: [u64; 128] = {
    let mut escapes = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        let letter = match byte as u8 {
            byte @ (b'"' | b'\\' | b'/') => byte,
            0x08 => b'b',
            0x0c => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => 0,
        };
        escapes[byte] = if letter == 0 {
            unit(byte as u16)
        } else {
            u64::from_le_bytes([b'\\', letter, 0, 0, 0, 0, 0, 2])
        };
        byte += 1;
    }
    escapes
};

/// Two digits of each byte.
static HEX: [u16; 256] = {
    let digits = b"0123456789abcdef";
    let mut all = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        all[byte] = u16::from_le_bytes([digits[byte >> 4], digits[byte & 0xf]]);
        byte += 1;
    }
    all
};

/// `\u1234` as such a word.
#[inline(always)]
const fn unit(unit: u16) -> u64 {
    const START: u64 = u64::from_le_bytes([b'\\', b'u', 0, 0, 0, 0, 0, LONGEST as u8]);
    let (high, low) = (HEX[(unit >> 8) as usize], HEX[(unit & 0xff) as usize]);
    START | (high as u64) << 16 | (low as u64) << 32
}

/// Writes such a word at the start of the room. Returns how many bytes it has.
#[inline(always)]
fn write(room: &mut [u8], word: u64) -> usize {
    room[..words::SIZE].copy_from_slice(&word.to_le_bytes());
    (word >> 56) as usize
}

impl Escaped {
    pub fn new(options: &Options<'_, '_>) -> Self {
        Self {
            html: options.encode_html_chars,
            slash: if options.escape_forward_slashes {
                b'/'
            } else {
                b'"'
            },
            high: if options.ensure_ascii { 0x80 } else { 0 },
            classes: ALWAYS
                | if options.escape_forward_slashes {
                    SLASH
                } else {
                    0
                }
                | if options.encode_html_chars { HTML } else { 0 }
                | if options.ensure_ascii { BEYOND } else { 0 },
        }
    }

    #[inline(always)]
    fn has(self, byte: u8) -> bool {
        CLASSES[usize::from(byte)] & self.classes != 0
    }

    /// The word for a byte of ASCII.
    #[inline(always)]
    fn ascii(self, byte: u8) -> u64 {
        if self.has(byte) {
            ESCAPES[usize::from(byte & 0x7f)]
        } else {
            u64::from(byte) | 1 << 56
        }
    }

    /// Marks those bytes of a word; the first mark is exact.
    #[inline(always)]
    fn marks(self, word: u64) -> u64 {
        let mut marks = words::control(word)
            | words::equal(word, b'"')
            | words::equal(word, b'\\')
            | words::equal(word, self.slash);
        if self.high != 0 {
            marks |= word & HIGH;
        }
        if self.html {
            marks |= words::equal(word, b'<') | words::equal(word, b'>') | words::equal(word, b'&');
        }
        marks
    }
}

impl<'ctx> Encoder<'_, 'ctx> {
    #[inline]
    pub(super) fn text(&mut self, text: &Handle<'ctx, Str>) -> Result<()> {
        match text.to_str() {
            Ok(text) => {
                quoted_text(&mut self.out, self.escaped, text);
                Ok(())
            }
            Err(_) => self.surrogates(text),
        }
    }

    /// Lone surrogates are encoded like other characters.
    #[cold]
    fn surrogates(&mut self, text: &Handle<'ctx, Str>) -> Result<()> {
        let bytes = text.encode("utf-8", "surrogatepass")?;
        self.quoted(bytes.as_bytes())
    }

    /// The bytes may be no UTF-8.
    #[cold]
    pub(super) fn quoted(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.push(b'"');
        let mut rest = bytes;
        while let Some(&byte) = rest.first() {
            let length = if byte & self.escaped.high != 0 {
                self.character(rest)?
            } else if self.escaped.has(byte) {
                escape(&mut self.out, byte);
                1
            } else {
                self.out.push(byte);
                1
            };
            rest = &rest[length..];
        }
        self.out.push(b'"');
        Ok(())
    }

    /// Beyond ASCII, and perhaps no character; how many bytes it has.
    fn character(&mut self, bytes: &[u8]) -> Result<usize> {
        let (length, smallest) = match bytes[0] {
            0xc0..=0xdf => (2, 0x80),
            0xe0..=0xef => (3, 0x800),
            0xf0..=0xf7 => (4, 0x1_0000),
            0xf8..=0xfd => return Err(wrong("Unsupported UTF-8 sequence length")),
            byte => {
                // Begins no character; that there is one is found in the end.
                self.out.push(byte);
                return Ok(1);
            }
        };
        let Some((&first, others)) = bytes.get(..length).and_then(<[u8]>::split_first) else {
            return Err(wrong("Unterminated UTF-8 sequence"));
        };
        let mut point = u32::from(first) & (0x7f >> length);
        for other in others {
            if other & 0xc0 != 0x80 {
                return Err(wrong(&format!(
                    "Invalid continuation byte in {length}-byte UTF-8 sequence detected"
                )));
            }
            point = point << 6 | u32::from(other & 0x3f);
        }
        if point < smallest {
            return Err(wrong(&format!(
                "Overlong {length}-byte UTF-8 sequence detected"
            )));
        }
        if point > 0x10_ffff {
            return Err(wrong(">U+10FFFF in 4-byte UTF-8 sequence detected"));
        }
        let written = write_point(self.out.room(2 * words::SIZE), point);
        self.out.advance(written);
        Ok(length)
    }
}

/// Writes a text. Words without an escape are copied whole, of the others the part before it.
#[inline(always)]
fn quoted_text(out: &mut Output, escaped: Escaped, text: &str) {
    let bytes = text.as_bytes();
    out.push(b'"');
    let mut at = 0;
    while let Some(word) = words::word(bytes, at) {
        out.room(words::SIZE)[..words::SIZE].copy_from_slice(&word.to_le_bytes());
        let marks = escaped.marks(word);
        if marks == 0 {
            out.advance(words::SIZE);
            at += words::SIZE;
            continue;
        }
        let plain = words::first(marks);
        out.advance(plain);
        at = after_escape(out, escaped, text, at + plain);
    }
    while at < bytes.len() {
        let rest = &bytes[at..];
        let few = words::last(bytes, at);
        let marks = escaped.marks(few) & !(u64::MAX << (8 * rest.len()));
        let plain = if marks == 0 {
            rest.len()
        } else {
            words::first(marks)
        };
        out.room(words::SIZE)[..words::SIZE].copy_from_slice(&few.to_le_bytes());
        out.advance(plain);
        at += plain;
        if marks != 0 {
            at = after_escape(out, escaped, text, at);
        }
    }
    out.push(b'"');
}

/// Writes the character at a place, which is escaped. Others follow if it is not ASCII, as they
/// are often not ASCII either. Returns the place after them.
#[inline(always)]
fn after_escape(out: &mut Output, escaped: Escaped, text: &str, at: usize) -> usize {
    let byte = text.as_bytes()[at];
    if byte < 0x80 {
        escape(out, byte);
        return at + 1;
    }
    characters(out, escaped, text, at)
}

/// Writes characters one by one until some are of ASCII.
#[inline(never)]
fn characters(out: &mut Output, escaped: Escaped, text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    let six = |byte: u8| u16::from(byte & 0x3f);
    // A byte is six in the output at most. A word is written for each, and two where it is four.
    let room = out.room(LONGEST * (bytes.len() - at) + 2 * words::SIZE);
    let (mut used, mut plain) = (0, 0);
    // As long as there are enough for any character.
    while let Some(&[first, second, third, _]) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let room = &mut room[used..];
        let (point, size) = match first {
            ..0x80 => {
                used += write(room, escaped.ascii(first));
                at += 1;
                plain += 1;
                if plain == PATIENCE {
                    break;
                }
                continue;
            }
            0x80..0xe0 => (u16::from(first & 0x1f) << 6 | six(second), 2),
            0xe0..0xf0 => (
                u16::from(first & 0xf) << 12 | six(second) << 6 | six(third),
                3,
            ),
            _ => break,
        };
        plain = 0;
        used += write(room, unit(point));
        at += size;
    }
    // A character that is of four bytes or near the end; there is none where others were plain.
    if plain < PATIENCE
        && let Some(character) = text.get(at..).and_then(|rest| rest.chars().next())
    {
        at += character.len_utf8();
        let room = &mut room[used..];
        used += match u8::try_from(character) {
            Ok(byte @ ..0x80) => write(room, escaped.ascii(byte)),
            _ => write_point(room, character.into()),
        };
    }
    out.advance(used);
    at
}

/// Writes a character of ASCII.
#[inline(always)]
fn escape(out: &mut Output, byte: u8) {
    let length = write(out.room(words::SIZE), ESCAPES[usize::from(byte & 0x7f)]);
    out.advance(length);
}

/// Writes one unit or two at the start of the room. Returns how many bytes they have.
fn write_point(room: &mut [u8], point: u32) -> usize {
    if let Ok(one) = u16::try_from(point) {
        return write(room, unit(one));
    }
    let above = point - 0x1_0000;
    let first = write(room, unit(0xd800 | (above >> 10) as u16));
    first + write(&mut room[first..], unit(0xdc00 | (above & 0x3ff) as u16))
}

#[cold]
fn wrong(what: &str) -> Error {
    OverflowError::new(format!("{what} when encoding string"))
}

/// The output as a str: lone surrogates that stand in it become such.
pub fn finish<'ctx>(ctx: Context<'ctx>, out: &[u8]) -> Result<Handle<'ctx, Str>> {
    match simdutf8::basic::from_utf8(out) {
        Ok(text) => ctx.str(text),
        Err(_) => ctx.bytes(out)?.decode(c"utf-8", c"surrogatepass"),
    }
}
