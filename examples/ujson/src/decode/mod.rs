//! JSON to Python objects.

pub mod error;
mod keys;
mod number;
mod text;

use error::decode_error;
use hpy::exceptions::TypeError;
use hpy::prelude::*;
use hpy::types::{ByteArray, MemoryView};
use keys::Keys;

/// How deep containers may be nested.
const DEPTH_LIMIT: usize = 1024;

/// Decodes a str, bytes or bytearray.
pub fn from_object<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let ctx = object.ctx();
    if let Ok(text) = object.downcast::<Str>() {
        return match text.to_str() {
            Ok(text) => document(ctx, text.as_bytes(), Some(text)),
            Err(_) => {
                let bytes = text.encode("utf-8", "surrogatepass")?;
                document(ctx, bytes.as_bytes(), None)
            }
        };
    }
    if let Ok(bytes) = object.downcast::<Bytes>() {
        return from_bytes(ctx, bytes.as_bytes());
    }
    if object.is_instance_of::<ByteArray>() {
        // A copy: what the decoding makes could make Python code run, and that change the bytes.
        return from_bytes(ctx, &object.extract::<Vec<u8>>()?);
    }
    Err(TypeError::new(if object.is_instance_of::<MemoryView>() {
        "Arbitrary bytes-like objects are no longer supported. Use either string, bytes, or \
         bytearray."
    } else {
        "Expected string, bytes, or bytearray"
    }))
}

fn from_bytes<'ctx>(ctx: Context<'ctx>, bytes: &[u8]) -> Result<Handle<'ctx>> {
    document(ctx, bytes, simdutf8::basic::from_utf8(bytes).ok())
}

fn document<'ctx>(ctx: Context<'ctx>, bytes: &[u8], text: Option<&str>) -> Result<Handle<'ctx>> {
    let mut decoder = Decoder {
        ctx,
        bytes,
        text,
        at: 0,
        // As many as most documents need at once.
        open: Vec::with_capacity(8),
        items: Vec::with_capacity(32),
        points: Vec::new(),
        scratch: Vec::new(),
        keys: Keys::for_input_of(bytes.len()),
    };
    let value = decoder.value()?;
    if decoder.peek().is_some() {
        return Err(decoder.error("Trailing data"));
    }
    Ok(value)
}

/// A container whose items are being read. Containers are kept here, since a call for each would
/// need a stack as deep as the document. PyPy's stack ends early, and the process with it.
enum Open<'ctx> {
    Array {
        /// Its first one among the items.
        first: usize,
    },
    Object {
        dict: Handle<'ctx, Dict>,
        /// None where something else stands for it, which may be wrong in itself.
        key: Option<Handle<'ctx>>,
    },
}

