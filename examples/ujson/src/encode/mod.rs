//! Python objects to JSON.

mod float;
mod int;
mod keys;
pub mod other;
mod output;
mod text;

use crate::options::Options;
use hpy::exceptions::OverflowError;
use hpy::prelude::*;
use hpy::types::Kind;
use keys::Keys;
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
        is_plain: options.item_separator.as_bytes() == b"," && options.indent == 0,
        out: Output::new(),
        open: Vec::new(),
        pairs: Vec::new(),
        keys: Keys::new(),
    };
    encoder.value(object)?;
    text::finish(encoder.ctx, encoder.out.as_bytes())
}

pub struct Encoder<'a, 'ctx> {
    ctx: Context<'ctx>,
    options: &'a Options<'a, 'ctx>,
    escaped: text::Escaped,
    /// Whether there is a comma between items, and nothing else.
    is_plain: bool,
    /// UTF-8, unless an object's own bytes are none.
    out: Output,
    /// The containers that are being written. They are kept here, since a call for each would need
    /// a stack as deep as the objects. PyPy's stack ends early, and the process with it.
    open: Vec<Open<'ctx>>,
    /// Of the dicts that are being written, those that are to come, the next one last.
    pairs: Vec<(Handle<'ctx>, Handle<'ctx>)>,
    keys: Keys<'ctx>,
}

/// A container that is being written.
struct Open<'ctx> {
    items: Items<'ctx>,
    /// How many items have been looked at.
    place: usize,
    /// What stands before the next item: the bracket, until one has been written.
    lead: u8,
}

