//! What the macros' code converts by: in line in methods that have a boundary of their own, by one
//! function per type, for all contexts, in all others.

/// The same functions for both ways.
macro_rules! conversions {
    ($converted:path, $returned:path, $receiver:path, $receiver_mut:path) => {
        use super::of_attribute;
        use crate::class::{PyClass, unknown_operand};
        use crate::entry::arguments::{Signature, in_argument};
        use crate::entry::guard::IntoReturn;
        use crate::{Context, FromHandle, Handle, Ref, RefMut, Result};

        /// Converts the argument of a parameter.
        #[inline(always)]
        pub fn argument<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
            handle: &'a Handle<'ctx>,
            signature: &Signature,
            index: usize,
        ) -> Result<T> {
            match $converted(handle) {
                Ok(value) => Ok(value),
                Err(error) => Err(in_argument(error, handle.ctx(), signature, index)),
            }
        }

        /// As [`argument`], for the one argument of the O convention.
        #[inline(always)]
        pub fn argument_o<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
            handle: &'a Handle<'ctx>,
            function: &str,
            name: &str,
        ) -> Result<T> {
            match $converted(handle) {
                Ok(value) => Ok(value),
                Err(error) => Err(error.in_argument(handle.ctx(), function, name)),
            }
        }

        /// The operand of an operator; None if it is of a type that the operator does not know.
        /// What the operand itself raises in being converted is no answer to that.
        #[inline(always)]
        pub fn operand<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
            handle: &'a Handle<'ctx>,
        ) -> Result<Option<T>> {
            match $converted(handle) {
                Ok(value) => Ok(Some(value)),
                Err(error) => unknown_operand(error, handle).map(|()| None),
            }
        }

        /// Converts what an attribute with a setter is to be.
        #[inline(always)]
        pub fn attribute_value<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
            value: &'a Handle<'ctx>,
            name: &str,
        ) -> Result<T> {
            match $converted(value) {
                Ok(value) => Ok(value),
                Err(error) => Err(of_attribute(value.ctx(), error, name)),
            }
        }

        /// `&self` of a method that is called with this object.
        #[inline(always)]
        pub fn receiver<'a, T: PyClass>(this: &'a Handle<'_>) -> Result<Ref<'a, T>> {
            $receiver(this)
        }

        /// `&mut self` of a method that is called with this object.
        #[inline(always)]
        pub fn receiver_mut<'a, T: PyClass<Access = crate::class::Checked>>(
            this: &'a Handle<'_>,
        ) -> Result<RefMut<'a, T>> {
            $receiver_mut(this)
        }

        /// Converts what a method returned.
        #[inline(always)]
        pub fn into_return<'ctx, V: IntoReturn<'ctx>>(
            ctx: Context<'ctx>,
            value: V,
        ) -> Result<Handle<'ctx>> {
            $returned(ctx, value)
        }
    };
}

/// For methods that have a boundary of their own.
pub mod in_line {
    conversions! {
        super::converted_in_line, super::returned_in_line,
        crate::class::borrow_in_line, crate::class::borrow_mut_in_line
    }
}

/// For all others.
pub mod out_of_line {
    conversions! {
        super::converted, super::returned,
        crate::class::borrow_out_of_line, crate::class::borrow_mut_out_of_line
    }
}

use crate::convert::InLine;
use crate::entry::guard::IntoReturn;
use crate::{Context, Error, FromHandle, Handle, Result};
use hpy_sys::HPy;

/// "x must be float, not str"
#[cold]
#[inline(never)]
fn of_attribute(ctx: Context<'_>, error: Error, name: &str) -> Error {
    error.behind(ctx, &[name])
}

/// By the type's function.
#[inline(always)]
pub(crate) fn converted<'a, 'ctx, T: FromHandle<'a, 'ctx>>(handle: &'a Handle<'ctx>) -> Result<T> {
    #[inline(never)]
    fn by_any<'a, 'ctx, T: FromHandle<'a, 'ctx>>(handle: &'a Handle<'ctx>) -> Result<T> {
        T::from_handle(handle)
    }

    match T::IN_LINE {
        InLine::Always => T::from_handle(handle),
        _ => by_any(handle),
    }
}

/// In line for the own runtime, where that takes few instructions: the compiler simplifies it
/// before it thinks of putting it in line. Done the other way round in each method, that takes most
/// of the time of a release build.
#[inline(always)]
pub(crate) fn converted_in_line<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
    handle: &'a Handle<'ctx>,
) -> Result<T> {
    #[inline]
    fn by_own<'a, 'ctx, T: FromHandle<'a, 'ctx>>(handle: &'a Handle<'ctx>) -> Result<T> {
        // SAFETY: asked below.
        unsafe { core::hint::assert_unchecked(handle.ctx().raw.is_direct()) }
        T::from_handle(handle)
    }

    match T::IN_LINE {
        InLine::Own if handle.ctx().raw.is_direct() => by_own(handle),
        _ => converted(handle),
    }
}

#[inline(always)]
fn returned<'ctx, V: IntoReturn<'ctx>>(ctx: Context<'ctx>, value: V) -> Result<Handle<'ctx>> {
    #[inline(never)]
    fn by_any<'ctx, V: IntoReturn<'ctx>>(ctx: Context<'ctx>, value: V) -> Result<HPy> {
        value.into_return(ctx).map(Handle::into_raw)
    }

    match V::IN_LINE {
        InLine::Always => value.into_return(ctx),
        // SAFETY: a new handle.
        _ => by_any(ctx, value).map(|raw| unsafe { Handle::from_raw_unchecked(ctx, raw) }),
    }
}

#[inline(always)]
fn returned_in_line<'ctx, V: IntoReturn<'ctx>>(
    ctx: Context<'ctx>,
    value: V,
) -> Result<Handle<'ctx>> {
    #[inline]
    fn by_own<'ctx, V: IntoReturn<'ctx>>(ctx: Context<'ctx>, value: V) -> Result<Handle<'ctx>> {
        // SAFETY: asked below.
        unsafe { core::hint::assert_unchecked(ctx.raw.is_direct()) }
        value.into_return_in_line(ctx)
    }

    match V::IN_LINE {
        InLine::Never => returned(ctx, value),
        _ if ctx.raw.is_direct() => by_own(ctx, value),
        _ => returned(ctx, value),
    }
}
