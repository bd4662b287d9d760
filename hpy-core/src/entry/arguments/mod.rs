//! Arguments of a call: views of the array that the interpreter passes, and their parsing.
//!
//! The parsing is generated for a signature: it walks the array once, allocates nothing, interprets
//! no format. Errors are found in `errors`, out of the way.

mod defaults;
mod errors;
mod iter;
mod nearest;
mod parse;
mod passed_on;
mod qualified;
mod variadic;

pub use defaults::{DefaultOption, DefaultText, default_option, default_text};
pub use iter::ArgsIter;
pub use parse::{Parameter, ParameterKind, Parsed, Signature};
pub use qualified::{qualified, qualified_len, text};
pub use variadic::{FromKeywords, FromVarArgs, Keywords, var_keyword, var_positional};

use crate::object::handle::Borrowed;
use crate::{Context, Error};
use core::marker::PhantomData;
use hpy_sys::*;

/// Positional arguments, as the caller passed them: the type of `*args`.
///
/// They belong to the caller: each is seen as `&Handle`, for as long as the call lasts. They can be
/// passed on as they are: `function.call1(args)`.
///
/// ```
/// use hpy::prelude::*;
///
/// #[hpy_method(signature = (*numbers))]
/// fn total(numbers: Args<'_, '_>) -> Result<f64> {
///     let mut total = 0.0;
///     for number in numbers.iter() {
///         total += number.extract::<f64>()?;
///     }
///     Ok(total)
/// }
/// # hpy_mock::run(|ctx| {
/// #     let total = hpy_mock::method::<total>(ctx).call1((1, 2.5))?;
/// #     assert_eq!(total.extract::<f64>()?, 3.5);
/// #     Ok(())
/// # });
/// ```
#[derive(Clone, Copy)]
pub struct Args<'a, 'ctx> {
    ctx: Context<'ctx>,
    first: *const HPy,
    len: usize,
    _owner: PhantomData<&'a HPy>,
}

impl<'a, 'ctx> Args<'a, 'ctx> {
    /// # Safety
    /// `first` points to `len` open handles of the context that stay open for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn new(ctx: Context<'ctx>, first: *const HPy, len: usize) -> Self {
        Self {
            ctx,
            first,
            len,
            _owner: PhantomData,
        }
    }

    /// How many there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The argument at `index`, from 0.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Borrowed<'a, 'ctx>> {
        // SAFETY: within the array.
        (index < self.len).then(|| unsafe { self.get_unchecked(index) })
    }

    /// # Safety
    /// `index < self.len()`
    #[inline(always)]
    unsafe fn get_unchecked(&self, index: usize) -> Borrowed<'a, 'ctx> {
        // SAFETY: the array's handles are open for `'a`.
        unsafe { Borrowed::new(self.ctx, self.raw_unchecked(index)) }
    }

    /// # Safety
    /// `index < self.len()`, or the array goes on with keywords' values.
    #[inline(always)]
    unsafe fn raw_unchecked(&self, index: usize) -> HPy {
        // SAFETY: as promised by the caller.
        unsafe { *self.first.add(index) }
    }

    /// The array.
    fn as_raw(&self) -> &'a [HPy] {
        if self.len == 0 {
            // There may be no array.
            return &[];
        }
        // SAFETY: as many handles, which stay open for `'a`.
        unsafe { core::slice::from_raw_parts(self.first, self.len) }
    }

    /// The arguments from `start` on; none if there are fewer.
    #[inline(always)]
    fn from(&self, start: usize) -> Self {
        let start = start.min(self.len);
        // An empty array may have a null pointer.
        let first = if start == 0 {
            self.first
        } else {
            // SAFETY: within the array or at its end.
            unsafe { self.first.add(start) }
        };
        Self {
            first,
            len: self.len - start,
            ..*self
        }
    }
}

impl core::fmt::Debug for Args<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|handle| format!("{:?}", &*handle)))
            .finish()
    }
}

/// Positional and keyword arguments, as the interpreter passes them: the values of keywords follow
/// the positional ones in the array.
#[derive(Clone, Copy)]
pub struct KeywordArgs<'a, 'ctx> {
    positional: Args<'a, 'ctx>,
    /// A tuple of names, or null.
    names: HPy,
}

impl<'ctx> KeywordArgs<'_, 'ctx> {
    /// # Safety
    /// As for [`Args::new`]; `names` is null or an open tuple of strs, and the array goes on with
    /// as many handles.
    #[inline(always)]
    pub(crate) unsafe fn new(
        ctx: Context<'ctx>,
        first: *const HPy,
        len: usize,
        names: HPy,
    ) -> Self {
        Self {
            // SAFETY: as promised by the caller.
            positional: unsafe { Args::new(ctx, first, len) },
            names,
        }
    }
}

impl<'a, 'ctx> KeywordArgs<'a, 'ctx> {
    /// The first positional argument, and all others.
    #[inline(always)]
    pub(crate) fn split_first(self) -> Option<(Borrowed<'a, 'ctx>, Self)> {
        let first = self.positional.get(0)?;
        let positional = self.positional.from(1);
        Some((first, Self { positional, ..self }))
    }
}

/// An error of a conversion names function and parameter.
#[cold]
#[inline(never)]
pub(super) fn in_argument(
    error: Error,
    ctx: Context<'_>,
    signature: &Signature,
    index: usize,
) -> Error {
    let name = signature
        .parameters
        .get(index)
        .map_or("?", |parameter| parameter.name);
    error.in_argument(ctx, signature.function, name)
}
