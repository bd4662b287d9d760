//! Defaults in a `signature` that are not yet of the parameter's type.

use crate::types::{Object, Str};
use crate::{Context, Handle, Result};
use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;

/// What a text in quotes can be the default of.
#[diagnostic::on_unimplemented(
    message = "a parameter of type `{Self}` cannot have a text as its default",
    label = "takes no text",
    note = "write a Rust expression of the parameter's type, or make the parameter an `Option`, \
            with the default `None`"
)]
pub trait DefaultText<'ctx>: Sized {
    /// The parameter's value, if no argument is given.
    #[doc(hidden)]
    fn default_text(ctx: Context<'ctx>, text: &'static str) -> Result<Self>;
}

impl<'ctx, T: DefaultText<'ctx>> DefaultText<'ctx> for Option<T> {
    #[inline]
    fn default_text(ctx: Context<'ctx>, text: &'static str) -> Result<Self> {
        T::default_text(ctx, text).map(Some)
    }
}

impl<'a> DefaultText<'_> for &'a str {
    #[inline]
    fn default_text(_: Context<'_>, text: &'static str) -> Result<&'a str> {
        Ok(text)
    }
}

impl<'a> DefaultText<'_> for Cow<'a, str> {
    #[inline]
    fn default_text(_: Context<'_>, text: &'static str) -> Result<Cow<'a, str>> {
        Ok(Cow::Borrowed(text))
    }
}

impl<'ctx> DefaultText<'ctx> for Handle<'ctx, Str> {
    #[inline]
    fn default_text(ctx: Context<'ctx>, text: &'static str) -> Result<Self> {
        ctx.str(text)
    }
}

impl<'ctx> DefaultText<'ctx> for Handle<'ctx, Object> {
    #[inline]
    fn default_text(ctx: Context<'ctx>, text: &'static str) -> Result<Self> {
        ctx.handle(text)
    }
}

macro_rules! owned {
    ($($text:ty),*) => {
        $(impl DefaultText<'_> for $text {
            #[inline]
            fn default_text(_: Context<'_>, text: &'static str) -> Result<Self> {
                Ok(text.into())
            }
        })*
    };
}

owned!(String, Box<str>, PathBuf, OsString);

/// A text in quotes as the default of a parameter.
#[inline]
pub fn default_text<'ctx, T: DefaultText<'ctx>>(
    ctx: Context<'ctx>,
    text: &'static str,
) -> Result<T> {
    T::default_text(ctx, text)
}

/// What a name can stand for as the default of an `Option<T>`: the `T`, or the `Option`.
pub trait DefaultOption<T> {
    /// The parameter's value, if no argument is given.
    #[doc(hidden)]
    fn default_option(self) -> Option<T>;
}

impl<T> DefaultOption<T> for T {
    #[inline(always)]
    fn default_option(self) -> Option<T> {
        Some(self)
    }
}

impl<T> DefaultOption<T> for Option<T> {
    #[inline(always)]
    fn default_option(self) -> Option<T> {
        self
    }
}

/// A constant or variant as the default of a parameter.
#[inline(always)]
pub fn default_option<T, D: DefaultOption<T>>(default: D) -> Option<T> {
    default.default_option()
}
