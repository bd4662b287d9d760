//! From the array of arguments to one slot per parameter.

use super::{Args, KeywordArgs, Keywords, errors};
use crate::abi::{self, KeywordName};
use crate::handle::Borrowed;
use crate::{Error, Handle, Result};
use hpy_sys::*;

/// A signature, in a static that the macro writes.
#[derive(Debug)]
pub struct Signature {
    /// The function's Python name.
    pub function: &'static str,
    /// The parameters, without `*args` and `**kw`: positional ones first, those with defaults last
    /// among them.
    pub parameters: &'static [Parameter],
    /// The name of `*args`.
    pub var_positional: Option<&'static str>,
    /// The name of `**kw`.
    pub var_keyword: Option<&'static str>,
    /// As many as there are parameters; none for functions that take no keywords.
    pub keyword_names: &'static [KeywordName],
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its Python name.
    pub name: &'static str,
    /// How it can be passed.
    pub kind: ParameterKind,
    /// Whether it has no default.
    pub required: bool,
}

/// How a parameter can be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position.
    PositionalOnly,
    /// Both ways.
    PositionalOrKeyword,
    /// By keyword.
    KeywordOnly,
}

impl Signature {
    /// The number of parameters that can be passed by position.
    #[inline(always)]
    pub(super) fn positional(&self) -> usize {
        let positional = |parameter: &&Parameter| parameter.kind != ParameterKind::KeywordOnly;
        self.parameters.iter().filter(positional).count()
    }

    /// The parameter that the keyword names.
    #[inline]
    pub(super) fn keyword(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| {
            parameter.kind != ParameterKind::PositionalOnly && parameter.name == name
        })
    }
}

/// One slot per parameter, and what `*args` and `**kw` take.
///
/// The context stands beside the slots, not in each: where it is a constant, it stays one.
pub struct Parsed<'a, 'ctx, const N: usize> {
    /// Null where nothing was passed.
    slots: [HPy; N],
    rest: Args<'a, 'ctx>,
    keywords: Keywords<'a, 'ctx>,
}

impl<'a, 'ctx, const N: usize> Parsed<'a, 'ctx, N> {
    /// The argument of a parameter without default.
    #[inline(always)]
    pub fn required(&self, index: usize) -> Borrowed<'a, 'ctx> {
        match self.optional(index) {
            Some(handle) => handle,
            // `parse` has checked that every required slot is filled, and the macro asks for those.
            None => unreachable!(),
        }
    }

    /// The argument of a parameter with a default, if it was passed.
    #[inline(always)]
    pub fn optional(&self, index: usize) -> Option<Borrowed<'a, 'ctx>> {
        let raw = self.slots[index];
        // SAFETY: from the array of arguments, whose handles are open for `'a`.
        (!raw.is_null()).then(|| unsafe { Borrowed::new(self.rest.ctx, raw) })
    }

    /// What `*args` takes.
    #[inline(always)]
    pub fn rest(&self) -> Args<'a, 'ctx> {
        self.rest
    }

    /// What `**kw` takes.
    #[inline(always)]
    pub fn keywords(&self) -> Keywords<'a, 'ctx> {
        self.keywords
    }
}

/// As many arguments as there are parameters.
pub struct Exactly<'a, 'ctx, const N: usize>(Args<'a, 'ctx>);

impl<'a, 'ctx, const N: usize> Exactly<'a, 'ctx, N> {
    /// The argument of a parameter.
    #[inline(always)]
    pub fn required(&self, index: usize) -> Borrowed<'a, 'ctx> {
        assert!(index < N);
        // SAFETY: there are as many.
        unsafe { self.0.get_unchecked(index) }
    }
}

impl<'a, 'ctx> Args<'a, 'ctx> {
    /// For a function whose parameters all take one positional argument.
    ///
    /// # Errors
    /// TypeError, worded as Python's own.
    #[inline(always)]
    pub fn exactly<const N: usize>(
        self,
        signature: &'static Signature,
    ) -> Result<Exactly<'a, 'ctx, N>> {
        if self.len == N {
            Ok(Exactly(self))
        } else {
            Err(not_exactly(signature, self))
        }
    }

    /// Parses positional arguments.
    ///
    /// # Errors
    /// TypeError, worded as Python's own.
    #[inline(always)]
    pub fn parse<const N: usize>(
        self,
        signature: &'static Signature,
    ) -> Result<Parsed<'a, 'ctx, N>> {
        KeywordArgs {
            positional: self,
            names: HPy_NULL,
        }
        .parse(signature)
    }
}

impl<'a, 'ctx> KeywordArgs<'a, 'ctx> {
    /// Parses positional and keyword arguments.
    ///
    /// # Errors
    /// TypeError, worded as Python's own.
    #[inline(always)]
    pub fn parse<const N: usize>(
        self,
        signature: &'static Signature,
    ) -> Result<Parsed<'a, 'ctx, N>> {
        let args = self.positional;
        let positional = signature.positional();
        let slots = if args.len == N && positional == N && self.names.is_null() {
            // SAFETY: within the array.
            core::array::from_fn(|index| unsafe { args.raw_unchecked(index) })
        } else {
            let mut slots = [HPy_NULL; N];
            if args.ctx.raw.is_direct() {
                self.fill(signature, &mut slots)?;
            } else {
                self.fill_by_foreign(signature, &mut slots)?;
            }
            slots
        };
        Ok(Parsed {
            slots,
            rest: args.from(positional),
            keywords: Keywords::new(self, signature),
        })
    }

