//! From the array of arguments to one slot per parameter.

use super::{Args, KeywordArgs, Keywords, errors};
use crate::backend;
use crate::backend::KeywordName;
use crate::object::handle::Borrowed;
use crate::{Context, Error, Handle, Result};
use core::marker::PhantomData;
use hpy_sys::*;

/// A signature, in a static that the macro writes.
#[derive(Debug)]
pub struct Signature {
    /// The function's Python name, with its class: `Point.norm`.
    pub function: &'static str,
    /// Whether Python counts an object or class before the arguments among them.
    pub counts_receiver: bool,
    /// The parameters, without `*args` and `**kw`: positional ones first, those with defaults last
    /// among them.
    pub parameters: &'static [Parameter],
    /// How many of them can be passed by position.
    pub positional: usize,
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
    /// The parameter that the keyword names.
    #[inline]
    pub(crate) fn keyword(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| {
            parameter.kind != ParameterKind::PositionalOnly && parameter.name == name
        })
    }
}

/// One slot per parameter.
///
/// The context stands beside the slots, not in each: where it is a constant, it stays one.
pub struct Parsed<'a, 'ctx, const N: usize> {
    /// Null where nothing was passed.
    slots: [HPy; N],
    ctx: Context<'ctx>,
    _owner: PhantomData<&'a HPy>,
}

impl<'a, 'ctx, const N: usize> Parsed<'a, 'ctx, N> {
    /// The argument of a parameter without default.
    #[inline(always)]
    pub fn required(&self, index: usize) -> Borrowed<'a, 'ctx> {
        let raw = self.slots[index];
        // `parse` has checked that every required slot is filled, and the macro asks for those.
        assert!(!raw.is_null());
        // SAFETY: from the array of arguments, whose handles are open for `'a`.
        unsafe { Borrowed::new(self.ctx, raw) }
    }

