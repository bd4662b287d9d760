//! Strings: in quotes, with escapes.

use super::Encoder;
use super::output::Output;
use crate::options::Options;
use crate::words::{self, HIGH};
use hpy::exceptions::OverflowError;
use hpy::prelude::*;

/// Which bytes of UTF-8 do not stand for themselves.
pub struct Escaped {
    html: bool,
    /// Escaped beside the quote: a slash, or the quote again. Once for each byte of a word.
    slash: u64,
    /// The bit that is set in what is not ASCII, where that is escaped.
    high: u64,
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
            slash: words::all(if options.escape_forward_slashes {
                b'/'
            } else {
                b'"'
            }),
            high: if options.ensure_ascii { HIGH } else { 0 },
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
    fn has(&self, byte: u8) -> bool {
        CLASSES[usize::from(byte)] & self.classes != 0
    }

    /// The word for a byte of ASCII.
    #[inline(always)]
    fn ascii(&self, byte: u8) -> u64 {
        if self.has(byte) {
            ESCAPES[usize::from(byte & 0x7f)]
        } else {
            u64::from(byte) | 1 << 56
        }
    }

    /// Marks those bytes of a word.
    #[inline(always)]
    fn marks(&self, word: u64) -> u64 {
        // Without the high bits no sum carries into the next byte.
        let low = word & !HIGH;
        let is_other = |byte: u64| (low ^ byte) + words::all(0x7f);
        let mut plain = (low + words::all(0x60))
            & is_other(words::all(b'"'))
            & is_other(words::all(b'\\'))
            & is_other(self.slash);
        if self.html {
            plain &= is_other(words::all(b'<'))
                & is_other(words::all(b'>'))
                & is_other(words::all(b'&'));
        }
        !plain & !word & HIGH | word & self.high
    }

    /// The same of a block.
    #[inline(always)]
    fn marks_of_block(&self, block: &[u8; BLOCK]) -> u128 {
        let both = u128::from_le_bytes(*block);
        let (low, high) = (self.marks(both as u64), self.marks((both >> 64) as u64));
        u128::from(low) | u128::from(high) << 64
    }
}

impl<'ctx> Encoder<'_, 'ctx> {
    #[inline]
    pub(super) fn text(&mut self, text: &Handle<'ctx, Str>) -> Result<()> {
        match text.to_str() {
            Ok(text) => {
                quoted_text(&mut self.out, &self.escaped, text);
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
            let length = if !byte.is_ascii() && self.escaped.high != 0 {
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

/// How many bytes are looked at at once.
const BLOCK: usize = 16;

/// Writes a text. Blocks without an escape are copied whole, of the others the part before it.
#[inline(always)]
fn quoted_text(out: &mut Output, escaped: &Escaped, text: &str) {
    let bytes = text.as_bytes();
    if bytes.len() <= BLOCK {
        // All of it at once, with its quotes.
        let block = words::last_block(bytes, 0);
        if escaped.marks_of_block(&block) & words::low(bytes.len()) == 0 {
            let room = &mut out.room(BLOCK + 2)[..BLOCK + 2];
            room[0] = b'"';
            room[1..=BLOCK].copy_from_slice(&block);
            room[1 + bytes.len()] = b'"';
            out.advance(bytes.len() + 2);
            return;
        }
    }
    words(out, escaped, text);
}

#[inline(never)]
fn words(out: &mut Output, escaped: &Escaped, text: &str) {
    let bytes = text.as_bytes();
    out.push(b'"');
    let mut at = 0;
    while let Some(word) = words::word(bytes, at) {
        out.room(words::SIZE)[..words::SIZE].copy_from_slice(&word.to_le_bytes());
        let marks = escaped.marks(word);
        if marks == 0 {
            out.advance(words::SIZE);
            at += words::SIZE;
        } else {
            at = escape_word(out, escaped, text, at, word, marks, words::SIZE);
        }
    }
    while at < bytes.len() {
        let count = bytes.len() - at;
        let word = words::last(bytes, at);
        let marks = escaped.marks(word) & !(u64::MAX << (8 * count));
        at = escape_word(out, escaped, text, at, word, marks, count);
    }
    out.push(b'"');
}

/// Writes so many bytes of a word, with escapes where the marks are. After a character that is not
/// ASCII others follow. Returns the place after them.
#[inline(always)]
fn escape_word(
    out: &mut Output,
    escaped: &Escaped,
    text: &str,
    at: usize,
    word: u64,
    mut marks: u64,
    count: usize,
) -> usize {
    // Each byte may become an escape, and a word is written for all of them.
    const MOST: usize = (LONGEST + 1) * words::SIZE;
    let room = &mut out.room(MOST)[..MOST];
    let (mut used, mut from) = (0, 0);
    while marks != 0 {
        let place = words::first(marks);
        room[used..][..words::SIZE].copy_from_slice(&(word >> (8 * from)).to_le_bytes());
        used += place - from;
        let byte = (word >> (8 * place)) as u8;
        if !byte.is_ascii() {
            out.advance(used);
            return characters(out, escaped, text, at + place);
        }
        used += write(&mut room[used..], ESCAPES[usize::from(byte)]);
        from = place + 1;
        marks &= marks - 1;
    }
    // Where nothing is left, this is one by nothing.
    let rest = word.wrapping_shr(8 * from as u32);
    room[used..][..words::SIZE].copy_from_slice(&rest.to_le_bytes());
    out.advance(used + count - from);
    at + count
}

/// Writes characters one by one until some are of ASCII.
#[inline(never)]
fn characters(out: &mut Output, escaped: &Escaped, text: &str, mut at: usize) -> usize {
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
