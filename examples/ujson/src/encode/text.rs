//! Strings: in quotes, with escapes.

use super::Encoder;
use super::output::{Output, Room};
use crate::options::Options;
use crate::words;
use hpy::exceptions::OverflowError;
use hpy::prelude::*;
use wide::u8x16;

/// How many bytes are looked at at once.
const BLOCK: usize = 16;

/// Which bytes of UTF-8 do not stand for themselves.
pub struct Escaped {
    html: bool,
    /// Escaped beside the quote: a slash, or the quote again. Once for each byte of a block.
    slash: u8x16,
    /// The bit that is set in what is not ASCII, where that is escaped.
    high: u8x16,
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
const PATIENCE: usize = 3;

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

/// Writes such a word.
#[inline(always)]
fn write(out: &mut Room<'_>, word: u64) {
    out.push_start(&word.to_le_bytes(), (word >> 56) as usize);
}

impl Escaped {
    pub fn new(options: &Options<'_, '_>) -> Self {
        let escaped = |is: bool, class| if is { class } else { 0 };
        let is_slash = options.escape_forward_slashes;
        Self {
            html: options.encode_html_chars,
            slash: u8x16::splat(if is_slash { b'/' } else { b'"' }),
            high: u8x16::splat(escaped(options.ensure_ascii, 0x80)),
            classes: ALWAYS
                | escaped(is_slash, SLASH)
                | escaped(options.encode_html_chars, HTML)
                | escaped(options.ensure_ascii, BEYOND),
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

    /// The bits of those bytes of a block.
    #[inline(always)]
    fn marks(&self, block: &[u8; BLOCK]) -> u32 {
        let block = u8x16::from(*block);
        let is = |byte| block.simd_eq(u8x16::splat(byte));
        let mut marks = block.simd_le(u8x16::splat(0x1f))
            | is(b'"')
            | is(b'\\')
            | block.simd_eq(self.slash)
            | (block & self.high);
        if self.html {
            marks |= is(b'<') | is(b'>') | is(b'&');
        }
        marks.to_bitmask()
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
            let length = if !byte.is_ascii() && self.escaped.has(byte) {
                self.character(rest)?
            } else if self.escaped.has(byte) {
                self.write(ESCAPES[usize::from(byte & 0x7f)]);
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

    /// Writes an escape.
    fn write(&mut self, word: u64) {
        let mut room = self.out.room(words::SIZE);
        write(&mut room, word);
        let used = room.used;
        self.out.advance(used);
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
        units(point).into_iter().for_each(|unit| self.write(unit));
        Ok(length)
    }
}

/// A text of two blocks, which may overlap.
const TWO: usize = 2 * BLOCK;
/// More than is written for a block: each byte may become an escape.
const MOST: usize = 256;

/// Writes a text. A short one without an escape is copied by one block or two.
#[inline(always)]
fn quoted_text(out: &mut Output, escaped: &Escaped, text: &str) {
    let bytes = text.as_bytes();
    let mut room = out.room(MOST);
    room.push(b'"');
    if bytes.len() <= BLOCK {
        let block = words::last_block(bytes, 0);
        let marks = escaped.marks(&block) & low(bytes.len());
        if marks != 0 {
            return short(out, escaped, text, &block, marks);
        }
        room.push_start(&block, bytes.len());
    } else if let (Some(first), Some(last), ..=TWO) =
        (bytes.first_chunk(), bytes.last_chunk(), bytes.len())
        && escaped.marks(first) | escaped.marks(last) == 0
    {
        room.push_start(first, bytes.len() - BLOCK);
        room.push_start(last, BLOCK);
    } else {
        return long(out, escaped, text);
    }
    room.push(b'"');
    let used = room.used;
    out.advance(used);
}

/// So many bits.
#[inline(always)]
fn low(count: usize) -> u32 {
    !(u32::MAX << count)
}

/// A text of one block at most, which is known, with escapes.
#[inline(never)]
fn short(out: &mut Output, escaped: &Escaped, text: &str, block: &[u8; BLOCK], marks: u32) {
    let mut room = out.room(MOST);
    room.push(b'"');
    let at = escape_block(&mut room, escaped, text, 0, block, marks, text.len());
    let used = room.used;
    out.advance(used);
    blocks(out, escaped, text, at);
}

#[inline(never)]
fn long(out: &mut Output, escaped: &Escaped, text: &str) {
    out.push(b'"');
    blocks(out, escaped, text, 0);
}

/// The rest of a text, and the quote after it.
#[inline(always)]
fn blocks(out: &mut Output, escaped: &Escaped, text: &str, mut at: usize) {
    let bytes = text.as_bytes();
    let mut room = out.room(MOST);
    while at < bytes.len() {
        if room.left() < MOST {
            let used = room.used;
            out.advance(used);
            room = out.room(MOST);
        }
        if let Some(block) = bytes[at..].first_chunk() {
            let marks = escaped.marks(block);
            if marks == 0 {
                room.push_start(block, BLOCK);
                at += BLOCK;
            } else {
                at = escape_block(&mut room, escaped, text, at, block, marks, BLOCK);
            }
        } else {
            let count = bytes.len() - at;
            let block = words::last_block(bytes, at);
            let marks = escaped.marks(&block) & low(count);
            at = escape_block(&mut room, escaped, text, at, &block, marks, count);
        }
    }
    room.push(b'"');
    let used = room.used;
    out.advance(used);
}

/// Writes so many bytes of a block, with escapes where the marks are. After a character that is not
/// ASCII others follow. Returns the place after them.
#[inline(always)]
fn escape_block(
    room: &mut Room<'_>,
    escaped: &Escaped,
    text: &str,
    at: usize,
    block: &[u8; BLOCK],
    mut marks: u32,
    count: usize,
) -> usize {
    let all = u128::from_le_bytes(*block);
    let mut from = 0;
    while marks != 0 {
        let place = marks.trailing_zeros() as usize % BLOCK;
        room.push_start(&(all >> (8 * from)).to_le_bytes(), place - from);
        let byte = block[place];
        if !byte.is_ascii() {
            return characters(room, escaped, text, at + place);
        }
        write(room, ESCAPES[usize::from(byte)]);
        from = place + 1;
        marks &= marks - 1;
    }
    // Where nothing is left, this is all by nothing.
    let rest = all.wrapping_shr(8 * from as u32);
    room.push_start(&rest.to_le_bytes(), count - from);
    at + count
}

/// Writes characters one by one until some are of ASCII, or there is little room left.
#[inline(always)]
fn characters(room: &mut Room<'_>, escaped: &Escaped, text: &str, mut at: usize) -> usize {
    const LEFT: usize = 3 * words::SIZE;
    let bytes = text.as_bytes();
    let six = |byte: u8| u16::from(byte & 0x3f);
    let mut plain = 0;
    // As long as there are enough for any character.
    while let Some(&[first, second, third, _]) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        if room.left() < LEFT {
            return at;
        }
        let (point, size) = match first {
            ..0x80 => {
                write(room, escaped.ascii(first));
                at += 1;
                plain += 1;
                if plain == PATIENCE {
                    return at;
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
        write(room, unit(point));
        at += size;
    }
    // A character that is of four bytes or near the end.
    if let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) {
        at += character.len_utf8();
        match u8::try_from(character) {
            Ok(byte @ ..0x80) => write(room, escaped.ascii(byte)),
            _ => units(character.into())
                .into_iter()
                .for_each(|unit| write(room, unit)),
        }
    }
    at
}

/// The escapes of one unit or two. Nothing is written for a second one that there is not.
fn units(point: u32) -> [u64; 2] {
    if let Ok(one) = u16::try_from(point) {
        return [unit(one), 0];
    }
    let above = point - 0x1_0000;
    [
        unit(0xd800 | (above >> 10) as u16),
        unit(0xdc00 | (above & 0x3ff) as u16),
    ]
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
