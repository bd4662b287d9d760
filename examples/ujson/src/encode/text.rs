//! Strings: in quotes, with escapes.

use super::Encoder;
use crate::options::Options;
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
}

/// So many bytes are decided on at once, which the compiler does with vectors.
type Chunk = [u8; 16];

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
        }
    }

    #[inline(always)]
    fn has(self, byte: u8) -> bool {
        (byte < 0x20)
            | (byte == b'"')
            | (byte == b'\\')
            | (byte == self.slash)
            | (byte & self.high != 0)
            | (self.html & matches!(byte, b'<' | b'>' | b'&'))
    }

    #[inline(always)]
    fn any(self, chunk: &Chunk) -> bool {
        chunk
            .iter()
            .fold(false, |found, &byte| found | self.has(byte))
    }

    /// Where the next one is.
    #[inline(always)]
    fn find(self, bytes: &[u8]) -> Option<usize> {
        // The compiler makes two loops of this, as the option never changes.
        if self.html {
            return bytes.iter().position(|&byte| self.has(byte));
        }
        let escaped = Self {
            html: false,
            ..self
        };
        let mut at = 0;
        while let Some(chunk) = bytes[at..].first_chunk() {
            if escaped.any(chunk) {
                let found = chunk.iter().position(|&byte| escaped.has(byte))?;
                return Some(at + found);
            }
            at += chunk.len();
        }
        let rest = &bytes[at..];
        let mut last: Chunk = [b' '; 16];
        last[..rest.len()].copy_from_slice(rest);
        if !escaped.any(&last) {
            return None;
        }
        let found = rest.iter().position(|&byte| escaped.has(byte))?;
        Some(at + found)
    }
}

impl<'ctx> Encoder<'_, 'ctx> {
    #[inline]
    pub(super) fn text(&mut self, text: &Handle<'ctx, Str>) -> Result<()> {
        match text.to_str() {
            Ok(text) => self.quoted(text.as_bytes()),
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
    #[inline]
    pub(super) fn quoted(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.push(b'"');
        let mut rest = bytes;
        while let Some(at) = self.escaped.find(rest) {
            let (plain, from) = rest.split_at(at);
            self.out.extend_from_slice(plain);
            rest = self.some_escaped(from)?;
        }
        self.out.extend_from_slice(rest);
        self.out.push(b'"');
        Ok(())
    }

    /// Writes byte by byte, since escaped bytes often follow one another, until some are not
    /// escaped. Returns what is left.
    fn some_escaped<'b>(&mut self, bytes: &'b [u8]) -> Result<&'b [u8]> {
        let mut rest = bytes;
        let mut plain = 0;
        while let Some(&byte) = rest.first() {
            let length = if byte & self.escaped.high != 0 {
                plain = 0;
                self.character(rest)?
            } else if self.escaped.has(byte) {
                plain = 0;
                self.escape(byte)
            } else if plain == size_of::<Chunk>() {
                break;
            } else {
                plain += 1;
                self.out.push(byte);
                1
            };
            rest = &rest[length..];
        }
        Ok(rest)
    }

    /// Writes a character of ASCII; its length.
    fn escape(&mut self, byte: u8) -> usize {
        let letter = match byte {
            b'"' | b'\\' | b'/' => byte,
            0x08 => b'b',
            0x0c => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => {
                self.unit(byte.into());
                return 1;
            }
        };
        self.out.extend_from_slice(&[b'\\', letter]);
        1
    }

    /// `\u1234`
    #[inline(always)]
    fn unit(&mut self, unit: u16) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |shift: u16| DIGITS[usize::from(unit >> shift & 0xf)];
        self.out
            .extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
    }

    /// Beyond ASCII; the length of what is written.
    #[inline(always)]
    fn character(&mut self, bytes: &[u8]) -> Result<usize> {
        // Most texts consist of these.
        match *bytes {
            [first @ 0xc2..=0xdf, second @ 0x80..=0xbf, ..] => {
                self.unit(u16::from(first & 0x1f) << 6 | u16::from(second & 0x3f));
                Ok(2)
            }
            [
                first @ 0xe1..=0xef,
                second @ 0x80..=0xbf,
                third @ 0x80..=0xbf,
                ..,
            ] => {
                let low = u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f);
                self.unit(u16::from(first & 0xf) << 12 | low);
                Ok(3)
            }
            _ => self.rare_character(bytes),
        }
    }

    #[inline(never)]
    fn rare_character(&mut self, bytes: &[u8]) -> Result<usize> {
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
        match u16::try_from(point) {
            Ok(unit) => self.unit(unit),
            Err(_) if point > 0x10_ffff => {
                return Err(wrong(">U+10FFFF in 4-byte UTF-8 sequence detected"));
            }
            Err(_) => {
                let above = point - 0x1_0000;
                self.unit(0xd800 | (above >> 10) as u16);
                self.unit(0xdc00 | (above & 0x3ff) as u16);
            }
        }
        Ok(length)
    }
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
