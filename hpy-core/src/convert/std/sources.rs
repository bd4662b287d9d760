//! Where the items of collections come from, and go to, without the Rust types that they convert
//! to: compiled once for all of those.

use crate::exceptions::{Exception, TypeError};
use crate::object::iterate::Iter;
use crate::types::downcast::exactly;
use crate::types::{Dict, List, Str, Tuple};
use crate::{Error, Handle, Result};

/// How much is reserved on the word of a Python object: `__len__` may answer anything.
const TRUSTED_LEN: usize = 4096;

/// The items of an object that can be iterated.
pub(super) struct Items<'a, 'ctx> {
    source: Source<'a, 'ctx>,
    /// How many were given.
    given: usize,
    /// How many there are, as far as the object says.
    len: usize,
}

enum Source<'a, 'ctx> {
    List(&'a Handle<'ctx, List>),
    Tuple(&'a Handle<'ctx, Tuple>),
    Iterator(Iter<'ctx>),
}

impl<'a, 'ctx> Items<'a, 'ctx> {
    /// Those of any object but a str.
    #[inline(never)]
    pub(super) fn of(handle: &'a Handle<'ctx>) -> Result<Self> {
        // A subclass may iterate in its own way, and is then asked, as Python's `list()` asks it.
        let (source, len) = if let Some(list) = exactly::<List>(handle) {
            (Source::List(list), list.len())
        } else if let Some(tuple) = exactly::<Tuple>(handle) {
            (Source::Tuple(tuple), tuple.len())
        } else {
            if handle.is_instance_of::<Str>() {
                return Err(TypeError::new("must be a sequence, not str"));
            }
            let len = match handle.length() {
                Ok(len) => len,
                // The length is only a help. What is no `Exception`, as KeyboardInterrupt, is not
                // for us to drop.
                Err(error) if error.is_instance_of::<Exception>(handle.ctx()) => 0,
                Err(error) => return Err(error),
            };
            (Source::Iterator(handle.iter()?), len)
        };
        Ok(Self::new(source, len))
    }

    /// Those of an object with this length, by its iterator.
    pub(super) fn iterated(handle: &'a Handle<'ctx>) -> Result<Self> {
        let len = handle.length()?;
        Ok(Self::new(Source::Iterator(handle.iter()?), len))
    }

    fn new(source: Source<'a, 'ctx>, len: usize) -> Self {
        let given = 0;
        Self { source, given, len }
    }

    /// How many places are worth reserving.
    pub(super) fn trusted_len(&self) -> usize {
        self.len.min(TRUSTED_LEN)
    }

    /// The next one.
    #[inline(never)]
    pub(super) fn next(&mut self) -> Option<Result<Handle<'ctx>>> {
        let index = self.given;
        self.given += 1;
        let (item, sequence, len) = match &mut self.source {
            Source::List(list) => (list.get(index), list.as_object(), list.len()),
            Source::Tuple(tuple) => (tuple.get(index), tuple.as_object(), tuple.len()),
            Source::Iterator(iterator) => return iterator.next(),
        };
        match item {
            Some(item) => Some(Ok(item)),
            None => held_back(sequence, index, len),
        }
    }

    /// An error of the item that was given last.
    #[cold]
    pub(super) fn error(&self, error: Error, item: &Handle<'ctx>) -> Error {
        error.in_item(item.ctx(), self.given - 1)
    }
}

/// An item before the end that could not be had: PyPy 8 makes tuples anew for C, with all that is
/// in them, and fails at one that is nested too deep, or at a subclass whose `__iter__` raises. The
/// second time it says why, or has it.
#[cold]
#[inline(never)]
pub(crate) fn held_back<'ctx>(
    sequence: &Handle<'ctx>,
    index: usize,
    len: usize,
) -> Option<Result<Handle<'ctx>>> {
    let ctx = sequence.ctx();
    let may_be = index < len && ctx.raw.is_direct() && ctx.is_on_pypy();
    may_be.then(|| sequence.get_item(index))
}

/// The pairs of a mapping.
pub(super) enum Pairs<'a, 'ctx> {
    /// Those of a dict, as they were when it was met.
    Dict(std::vec::IntoIter<(Handle<'ctx>, Handle<'ctx>)>),
    /// Of any object with `keys()`.
    Keys(&'a Handle<'ctx>, Iter<'ctx>),
}

impl<'a, 'ctx> Pairs<'a, 'ctx> {
    #[inline(never)]
    pub(super) fn of(handle: &'a Handle<'ctx>) -> Result<Self> {
        // As of lists; there is no constant for the type everywhere.
        if handle.is_instance_of::<Dict>()
            && let Ok(dict) = handle.downcast::<Dict>()
            && handle.type_().is(&handle.ctx().dict()?.as_object().type_())
        {
            return Ok(Self::Dict(dict.items()?.into_iter()));
        }
        match handle.getattr_opt(c"keys")? {
            Some(keys) => Ok(Self::Keys(handle, keys.call0()?.iter()?)),
            None => Err(handle.wrong_type("dict")),
        }
    }

    /// The next one.
    #[inline(never)]
    pub(super) fn next(&mut self) -> Option<Result<(Handle<'ctx>, Handle<'ctx>)>> {
        match self {
            Self::Dict(pairs) => pairs.next().map(Ok),
            Self::Keys(mapping, keys) => {
                let pair = keys.next()?.and_then(|key| {
                    let value = mapping.get_item(&key)?;
                    Ok((key, value))
                });
                Some(pair)
            }
        }
    }
}