    /// For foreign contexts, one function for all signatures.
    #[inline(never)]
    fn fill_by_foreign(self, signature: &'static Signature, slots: &mut [HPy]) -> Result<()> {
        self.fill(signature, slots)
    }

    /// All but the simplest case: too many, too few, or keywords. In line, where the signature is a constant: calls with
    /// keywords take a third less than by one function for all.
    #[inline(always)]
    fn fill(self, signature: &'static Signature, slots: &mut [HPy]) -> Result<()> {
        let args = self.positional;
        let positional = signature.positional();
        if args.len > positional && signature.var_positional.is_none() {
            return Err(too_many(signature, args, self.names));
        }
        // Of constant length in line, so that it is unrolled: one over the arguments becomes a call of memcpy.
        for (index, slot) in slots.iter_mut().enumerate() {
            if index < positional && index < args.len {
                // SAFETY: within the array.
                *slot = unsafe { args.raw_unchecked(index) };
            }
        }
        if !self.names.is_null() {
            self.fill_by_name(signature, slots)?;
        }
        let filled = |(slot, parameter): (&HPy, &Parameter)| !slot.is_null() || !parameter.required;
        if !slots.iter().zip(signature.parameters).all(filled) {
            return Err(errors::missing(signature, slots));
        }
        Ok(())
    }

    #[inline(always)]
    fn fill_by_name(self, signature: &'static Signature, slots: &mut [HPy]) -> Result<()> {
        let (args, names) = (self.positional, self.names);
        for position in 0..self.keyword_count() {
            // SAFETY: the array goes on with as many handles as there are names.
            let value = unsafe { args.raw_unchecked(args.len + position) };
            if let Some(slot) =
                abi::known_keyword(args.ctx, names, position, signature.keyword_names)
                && let Some(slot) = slots.get_mut(slot)
                && slot.is_null()
            {
                *slot = value;
                continue;
            }
            // The first call with this keyword, a name that is not interned, `**kw`, or an error.
            if let Some(slot) = keyword_by_text(signature, args, names, position)? {
                match slots.get_mut(slot) {
                    Some(slot) if slot.is_null() => *slot = value,
                    _ => return Err(errors::multiple_values(signature, args, names, position)),
                }
            }
        }
        Ok(())
    }

    /// The number of keywords.
    #[inline(always)]
    pub(super) fn keyword_count(&self) -> usize {
        if self.names.is_null() {
            0
        } else {
            abi::tuple_len(self.positional.ctx, self.names)
        }
    }

    /// The keywords' values in order.
    pub(super) fn keyword_values(
        &self,
    ) -> impl ExactSizeIterator<Item = Borrowed<'a, 'ctx>> + use<'a, 'ctx> {
        let args = self.positional;
        // SAFETY: the array goes on with as many handles as there are names.
        (0..self.keyword_count()).map(move |index| unsafe { args.get_unchecked(args.len + index) })
    }

    /// A new handle to the name at `position`.
    pub(super) fn keyword_name(&self, position: usize) -> Result<Handle<'ctx>> {
        let ctx = self.positional.ctx;
        // SAFETY: the tuple of names is open; a new handle or null with an exception.
        unsafe {
            ctx.handle_from_raw(HPy_GetItem_i(
                ctx.as_ptr(),
                self.names,
                position as HPy_ssize_t,
            ))
        }
    }
}

/// The parameter that the keyword at `position` names, or None if it is for `**kw`. The next call knows it by the name's
/// address, if there is such a thing.
#[inline(never)]
fn keyword_by_text(
    signature: &'static Signature,
    positional: Args<'_, '_>,
    names: HPy,
    position: usize,
) -> Result<Option<usize>> {
    let ctx = positional.ctx;
    match abi::with_keyword_name(ctx, names, position, |name| signature.keyword(name?)) {
        Some(slot) => {
            if let Some(name) = signature.keyword_names.get(slot) {
                name.remember(ctx, names, position);
            }
            Ok(Some(slot))
        }
        None if signature.var_keyword.is_some() => Ok(None),
        None => Err(errors::unexpected(signature, positional, names)),
    }
}

/// More arguments than there are parameters, or fewer, where each has to have one.
#[cold]
#[inline(never)]
fn not_exactly(signature: &'static Signature, args: Args<'_, '_>) -> Error {
    if args.len > signature.parameters.len() {
        errors::too_many(signature, args, HPy_NULL)
    } else {
        errors::missing(signature, args.as_raw())
    }
}

/// More positional arguments than parameters. As Python does it, what is wrong with the keywords is told before.
#[cold]
#[inline(never)]
fn too_many(signature: &'static Signature, positional: Args<'_, '_>, names: HPy) -> Error {
    let mut filled = vec![false; signature.parameters.len()];
    for filled in filled.iter_mut().take(signature.positional()) {
        *filled = true;
    }
    for position in 0..(KeywordArgs { positional, names }).keyword_count() {
        match keyword_by_text(signature, positional, names, position) {
            Err(error) => return error,
            Ok(None) => {}
            Ok(Some(slot)) => match filled.get_mut(slot) {
                Some(filled @ false) => *filled = true,
                _ => return errors::multiple_values(signature, positional, names, position),
            },
        }
    }
    errors::too_many(signature, positional, names)
}
