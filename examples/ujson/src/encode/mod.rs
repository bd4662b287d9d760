//! Python objects to JSON.

mod float;
mod int;
mod keys;
pub mod other;
mod output;
mod text;

use crate::options::Options;
use core::mem;
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
        outer: Vec::new(),
        sorted: Vec::new(),
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
    /// The containers around the one that is being written. They are kept here, since a call for
    /// each would need a stack as deep as the objects. PyPy's stack ends early, and the process
    /// with it.
    outer: Vec<Open<'ctx>>,
    /// The keys of those dicts whose keys are sorted.
    sorted: Vec<Handle<'ctx, List>>,
    keys: Keys<'ctx>,
}

type Pair<'ctx> = (Handle<'ctx>, Handle<'ctx>);

/// A container that is being written.
struct Open<'ctx> {
    container: Container<'ctx>,
    /// Where a dict's pairs begin.
    first: usize,
    /// How many items have been looked at.
    place: usize,
    /// What stands before the next item: the bracket, until one has been written.
    lead: u8,
}

/// All have one handle each, so that they are passed in registers.
enum Container<'ctx> {
    List(Handle<'ctx, List>),
    Tuple(Handle<'ctx, Tuple>),
    Dict(Handle<'ctx, Dict>),
    Sorted(Handle<'ctx, Dict>),
}

/// Before an item that follows another, where no single byte stands there.
const SEPARATED: u8 = 0;

impl<'ctx> Encoder<'_, 'ctx> {
    fn value(&mut self, value: &Handle<'ctx>) -> Result<()> {
        let mut pairs = Vec::new();
        let Some(container) = self.begin(value)? else {
            return Ok(());
        };
        let Some(mut open) = self.open(container, &mut pairs)? else {
            return Ok(());
        };
        loop {
            let (mut place, mut lead) = (open.place, open.lead);
            let inner = match &open.container {
                Container::List(list) => self.items(list.iter(), &mut place, &mut lead)?,
                Container::Tuple(tuple) => self.items(tuple.iter(), &mut place, &mut lead)?,
                Container::Dict(_) => {
                    let left = pairs.get(open.first + place..).unwrap_or_default();
                    self.pairs(left, &mut place, &mut lead)?
                }
                Container::Sorted(dict) => self.sorted(dict, &mut place, &mut lead)?,
            };
            if let Some(container) = inner {
                (open.place, open.lead) = (place, lead);
                if let Some(inner) = self.open(container, &mut pairs)? {
                    self.outer.push(mem::replace(&mut open, inner));
                }
                continue;
            }
            self.close(&open, lead, &mut pairs);
            let Some(outer) = self.outer.pop() else {
                return Ok(());
            };
            open = outer;
        }
    }

    /// Writes a value, or returns a container whose items are to be written.
    #[inline(always)]
    fn begin(&mut self, value: &Handle<'ctx>) -> Result<Option<Container<'ctx>>> {
        match value.kind() {
            Kind::Str(text) => self.text(text)?,
            Kind::Int(int) => self.int(int)?,
            Kind::Float(float) => {
                float::write(&mut self.out, float.value(), self.options.allow_nan)?;
            }
            Kind::None => self.out.push_start(b"null", 4),
            Kind::Bool(value) => {
                // Chosen without a jump: which of them comes cannot be foreseen.
                let (word, length) = if value {
                    (b"true\0\0\0\0", 4)
                } else {
                    (b"false\0\0\0", 5)
                };
                self.out.push_start(word, length);
            }
            Kind::List(list) if list.is_empty() => self.out.push_start(b"[]", 2),
            Kind::List(list) => return Ok(Some(Container::List(list.dup()))),
            Kind::Tuple(tuple) if tuple.is_empty() => self.out.push_start(b"[]", 2),
            Kind::Tuple(tuple) => return Ok(Some(Container::Tuple(tuple.dup()))),
            Kind::Dict(dict) => return self.dict(dict),
            Kind::Bytes(bytes) if !self.options.reject_bytes => self.quoted(bytes.as_bytes())?,
            _ => return self.other(value),
        }
        Ok(None)
    }

    #[inline(always)]
    fn dict(&mut self, dict: &Handle<'ctx, Dict>) -> Result<Option<Container<'ctx>>> {
        Ok(Some(if self.options.sort_keys {
            Container::Sorted(dict.dup())
        } else {
            Container::Dict(dict.dup())
        }))
    }

    /// The container with all its items to come. None if it is empty, and has been written.
    #[inline(always)]
    fn open(
        &mut self,
        container: Container<'ctx>,
        pairs: &mut Vec<Pair<'ctx>>,
    ) -> Result<Option<Open<'ctx>>> {
        let first = pairs.len();
        let lead = match &container {
            Container::List(_) | Container::Tuple(_) => b'[',
            Container::Dict(dict) => {
                dict.items_into(pairs)?;
                if pairs.len() == first {
                    self.literal(b"{}");
                    return Ok(None);
                }
                b'{'
            }
            Container::Sorted(dict) => {
                let keys = dict.keys()?;
                keys.sort()?;
                if dict.is_empty() {
                    self.literal(b"{}");
                    return Ok(None);
                }
                self.sorted.push(keys);
                b'{'
            }
        };
        // Beside those around it there is the one that is being written.
        if self.outer.len() + 1 == DEPTH_LIMIT {
            return Err(too_deep());
        }
        Ok(Some(Open {
            container,
            first,
            place: 0,
            lead,
        }))
    }

    /// Writes the items from a place on, up to a container, which it returns.
    #[inline(always)]
    fn items(
        &mut self,
        items: impl Iterator<Item = Handle<'ctx>>,
        place: &mut usize,
        lead: &mut u8,
    ) -> Result<Option<Container<'ctx>>> {
        for item in items.skip(*place) {
            *place += 1;
            self.separate(lead);
            if let Some(inner) = self.begin(&item)? {
                return Ok(Some(inner));
            }
        }
        Ok(None)
    }

    /// Likewise pairs.
    #[inline(always)]
    fn pairs(
        &mut self,
        pairs: &[Pair<'ctx>],
        place: &mut usize,
        lead: &mut u8,
    ) -> Result<Option<Container<'ctx>>> {
        for (key, value) in pairs {
            *place += 1;
            self.key(key, lead)?;
            if let Some(inner) = self.begin(value)? {
                return Ok(Some(inner));
            }
        }
        Ok(None)
    }

    #[inline(never)]
    fn sorted(
        &mut self,
        dict: &Handle<'ctx, Dict>,
        place: &mut usize,
        lead: &mut u8,
    ) -> Result<Option<Container<'ctx>>> {
        while let Some(key) = self.sorted.last().and_then(|keys| keys.get(*place)) {
            *place += 1;
            // What a hook has removed since is left out.
            let Some(value) = dict.get(&key)? else {
                continue;
            };
            self.key(&key, lead)?;
            if let Some(inner) = self.begin(&value)? {
                return Ok(Some(inner));
            }
        }
        Ok(None)
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
        self.line(self.outer.len() + 1);
    }

    /// Writes what stands after the items, and before them if there has been none.
    #[inline(always)]
    fn close(&mut self, open: &Open<'ctx>, lead: u8, pairs: &mut Vec<Pair<'ctx>>) {
        if matches!(lead, b'[' | b'{') {
            self.out.push(lead);
        }
        let closing = match open.container {
            Container::List(_) | Container::Tuple(_) => b']',
            Container::Dict(_) => {
                pairs.truncate(open.first);
                b'}'
            }
            Container::Sorted(_) => {
                self.sorted.pop();
                b'}'
            }
        };
        self.line(self.outer.len());
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
