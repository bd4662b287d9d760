//! Exception groups: several errors as one.

use super::exceptions::{ExceptionArguments, ExceptionType, Kind, sealed};
use super::{Error, Result};
use crate::exceptions::{ModuleNotFoundError, RuntimeError};
use crate::types::Type;
use crate::{Annotation, Cached, Context, Handle};

macro_rules! groups {
    ($($(#[$doc:meta])* $name:ident = $of:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(());

        impl $name {
            /// A group of a message and a `Vec` of errors: `new(("message", errors))`.
            #[allow(clippy::new_ret_no_self)]
            #[cold]
            pub fn new(args: impl ExceptionArguments) -> Error {
                Error::new::<Self>(args)
            }
        }

        impl sealed::Sealed for $name {}

        impl ExceptionType for $name {
            const KIND: &'static Kind = &Kind::custom(stringify!($name), |ctx| {
                static TYPE: Cached<Type> = Cached::new();
                TYPE.get_or_init(ctx, || find(ctx, stringify!($name)))
            });
            const ANNOTATION: Annotation = Annotation::generic(stringify!($name), &[
                Annotation::name($of),
            ]);
        }
    )*};
}

groups! {
    /// Python's `ExceptionGroup`: several errors that are one, each of which derives from
    /// `Exception`. It needs Python 3.11, or the package `exceptiongroup` on older ones; otherwise
    /// what is raised is a RuntimeError that says so.
    ///
    /// Python code handles it by `except*`. [`Error::exceptions`] and [`Error::split`] take one
    /// apart.
    ///
    /// ```
    /// use hpy::exceptions::{ExceptionGroup, ValueError};
    /// use hpy::prelude::*;
    ///
    /// #[hpy_method]
    /// fn parse_all(texts: Vec<String>) -> Result<Vec<i64>> {
    ///     let (mut numbers, mut errors) = (Vec::new(), Vec::new());
    ///     for text in &texts {
    ///         match text.parse() {
    ///             Ok(number) => numbers.push(number),
    ///             Err(_) => errors.push(err!(ValueError, "{text:?} is no number")),
    ///         }
    ///     }
    ///     if errors.is_empty() {
    ///         Ok(numbers)
    ///     } else {
    ///         Err(ExceptionGroup::new(("some texts are no numbers", errors)))
    ///     }
    /// }
    /// ```
    ExceptionGroup = "Exception";
    /// Python's `BaseExceptionGroup`. Its errors may be any, KeyboardInterrupt among them; if all
    /// derive from `Exception`, the new group is an [`ExceptionGroup`].
    BaseExceptionGroup = "BaseException";
}

#[cold]
fn find<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Handle<'ctx, Type>> {
    if let Some(found) = ctx.builtins().get(name)? {
        return found.downcast_into();
    }
    match ctx.import_from("exceptiongroup", name) {
        Err(error) if error.is_instance_of::<ModuleNotFoundError>(ctx) => Err(RuntimeError::new(
            "exception groups need Python 3.11, or the package exceptiongroup",
        )),
        found => found?.downcast_into(),
    }
}

impl Error {
    /// The errors of an exception group, which may be groups themselves; None if it is none.
    ///
    /// # Errors
    /// What reading the group's `exceptions` raises.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn first(ctx: Context<'_>, error: Error) -> Result<Error> {
    ///     Ok(match error.exceptions(ctx)? {
    ///         Some(mut errors) if !errors.is_empty() => first(ctx, errors.swap_remove(0))?,
    ///         _ => error,
    ///     })
    /// }
    /// ```
    #[inline]
    pub fn exceptions(&self, ctx: Context<'_>) -> Result<Option<Vec<Error>>> {
        if !self.is_instance_of::<BaseExceptionGroup>(ctx) {
            return Ok(None);
        }
        let exceptions = self.value(ctx)?.getattr(c"exceptions")?;
        let errors = exceptions
            .iter()?
            .map(|exception| Error::of_object_that_is(&exception?));
        errors.collect::<Result<_>>().map(Some)
    }

    /// What an `except* X` would handle, and what it would leave: a group is taken apart, any other
    /// error is wholly one or the other. Groups keep their message, notes and traceback.
    ///
    /// # Errors
    /// What the group's `split` raises.
    ///
    /// ```
    /// # use hpy::exceptions::KeyError;
    /// # use hpy::prelude::*;
    /// fn without_key_errors(ctx: Context<'_>, error: Error) -> Result<()> {
    ///     match error.split::<KeyError>(ctx)? {
    ///         (_, Some(rest)) => Err(rest),
    ///         (_, None) => Ok(()),
    ///     }
    /// }
    /// ```
    pub fn split<X: ExceptionType>(
        self,
        ctx: Context<'_>,
    ) -> Result<(Option<Error>, Option<Error>)> {
        self.split_by(ctx, &X::KIND.type_(ctx)?.into_object())
    }

    /// As [`split`](Self::split), by a type that is an object, or by a tuple of types.
    ///
    /// # Errors
    /// As for `split`.
    #[inline]
    pub fn split_by<'ctx>(
        self,
        ctx: Context<'ctx>,
        type_: &Handle<'ctx>,
    ) -> Result<(Option<Error>, Option<Error>)> {
        if self.matches(ctx, type_) {
            return Ok((Some(self), None));
        }
        if !self.is_instance_of::<BaseExceptionGroup>(ctx) {
            return Ok((None, Some(self)));
        }
        let parts = self.value(ctx)?.call_method1(c"split", (type_,))?;
        let part = |index: i64| -> Result<Option<Error>> {
            let part = parts.get_item(index)?;
            (!part.is_none())
                .then(|| Error::of_object_that_is(&part))
                .transpose()
        };
        match part(0)? {
            Some(found) => Ok((Some(found), part(1)?)),
            // Some versions make a copy of what nothing was taken out of.
            None => Ok((None, Some(self))),
        }
    }

    /// The exception that the object is, as it is.
    #[inline]
    fn of_object_that_is(object: &Handle<'_>) -> Result<Self> {
        if super::is_exception(object) {
            Ok(Self::of_exception(object))
        } else {
            Err(Self::from_value(object))
        }
    }
}