enum Items<'ctx> {
    List(Handle<'ctx, List>),
    Tuple(Handle<'ctx, Tuple>),
    /// The pairs from this one on.
    Pairs(usize),
    Sorted(Handle<'ctx, Dict>, Handle<'ctx, List>),
}

/// Before an item that follows another, where no single byte stands there.
const SEPARATED: u8 = 0;

impl<'ctx> Encoder<'_, 'ctx> {
    fn value(&mut self, value: &Handle<'ctx>) -> Result<()> {
        self.begin(value)?;
        while let Some(open) = self.open.last() {
            let (place, lead) = (open.place, open.lead);
            // Kept for as long as its items are written, whatever happens to what is open.
            let has_inner = match &open.items {
                Items::List(list) => {
                    let list = list.dup();
                    self.items(list.iter(), place, lead)?
                }
                Items::Tuple(tuple) => {
                    let tuple = tuple.dup();
                    self.items(tuple.iter(), place, lead)?
                }
                Items::Pairs(first) => {
                    let first = *first;
                    self.pairs(first, lead)?
                }
                Items::Sorted(dict, keys) => {
                    let (dict, keys) = (dict.dup(), keys.dup());
                    self.sorted(&dict, &keys, place, lead)?
                }
            };
            if !has_inner {
                self.close();
            }
        }
        Ok(())
    }

    /// Writes a value, or what stands before the items of a container. Returns whether it is one.
    #[inline(always)]
    fn begin(&mut self, value: &Handle<'ctx>) -> Result<bool> {
        match value.kind() {
            Kind::Str(text) => self.text(text)?,
            Kind::Int(int) => self.int(int)?,
            Kind::Float(float) => {
                float::write(&mut self.out, float.value(), self.options.allow_nan)?;
            }
            Kind::None => self.out.push_start(b"null", 4),
            Kind::Bool(true) => self.out.push_start(b"true", 4),
            Kind::Bool(false) => self.out.push_start(b"false\0\0\0", 5),
            Kind::List(list) if list.is_empty() => self.out.push_start(b"[]", 2),
            Kind::List(list) => return self.open(b'[', Items::List(list.dup())),
            Kind::Tuple(tuple) if tuple.is_empty() => self.out.push_start(b"[]", 2),
            Kind::Tuple(tuple) => return self.open(b'[', Items::Tuple(tuple.dup())),
            Kind::Dict(dict) => return self.dict(dict),
            Kind::Bytes(bytes) if !self.options.reject_bytes => self.quoted(bytes.as_bytes())?,
            _ => return self.other(value),
        }
        Ok(false)
    }

    #[inline(always)]
    fn open(&mut self, lead: u8, items: Items<'ctx>) -> Result<bool> {
        if self.open.len() == DEPTH_LIMIT {
            return Err(too_deep());
        }
        // So it is put in its place at once, as nothing else can happen before.
        self.open.reserve(1);
        self.open.push(Open {
            items,
            place: 0,
            lead,
        });
        Ok(true)
    }

    /// Keeps how far the container is around the one that has just been opened.
    #[inline(always)]
    fn leave(&mut self, place: usize, lead: u8) -> Result<bool> {
        if let [.., outer, _] = &mut self.open[..] {
            (outer.place, outer.lead) = (place, lead);
        }
        Ok(true)
    }

    /// Writes what stands before the items, if none has been written.
    #[inline(always)]
    fn end(&mut self, lead: u8) -> Result<bool> {
        if matches!(lead, b'[' | b'{') {
            self.out.push(lead);
        }
        Ok(false)
    }

    /// Writes the items from a place on. Returns whether one of them is a container, with whose
    /// items it goes on.
    #[inline(always)]
    fn items(
        &mut self,
        items: impl Iterator<Item = Handle<'ctx>>,
        mut place: usize,
        mut lead: u8,
    ) -> Result<bool> {
        for item in items.skip(place) {
            place += 1;
            self.separate(&mut lead);
            if self.begin(&item)? {
                return self.leave(place, lead);
            }
        }
        self.end(lead)
    }

    #[inline(always)]
    fn pairs(&mut self, first: usize, mut lead: u8) -> Result<bool> {
        while self.pairs.len() > first
            && let Some((key, value)) = self.pairs.pop()
        {
            self.key(&key, &mut lead)?;
            if self.begin(&value)? {
                return self.leave(0, lead);
            }
        }
        self.end(lead)
    }

    fn sorted(
        &mut self,
        dict: &Handle<'ctx, Dict>,
        keys: &Handle<'ctx, List>,
        mut place: usize,
        mut lead: u8,
    ) -> Result<bool> {
        while let Some(key) = keys.get(place) {
            place += 1;
            // What a hook has removed since is left out.
            let Some(value) = dict.get(&key)? else {
                continue;
            };
            self.key(&key, &mut lead)?;
            if self.begin(&value)? {
                return self.leave(place, lead);
            }
        }
        self.end(lead)
    }

    #[inline(always)]
    fn literal(&mut self, literal: &[u8]) {
        self.out.extend_from_slice(literal);
    }

    #[inline(always)]
    fn int(&mut self, int: &Handle<'ctx, Int>) -> Result<()> {
        match int.extract::<i64>() {
            Ok(value) => {
                int::write(&mut self.out, value);
                Ok(())
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
        self.literal(digits.extract::<&str>()?.as_bytes());
        Ok(())
    }

    fn dict(&mut self, dict: &Handle<'ctx, Dict>) -> Result<bool> {
        let items = if self.options.sort_keys {
            let keys = dict.keys()?;
            keys.sort()?;
            if dict.is_empty() {
                self.literal(b"{}");
                return Ok(false);
            }
            Items::Sorted(dict.dup(), keys)
        } else {
            let first = self.pairs.len();
            dict.items_into(&mut self.pairs)?;
            let pairs = self.pairs.get_mut(first..).unwrap_or_default();
            if pairs.is_empty() {
                self.literal(b"{}");
                return Ok(false);
            }
            pairs.reverse();
            Items::Pairs(first)
        };
        self.open(b'{', items)
    }

    /// Writes a key, with what stands before and after it.
    #[inline(always)]
    fn key(&mut self, key: &Handle<'ctx>, lead: &mut u8) -> Result<()> {
        if !self.is_plain {
            return self.key_of_any_kind(key, lead);
        }
        let Some(known) = self.keys.next(key) else {
            return self.new_key(key, lead);
        };
        known.write(&mut self.out, *lead);
        *lead = b',';
        Ok(())
    }

    /// One that did not follow the one before until now.
    #[inline(never)]
    fn new_key(&mut self, key: &Handle<'ctx>, lead: &mut u8) -> Result<()> {
        let start = self.out.len();
        self.key_of_any_kind(key, lead)?;
        if self.keys.begin() && key.is_instance_of::<Str>() {
            self.keys.remember(key, self.out.since(start));
        }
        Ok(())
    }

    #[inline(never)]
    fn key_of_any_kind(&mut self, key: &Handle<'ctx>, lead: &mut u8) -> Result<()> {
        self.separate(lead);
        match key.kind() {
            Kind::Str(text) => self.text(text)?,
            Kind::Bytes(bytes) => self.quoted(bytes.as_bytes())?,
            Kind::None => self.literal(b"\"null\""),
            Kind::Bool(true) => self.literal(b"\"true\""),
            Kind::Bool(false) => self.literal(b"\"false\""),
            _ => self.text(&key.str()?)?,
        }
        self.literal(self.options.key_separator.as_bytes());
        Ok(())
    }

    /// Writes what stands before an item.
    #[inline(always)]
    fn separate(&mut self, lead: &mut u8) {
        if self.is_plain {
            self.out.push(*lead);
            *lead = b',';
        } else {
            self.separate_by_more(lead);
        }
    }

    #[inline(never)]
    fn separate_by_more(&mut self, lead: &mut u8) {
        match *lead {
            SEPARATED => self
                .out
                .extend_from_slice(self.options.item_separator.as_bytes()),
            bracket => self.out.push(bracket),
        }
        *lead = SEPARATED;
        self.line(self.open.len());
    }

    fn close(&mut self) {
        let Some(open) = self.open.last() else {
            return;
        };
        let closing = match open.items {
            Items::List(_) | Items::Tuple(_) => b']',
            Items::Pairs(_) | Items::Sorted(..) => b'}',
        };
        self.open.pop();
        self.line(self.open.len());
        self.out.push(closing);
    }

    #[inline(always)]
    fn line(&mut self, depth: usize) {
        if self.options.indent > 0 {
            self.out.push(b'\n');
            self.out.spaces(self.options.indent * depth);
        }
    }
}

#[cold]
fn too_deep() -> Error {
    OverflowError::new("Maximum recursion level reached")
}
