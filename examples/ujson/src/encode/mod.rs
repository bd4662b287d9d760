//! Python objects to JSON.

mod float;
pub mod other;
mod output;
mod text;

use crate::options::Options;
use hpy::exceptions::OverflowError;
use hpy::prelude::*;
use hpy::types::Kind;
use output::Output;

/// How deep objects may be nested. A container within itself ends here too.
const DEPTH_LIMIT: usize = 1024;

/// The object's JSON form.
pub fn to_str<'ctx>(
    object: &Handle<'ctx>,
    options: &Options<'_, 'ctx>,
) -> Result<Handle<'ctx, Str>> {
    let mut encoder = Encoder {
        ctx: object.ctx(),
        options,
        escaped: text::Escaped::new(options),
        out: Output::new(),
        open: Vec::new(),
    };
    encoder.value(object)?;
    text::finish(encoder.ctx, encoder.out.as_bytes())
}

pub struct Encoder<'a, 'ctx> {
    ctx: Context<'ctx>,
    options: &'a Options<'a, 'ctx>,
    escaped: text::Escaped,
    /// UTF-8, unless an object's own bytes are none.
    out: Output,
    open: Vec<Open<'ctx>>,
}

/// A container that is being written. Containers are kept here, since a call for each would need a
/// stack as deep as the objects. PyPy's stack ends early, and the process with it.
struct Open<'ctx> {
    items: Items<'ctx>,
    /// How many items have been written.
    written: usize,
}

enum Items<'ctx> {
    List(Handle<'ctx, List>),
    Tuple(Handle<'ctx, Tuple>),
    Pairs(std::vec::IntoIter<(Handle<'ctx>, Handle<'ctx>)>),
    Sorted(Handle<'ctx, Dict>, Handle<'ctx, List>),
}

impl<'ctx> Encoder<'_, 'ctx> {
    fn value(&mut self, value: &Handle<'ctx>) -> Result<()> {
        let mut next = Some(value.dup());
        while let Some(value) = next {
            self.begin(value)?;
            next = self.next()?;
        }
        Ok(())
    }

    /// Writes a value, or opens it.
    #[inline(always)]
    fn begin(&mut self, value: Handle<'ctx>) -> Result<()> {
        match value.kind() {
            Kind::Str(text) => self.text(text),
            Kind::Int(int) => self.int(int),
            Kind::Float(float) => {
                float::write(&mut self.out, float.value(), self.options.allow_nan)
            }
            Kind::None => self.literal(b"null"),
            Kind::Bool(true) => self.literal(b"true"),
            Kind::Bool(false) => self.literal(b"false"),
            Kind::List(list) if list.is_empty() => self.literal(b"[]"),
            Kind::List(list) => self.open(b'[', Items::List(list.dup())),
            Kind::Tuple(tuple) if tuple.is_empty() => self.literal(b"[]"),
            Kind::Tuple(tuple) => self.open(b'[', Items::Tuple(tuple.dup())),
            Kind::Dict(dict) => self.dict(dict),
            Kind::Bytes(bytes) if !self.options.reject_bytes => self.quoted(bytes.as_bytes()),
            _ => self.other(value),
        }
    }

    /// The next value to be written: the one after it closes what has come to an end.
    #[inline(always)]
    fn next(&mut self) -> Result<Option<Handle<'ctx>>> {
        while let Some(open) = self.open.last_mut() {
            let place = open.written;
            open.written += 1;
            let (item, bracket) = match &mut open.items {
                Items::List(list) => (list.get(place), b']'),
                Items::Tuple(tuple) => (tuple.get(place), b']'),
                Items::Pairs(pairs) => {
                    let pair = pairs.next();
                    if let Some((key, value)) = pair {
                        self.separate(place);
                        self.key(&key)?;
                        return Ok(Some(value));
                    }
                    (None, b'}')
                }
                Items::Sorted(dict, keys) => {
                    let Some(key) = keys.get(place) else {
                        self.close(b'}');
                        continue;
                    };
                    // What a hook has removed since is left out.
                    let Some(value) = dict.get(&key)? else {
                        continue;
                    };
                    self.separate(place);
                    self.key(&key)?;
                    return Ok(Some(value));
                }
            };
            if item.is_some() {
                self.separate(place);
                return Ok(item);
            }
            self.close(bracket);
        }
        Ok(None)
    }

    #[inline(always)]
    fn literal(&mut self, literal: &[u8]) -> Result<()> {
        self.out.extend_from_slice(literal);
        Ok(())
    }

    fn int(&mut self, int: &Handle<'ctx, Int>) -> Result<()> {
        match int.extract::<i64>() {
            Ok(value) => {
                let mut buffer = itoa::Buffer::new();
                self.literal(buffer.format(value).as_bytes())
            }
            Err(error) if error.is_instance_of::<OverflowError>(self.ctx) => self.long(int),
            Err(error) => Err(error),
        }
    }

    /// An int of more than 64 bits, whatever a subclass has for `__str__`.
    #[cold]
    fn long(&mut self, int: &Handle<'ctx, Int>) -> Result<()> {
        let repr = Int::type_object(self.ctx)?.getattr(c"__repr__")?;
        let digits = repr.call1((int,))?;
        self.literal(digits.extract::<&str>()?.as_bytes())
    }

    fn dict(&mut self, dict: &Handle<'ctx, Dict>) -> Result<()> {
        let items = if self.options.sort_keys {
            let keys = dict.keys()?;
            keys.sort()?;
            Items::Sorted(dict.dup(), keys)
        } else {
            Items::Pairs(dict.items()?.into_iter())
        };
        let is_empty = match &items {
            Items::Pairs(pairs) => pairs.as_slice().is_empty(),
            _ => dict.is_empty(),
        };
        if is_empty {
            return self.literal(b"{}");
        }
        self.open(b'{', items)
    }

    #[inline]
    fn key(&mut self, key: &Handle<'ctx>) -> Result<()> {
        match key.kind() {
            Kind::Str(text) => self.text(text)?,
            Kind::Bytes(bytes) => self.quoted(bytes.as_bytes())?,
            Kind::None => self.literal(b"\"null\"")?,
            Kind::Bool(true) => self.literal(b"\"true\"")?,
            Kind::Bool(false) => self.literal(b"\"false\"")?,
            _ => self.text(&key.str()?)?,
        }
        push(&mut self.out, self.options.key_separator.as_bytes());
        Ok(())
    }

    fn open(&mut self, bracket: u8, items: Items<'ctx>) -> Result<()> {
        if self.open.len() == DEPTH_LIMIT {
            return Err(too_deep());
        }
        self.open.push(Open { items, written: 0 });
        self.out.push(bracket);
        Ok(())
    }

    /// Writes what stands before an item.
    #[inline(always)]
    fn separate(&mut self, written: usize) {
        if written > 0 {
            push(&mut self.out, self.options.item_separator.as_bytes());
        }
        self.line();
    }

    fn close(&mut self, bracket: u8) {
        self.open.pop();
        self.line();
        self.out.push(bracket);
    }

    #[inline(always)]
    fn line(&mut self) {
        if self.options.indent > 0 {
            self.out.push(b'\n');
            let spaces = self.options.indent * self.open.len();
            self.out.spaces(spaces);
        }
    }
}

/// Appends what is nearly always one byte.
#[inline(always)]
fn push(out: &mut Output, separator: &[u8]) {
    match separator {
        [byte] => out.push(*byte),
        _ => out.extend_from_slice(separator),
    }
}

#[cold]
fn too_deep() -> Error {
    OverflowError::new("Maximum recursion level reached")
}
