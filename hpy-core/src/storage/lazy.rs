//! `Cached`: an object that is found once; `Imported`: one that an import finds.

use crate::object::handle::Borrowed;
use crate::object::variance::Invariant;
use crate::types::{Object, TypeCheck};
use crate::{Context, Handle, Result};
use core::marker::PhantomData;

/// A static with an object that is made or found at the first use, and kept until the interpreter
/// ends.
///
/// Unlike a [`Global`](crate::Global) it needs no declaration, and never changes: PyO3's
/// `PyOnceLock`. Where a module may be imported by several interpreters, each has an object of its
/// own.
///
/// ```
/// use hpy::prelude::*;
///
/// static WORDS: Cached<Dict> = Cached::new();
///
/// fn words<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Dict>> {
///     WORDS.get_or_init(ctx, || {
///         let words = ctx.dict()?;
///         words.set_item("one", 1)?;
///         Ok(words)
///     })
/// }
/// # hpy_mock::run(|ctx| {
/// #     assert!(words(ctx)?.is(&words(ctx)?));
/// #     Ok(())
/// # });
/// ```
pub struct Cached<T = Object> {
    place: crate::backend::CachedPlace,
    _type: Invariant<T>,
}

impl<T> Cached<T> {
    /// An empty one, for a static.
    #[allow(clippy::new_without_default)] // Of use in a static only.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            place: crate::backend::CachedPlace::new(),
            _type: PhantomData,
        }
    }

    /// The object, if it was made already.
    ///
    /// # Errors
    /// MemoryError, and only under an interpreter's own HPy.
    #[inline]
    pub fn get<'ctx>(&'static self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx, T>>> {
        // Not under the lock.
        ctx.assert_attached();
        let raw = self.place.load(ctx)?;
        // SAFETY: a new handle or null; only `T`s are kept.
        Ok(unsafe { Handle::from_raw(ctx, raw) })
    }

    /// The object, made by `make` at the first use.
    ///
    /// No lock is held while `make` runs: it may use the same static, and where several threads
    /// come first, each makes an object, and all get the first that was ready.
    ///
    /// # Errors
    /// What `make` returns; then the next use tries again.
    #[inline]
    pub fn get_or_init<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
        make: impl FnOnce() -> Result<Handle<'ctx, T>>,
    ) -> Result<Handle<'ctx, T>> {
        match self.get(ctx)? {
            Some(object) => Ok(object),
            None => self.keep_first(&make()?),
        }
    }

    /// The object, if it was made already and is known without a new reference: as long as its
    /// interpreter lives.
    #[inline(always)]
    pub(crate) fn borrowed<'ctx>(
        &'static self,
        ctx: Context<'ctx>,
    ) -> Option<Borrowed<'static, 'ctx>> {
        self.place.borrowed(ctx)
    }

    #[cold]
    fn keep_first<'ctx>(&'static self, made: &Handle<'ctx, T>) -> Result<Handle<'ctx, T>> {
        let raw = self.place.keep_first(made.ctx(), made.as_object())?;
        // SAFETY: a new handle; only `T`s are kept.
        Ok(unsafe { Handle::from_raw_unchecked(made.ctx(), raw) })
    }
}

impl<T> core::fmt::Debug for Cached<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Cached")
    }
}

/// A static that stands for something in a Python module: imported at the first use, then at hand.
///
/// ```
/// use hpy::prelude::*;
///
/// static SUM: Imported = Imported::new("builtins", "sum");
///
/// #[hpy_method]
/// fn total<'ctx>(ctx: Context<'ctx>, numbers: &Handle<'ctx, List>) -> Result<Handle<'ctx>> {
///     SUM.get(ctx)?.call1((numbers,))
/// }
/// # hpy_mock::run(|ctx| {
/// #     let total = hpy_mock::method::<total>(ctx);
/// #     assert_eq!(total.call1(([20, 22],))?.extract::<i64>()?, 42);
/// #     Ok(())
/// # });
/// ```
///
/// What the module has under the name later is not looked at again.
#[derive(Debug)]
pub struct Imported<T = Object> {
    module: &'static str,
    name: &'static str,
    cached: Cached<T>,
}

impl<T: TypeCheck> Imported<T> {
    /// What `from module import name` gives: `Imported::<Type>::new("collections", "OrderedDict")`.
    #[must_use]
    pub const fn new(module: &'static str, name: &'static str) -> Self {
        Self {
            module,
            name,
            cached: Cached::new(),
        }
    }

    /// The object.
    ///
    /// # Errors
    /// At the first use what the import raises, or TypeError if the object is no `T`.
    #[inline]
    pub fn get<'ctx>(&'static self, ctx: Context<'ctx>) -> Result<Handle<'ctx, T>> {
        self.cached.get_or_init(ctx, || self.find(ctx))
    }

    #[cold]
    fn find<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, T>> {
        ctx.import_from(self.module, self.name)?.downcast_into()
    }
}
