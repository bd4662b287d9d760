//! `intern!`: names that are made a str once.

use crate::types::Str;
use crate::{Annotation, Cached, Context, Handle, Imported, IntoHandle, Name, Result};
use core::ffi::CStr;

/// A name that becomes a str once: `object.getattr(intern!("x"))`. PyO3's `intern!`, which needs no
/// context here.
///
/// The str is kept in a static, one for each place where the macro is written. It costs a load
/// where an interpreter has it already, so this is the quickest name of an attribute or method.
///
/// ```
/// use hpy::prelude::*;
///
/// fn real<'ctx>(number: &Handle<'ctx>) -> Result<Handle<'ctx>> {
///     number.getattr(hpy::intern!("real"))
/// }
/// # hpy_mock::run(|ctx| {
/// #     let module = hpy_mock::module(ctx, "m");
/// #     module.setattr("real", 40)?;
/// #     assert_eq!(real(&module)?.extract::<i64>()?, 40);
/// #     module.setattr("real", 42)?;
/// #     assert_eq!(real(&module)?.extract::<i64>()?, 42);
/// #     Ok(())
/// # });
/// ```
#[macro_export]
macro_rules! intern {
    ($name:literal $(,)?) => {{
        static __NAME: $crate::Interned = $crate::Interned::new($name);
        &__NAME
    }};
}

/// A name that becomes a str once, for a static: see [`intern!`](crate::intern).
#[derive(Debug)]
pub struct Interned {
    text: &'static str,
    cached: Cached<Str>,
}

impl Interned {
    /// For a static.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            cached: Cached::new(),
        }
    }

    /// The str.
    ///
    /// # Errors
    /// MemoryError, at the first use.
    #[inline]
    pub fn get<'ctx>(&'static self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Str>> {
        self.cached.get_or_init(ctx, || interned(ctx, self.text))
    }

    /// Calls `body` with a new handle to the str. Out of line, so that the caller needs no register
    /// for it.
    #[cold]
    #[inline(never)]
    fn with_new<'ctx, R>(
        &'static self,
        ctx: Context<'ctx>,
        body: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R> {
        body(&self.get(ctx)?)
    }

    /// Calls `body` with the str, without a new reference to it where it is there.
    #[inline(always)]
    pub(crate) fn with_str<'ctx, R>(
        &'static self,
        ctx: Context<'ctx>,
        body: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R> {
        let made;
        let kept = self.cached.borrowed(ctx);
        let name = match &kept {
            // SAFETY: only strs are kept.
            Some(kept) => unsafe { kept.downcast_unchecked() },
            None => {
                made = self.get(ctx)?;
                &made
            }
        };
        body(name)
    }
}

/// `sys.intern`: interpreters find attributes and keywords quicker by such names.
static INTERN: Imported = Imported::new("sys", "intern");

#[cold]
pub(crate) fn interned<'ctx>(ctx: Context<'ctx>, text: &str) -> Result<Handle<'ctx, Str>> {
    let text = ctx.str(text.strip_prefix("r#").unwrap_or(text))?;
    match INTERN.get(ctx).and_then(|intern| intern.call1((&text,))) {
        Ok(interned) => interned.downcast_into(),
        // It only serves speed.
        Err(_) => Ok(text),
    }
}

impl<'ctx> Name<'ctx> for &'static Interned {
    #[inline(always)]
    fn with<R>(
        self,
        ctx: Context<'ctx>,
        _: impl FnOnce(&CStr) -> Result<R>,
        by_handle: impl FnOnce(&Handle<'ctx, Str>) -> Result<R>,
    ) -> Result<R> {
        // Written twice, so that the first has nothing to close.
        match self.cached.borrowed(ctx) {
            // SAFETY: only strs are kept.
            Some(kept) => by_handle(unsafe { kept.downcast_unchecked() }),
            None => self.with_new(ctx, by_handle),
        }
    }
}

/// The str: a key of a dict, an argument.
impl<'ctx> IntoHandle<'ctx> for &'static Interned {
    const ANNOTATION: Annotation = Annotation::name("str");
    const NESTS: bool = false;

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.get(ctx).map(Handle::into_object)
    }
}