    /// The argument of a parameter with a default, if it was passed.
    #[inline(always)]
    pub fn optional(&self, index: usize) -> Option<Borrowed<'a, 'ctx>> {
        let raw = self.slots[index];
        if raw.is_null() {
            return None;
        }
        // SAFETY: from the array of arguments, whose handles are open for `'a`.
        Some(unsafe { Borrowed::new(self.ctx, raw) })
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
    #[doc(hidden)]
    #[inline(always)]
    pub fn exactly<const N: usize>(
        self,
        signature: &'static Signature,
    ) -> Result<Exactly<'a, 'ctx, N>> {
        if self.len == N {
            Ok(Exactly(self))
        } else {
            // SAFETY: the array is this one.
            Err(unsafe { not_exactly(self.ctx, self.first, self.len, signature) })
        }
    }

    /// Parses positional arguments.
    ///
    /// # Errors
    /// TypeError, worded as Python's own.
    #[doc(hidden)]
    #[inline(always)]
    pub fn parse<const N: usize>(
        self,
        signature: &'static Signature,
    ) -> Result<Parsed<'a, 'ctx, N>> {
        let args = KeywordArgs {
            positional: self,
            names: HPy_NULL,
        };
        args.parse(signature)
    }

    /// What `*args` takes.
    #[doc(hidden)]
    #[inline(always)]
    pub fn rest(self, signature: &'static Signature) -> Args<'a, 'ctx> {
        self.from(signature.positional)
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
        let Self {
            positional: args,
            names,
        } = self;
        let positional = signature.positional;
        let slots = if args.len == N && positional == N && names.is_null() {
            // SAFETY: within the array.
            core::array::from_fn(|index| unsafe { args.raw_unchecked(index) })
        } else {
            let mut slots = [HPy_NULL; N];
            if !args.ctx.raw.is_direct()
                // SAFETY: the caller's array and names, under the bundled runtime or in the CPython
                // ABI.
                || !unsafe { fill_at_once(args.first, args.len, names, signature, &mut slots) }
            {
                slots = [HPy_NULL; N];
                // SAFETY: the caller's array and names.
                unsafe { Self::fill(args.ctx, args.first, args.len, names, signature, &mut slots)? }
            }
            slots
        };
        Ok(Parsed {
            slots,
            ctx: args.ctx,
            _owner: PhantomData,
        })
    }

    /// What `*args` takes.
    #[inline(always)]
    pub fn rest(self, signature: &'static Signature) -> Args<'a, 'ctx> {
        self.positional.from(signature.positional)
    }

    /// What `**kw` takes.
    #[inline(always)]
    pub fn keywords(self, signature: &'static Signature) -> Keywords<'a, 'ctx> {
        Keywords::new(self, signature)
    }

    /// All cases, by one function for all signatures. It takes no struct, which each method would
    /// put into memory.
    ///
    /// # Safety
    /// As for [`KeywordArgs::new`].
    #[inline(never)]
    unsafe fn fill(
        ctx: Context<'ctx>,
        first: *const HPy,
        len: usize,
        names: HPy,
        signature: &'static Signature,
        slots: &mut [HPy],
    ) -> Result<()> {
        // SAFETY: as promised by the caller.
        let this = unsafe { Self::new(ctx, first, len, names) };
        let args = this.positional;
        if args.len > signature.positional && signature.var_positional.is_none() {
            return Err(too_many(signature, args, names));
        }
        let given = args.len.min(signature.positional);
        for (index, slot) in slots.iter_mut().enumerate().take(given) {
            // SAFETY: within the array.
            *slot = unsafe { args.raw_unchecked(index) };
        }
        if !names.is_null() {
            this.fill_by_name(signature, slots)?;
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
                backend::known_keyword(args.ctx, names, position, signature.keyword_names)
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
    pub(crate) fn keyword_count(&self) -> usize {
        if self.names.is_null() {
            0
        } else {
            backend::tuple_len(self.positional.ctx, self.names)
        }
    }

    /// The keywords' values in order.
    pub(crate) fn keyword_values(
        &self,
    ) -> impl ExactSizeIterator<Item = Borrowed<'a, 'ctx>> + use<'a, 'ctx> {
        let args = self.positional;
        // SAFETY: the array goes on with as many handles as there are names.
        (0..self.keyword_count()).map(move |index| unsafe { args.get_unchecked(args.len + index) })
    }

    /// A new handle to the name at `position`.
    pub(crate) fn keyword_name(&self, position: usize) -> Result<Handle<'ctx>> {
        let ctx = self.positional.ctx;
        // SAFETY: the tuple of names is open; a new handle or null with an exception.
        unsafe {
            ctx.made_handle(HPy_GetItem_i(
                ctx.as_ptr(),
                self.names,
                position as HPy_ssize_t,
            ))
        }
    }
}

/// Fills the slots, if all names are known by their addresses and nothing is wrong. Whether it did.
/// It calls nothing, so that it needs few registers.
///
/// One function for each number of parameters: in line in each method, it takes longer to compile
/// than all else of a method.
///
/// # Safety
/// The array has `len` open handles, and one for each name. The names are null or a tuple of the
/// C API. The thread is attached.
#[inline(never)]
unsafe extern "C" fn fill_at_once<const N: usize>(
    first: *const HPy,
    len: usize,
    names: HPy,
    signature: &'static Signature,
    slots: &mut [HPy; N],
) -> bool {
    if len > signature.positional {
        return false;
    }
    // Over the slots, whose number is a constant, so that it is unrolled.
    for (index, slot) in slots.iter_mut().enumerate() {
        if index < len {
            // SAFETY: within the array.
            *slot = unsafe { *first.add(index) };
        }
    }
    if !names.is_null() {
        let known = signature.keyword_names.first_chunk::<N>();
        // SAFETY: as promised by the caller.
        let names = unsafe { backend::keyword_addresses(names) };
        let (Some(known), Some(names)) = (known, names) else {
            return false;
        };
        for (position, name) in names.iter().enumerate() {
            let mut parameters = known.iter().zip(slots.iter_mut());
            let Some((_, slot)) = parameters.find(|(known, _)| known.is(*name)) else {
                return false;
            };
            if !slot.is_null() {
                return false;
            }
            // SAFETY: the array goes on with as many handles as there are names.
            *slot = unsafe { *first.add(len + position) };
        }
    }
    let filled = |(slot, parameter): (&HPy, &Parameter)| !slot.is_null() || !parameter.required;
    slots.iter().zip(signature.parameters).all(filled)
}

/// The parameter that the keyword at `position` names, or None if it is for `**kw`. The next call
/// knows it by the name's address, if there is such a thing.
#[inline(never)]
fn keyword_by_text(
    signature: &'static Signature,
    positional: Args<'_, '_>,
    names: HPy,
    position: usize,
) -> Result<Option<usize>> {
    let ctx = positional.ctx;
    match backend::with_keyword_name(ctx, names, position, |name| signature.keyword(name?)) {
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

/// More arguments than there are parameters, or fewer, where each has to have one. It takes no
/// struct, as `fill`.
///
/// # Safety
/// As for [`Args::new`].
#[cold]
#[inline(never)]
unsafe fn not_exactly(
    ctx: Context<'_>,
    first: *const HPy,
    len: usize,
    signature: &'static Signature,
) -> Error {
    // SAFETY: as promised by the caller.
    let args = unsafe { Args::new(ctx, first, len) };
    if args.len > signature.parameters.len() {
        errors::too_many(signature, args, HPy_NULL)
    } else {
        errors::missing(signature, args.as_raw())
    }
}

/// More positional arguments than parameters. As Python does it, what is wrong with the keywords is
/// told before.
#[cold]
#[inline(never)]
fn too_many(signature: &'static Signature, positional: Args<'_, '_>, names: HPy) -> Error {
    let mut filled = vec![false; signature.parameters.len()];
    for filled in filled.iter_mut().take(signature.positional) {
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