/// Where a value has been put.
enum Added<'ctx> {
    /// Into a container, which wants another.
    Open,
    /// Into a container, as its last.
    Closed(Handle<'ctx>),
    /// It is the document.
    Nowhere(Handle<'ctx>),
}

struct Decoder<'a, 'ctx> {
    ctx: Context<'ctx>,
    bytes: &'a [u8],
    /// The same, where it is valid: without lone surrogates, and with nothing that is no UTF-8.
    text: Option<&'a str>,
    at: usize,
    open: Vec<Open<'ctx>>,
    /// Of the arrays that are open.
    items: Vec<Handle<'ctx>>,
    /// For strings with escapes: of a text that is valid, and of other bytes.
    points: Vec<u32>,
    scratch: Vec<u8>,
    keys: Keys<'a, 'ctx>,
}

impl<'ctx> Decoder<'_, 'ctx> {
    /// The next byte that is no space.
    #[inline(always)]
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// The next byte that is no space, if it is this one: then it is read.
    #[inline(always)]
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self) -> Result<Handle<'ctx>> {
        loop {
            let mut value = match self.peek() {
                Some(b'[') => match self.array()? {
                    Some(empty) => empty,
                    None => continue,
                },
                Some(b'{') => match self.object()? {
                    Some(empty) => empty,
                    None => continue,
                },
                first => self.scalar(first)?,
            };
            loop {
                match self.add(value)? {
                    Added::Open => break,
                    Added::Closed(container) => value = container,
                    Added::Nowhere(value) => return Ok(value),
                }
            }
        }
    }

    #[inline(always)]
    fn scalar(&mut self, first: Option<u8>) -> Result<Handle<'ctx>> {
        match first {
            Some(b'"') => {
                self.at += 1;
                self.string()
            }
            Some(b'0'..=b'9' | b'-') => self.number(),
            Some(b't') => {
                self.word("true", "Unexpected character found when decoding 'true'")?;
                Ok(self.ctx.bool(true).into_object())
            }
            Some(b'f') => {
                self.word("false", "Unexpected character found when decoding 'false'")?;
                Ok(self.ctx.bool(false).into_object())
            }
            Some(b'n') => {
                self.word("null", "Unexpected character found when decoding 'null'")?;
                Ok(self.ctx.none().into_object())
            }
            Some(b'N') => {
                self.word("NaN", "Unexpected character found when decoding 'NaN'")?;
                self.float(f64::NAN)
            }
            Some(b'I') => {
                self.word(
                    "Infinity",
                    "Unexpected character found when decoding 'Infinity'",
                )?;
                self.float(f64::INFINITY)
            }
            _ => Err(self.error("Expected object or value")),
        }
    }

    #[inline]
    fn word(&mut self, word: &str, message: &'static str) -> Result<()> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.error(message));
        }
        self.at += word.len();
        Ok(())
    }

    fn float(&self, value: f64) -> Result<Handle<'ctx>> {
        Ok(self.ctx.float(value)?.into_object())
    }

    /// At a bracket: one that is empty, or an open one.
    fn array(&mut self) -> Result<Option<Handle<'ctx>>> {
        self.enter()?;
        if self.eat(b']') {
            return Ok(Some(self.ctx.empty_list()?.into_object()));
        }
        let first = self.items.len();
        self.open.push(Open::Array { first });
        Ok(None)
    }

    /// At a brace: one that is empty, or an open one whose first key has been read.
    fn object(&mut self) -> Result<Option<Handle<'ctx>>> {
        self.enter()?;
        let dict = self.ctx.dict()?;
        if self.eat(b'}') {
            return Ok(Some(dict.into_object()));
        }
        let key = self.key()?;
        self.open.push(Open::Object { dict, key });
        Ok(None)
    }

    fn enter(&mut self) -> Result<()> {
        if self.open.len() == DEPTH_LIMIT {
            return Err(self.error("Reached object decoding depth limit"));
        }
        self.at += 1;
        Ok(())
    }

    /// A key and its colon; None where something else stands there.
    #[inline(always)]
    fn key(&mut self) -> Result<Option<Handle<'ctx>>> {
        if !self.eat(b'"') {
            return Ok(None);
        }
        let key = self.key_text()?;
        if !self.eat(b':') {
            return Err(self.error("No ':' found when decoding object value"));
        }
        Ok(Some(key))
    }

    /// Puts a value where it belongs, and reads on to the next one's place.
    #[inline(always)]
    fn add(&mut self, value: Handle<'ctx>) -> Result<Added<'ctx>> {
        const IN_OBJECT: &str = "Unexpected character in found when decoding object value";
        match self.open.last_mut() {
            None => Ok(Added::Nowhere(value)),
            Some(Open::Array { first }) => {
                let first = *first;
                self.items.push(value);
                if self.eat(b',') {
                    if self.peek() == Some(b']') {
                        return Err(
                            self.error("Unexpected character found when decoding array value (1)")
                        );
                    }
                    return Ok(Added::Open);
                }
                if !self.eat(b']') {
                    return Err(
                        self.error("Unexpected character found when decoding array value (2)")
                    );
                }
                self.open.pop();
                let list = self.ctx.list(self.items.drain(first..))?;
                Ok(Added::Closed(list.into_object()))
            }
            Some(Open::Object { dict, key }) => {
                let Some(key) = key.take() else {
                    return Err(
                        self.error("Key name of object must be 'string' when decoding 'object'")
                    );
                };
                dict.set_item(&key, &value)?;
                if self.eat(b',') {
                    if self.peek() == Some(b'}') {
                        return Err(self.error(IN_OBJECT));
                    }
                    let next = self.key()?;
                    if let Some(Open::Object { key, .. }) = self.open.last_mut() {
                        *key = next;
                    }
                    return Ok(Added::Open);
                }
                match (self.eat(b'}'), self.open.pop()) {
                    (true, Some(Open::Object { dict, .. })) => {
                        Ok(Added::Closed(dict.into_object()))
                    }
                    _ => Err(self.error(IN_OBJECT)),
                }
            }
        }
    }

    #[cold]
    fn error(&self, message: &'static str) -> Error {
        decode_error(self.ctx, message)
    }
}
