//! What the macros' code converts by: in line in methods that have a boundary of their own, by one
//! function per type, for all contexts, in all others. `IN_LINE` says which.

use crate::class::{
    HasMethods, NotFrozen, borrow_mut_in_line, borrow_mut_out_of_line, unknown_operand,
};
use crate::convert::InLine;
use crate::entry::arguments::{Signature, in_argument};
use crate::entry::guard::IntoReturn;
use crate::{Context, Error, FromHandle, Handle, RefMut, Result};
use hpy_sys::HPy;

// Each function is there for both, by a name and no generic argument: the compiler underlines the
// whole type where no conversion exists.

/// Converts the argument of a parameter; an error names function and parameter.
#[inline(always)]
pub fn argument<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
    handle: &'a Handle<'ctx>,
    signature: &Signature,
    index: usize,
) -> Result<T> {
    converted::<false, T>(handle)
        .map_err(|error| in_argument(error, handle.ctx(), signature, index))
}

/// As [`argument`], in line.
#[inline(always)]
pub fn argument_in_line<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
    handle: &'a Handle<'ctx>,
    signature: &Signature,
    index: usize,
) -> Result<T> {
    match converted::<true, T>(handle) {
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
    converted::<false, T>(handle).map_err(|error| error.in_argument(handle.ctx(), function, name))
}

/// As [`argument_o`], in line.
#[inline(always)]
pub fn argument_o_in_line<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
    handle: &'a Handle<'ctx>,
    function: &str,
    name: &str,
) -> Result<T> {
    match converted::<true, T>(handle) {
        Ok(value) => Ok(value),
        Err(error) => Err(error.in_argument(handle.ctx(), function, name)),
    }
}

/// The operand of an operator; None if it is of a type that the operator does not know. What the
/// operand itself raises in being converted is no answer to that.
#[inline(always)]
pub fn operand<'a, 'ctx, T: FromHandle<'a, 'ctx>>(handle: &'a Handle<'ctx>) -> Result<Option<T>> {
    match converted::<false, T>(handle) {
        Ok(value) => Ok(Some(value)),
        Err(error) => unknown_operand(error, handle.by_value()).map(|()| None),
    }
}

/// As [`operand`], in line.
#[inline(always)]
pub fn operand_in_line<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
    handle: &'a Handle<'ctx>,
) -> Result<Option<T>> {
    match converted::<true, T>(handle) {
        Ok(value) => Ok(Some(value)),
        Err(error) => unknown_operand(error, handle.by_value()).map(|()| None),
    }
}

/// Converts what an attribute with a setter is to be.
#[inline(always)]
pub fn attribute_value<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
    value: &'a Handle<'ctx>,
    name: &str,
) -> Result<T> {
    converted::<false, T>(value).map_err(|error| of_attribute(value.ctx(), error, name))
}

/// As [`attribute_value`], in line.
#[inline(always)]
pub fn attribute_value_in_line<'a, 'ctx, T: FromHandle<'a, 'ctx>>(
    value: &'a Handle<'ctx>,
    name: &str,
) -> Result<T> {
    match converted::<true, T>(value) {
        Ok(value) => Ok(value),
        Err(error) => Err(of_attribute(value.ctx(), error, name)),
    }
}

/// Converts what a method returned.
#[inline(always)]
pub fn into_return<'ctx, V: IntoReturn<'ctx>>(
    ctx: Context<'ctx>,
    value: V,
) -> Result<Handle<'ctx>> {
    returned::<false, V>(ctx, value)
}

/// As [`into_return`], in line.
#[inline(always)]
pub fn into_return_in_line<'ctx, V: IntoReturn<'ctx>>(
    ctx: Context<'ctx>,
    value: V,
) -> Result<Handle<'ctx>> {
    returned::<true, V>(ctx, value)
}

/// "x must be float, not str"
#[cold]
#[inline(never)]
fn of_attribute(ctx: Context<'_>, error: Error, name: &str) -> Error {
    error.behind(ctx, &[name])
}

/// `&self` of a method that is called with this object.
#[inline(always)]
pub fn receiver<'a, const IN_LINE: bool, T: HasMethods>(
    this: &'a Handle<'_>,
) -> Result<T::Data<'a>> {
    T::data::<IN_LINE>(this)
}

/// `&mut self` of a method that is called with this object.
#[inline(always)]
pub fn receiver_mut<'a, const IN_LINE: bool, T: NotFrozen>(
    this: &'a Handle<'_>,
) -> Result<RefMut<'a, T>> {
    if IN_LINE {
        borrow_mut_in_line(this)
    } else {
        borrow_mut_out_of_line(this)
    }
}

/// The data of `self` is not used any more. Of an enum it is a value that nothing has to be done
/// for, which `drop` would be warned of.
#[inline(always)]
pub fn give_back<D>(_: D) {}

/// Converts: in line in short methods. For the own runtime the compiler simplifies it before it
/// thinks of putting it in line. Done the other way round in each method, that takes most of the
/// time of a release build.
#[inline(always)]
pub(crate) fn converted<'a, 'ctx, const IN_LINE: bool, T: FromHandle<'a, 'ctx>>(
    handle: &'a Handle<'ctx>,
) -> Result<T> {
    #[inline]
    fn by_own<'a, 'ctx, T: FromHandle<'a, 'ctx>>(handle: &'a Handle<'ctx>) -> Result<T> {
        // SAFETY: asked below.
        unsafe { core::hint::assert_unchecked(handle.ctx().raw.is_direct()) }
        T::from_handle(handle)
    }

    #[inline(never)]
    fn by_any<'a, 'ctx, T: FromHandle<'a, 'ctx>>(handle: &'a Handle<'ctx>) -> Result<T> {
        T::from_handle(handle)
    }

    match T::IN_LINE {
        InLine::Always => T::from_handle(handle),
        InLine::Short if IN_LINE && handle.ctx().raw.is_direct() => by_own(handle),
        InLine::Short if IN_LINE => T::from_handle(handle),
        _ => by_any(handle),
    }
}

/// Converts what a method returned, likewise.
#[inline(always)]
pub(crate) fn returned<'ctx, const IN_LINE: bool, V: IntoReturn<'ctx>>(
    ctx: Context<'ctx>,
    value: V,
) -> Result<Handle<'ctx>> {
    #[inline]
    fn by_own<'ctx, V: IntoReturn<'ctx>>(ctx: Context<'ctx>, value: V) -> Result<Handle<'ctx>> {
        // SAFETY: asked below.
        unsafe { core::hint::assert_unchecked(ctx.raw.is_direct()) }
        value.into_return_in_line(ctx)
    }

    #[inline(never)]
    fn by_any<'ctx, V: IntoReturn<'ctx>>(ctx: Context<'ctx>, value: V) -> Result<HPy> {
        value.into_return(ctx).map(Handle::into_raw)
    }

    if IN_LINE && V::IN_LINE != InLine::Never && ctx.raw.is_direct() {
        return by_own(ctx, value);
    }
    match V::IN_LINE {
        InLine::Always => value.into_return(ctx),
        InLine::Short if IN_LINE => value.into_return(ctx),
        // SAFETY: a new handle.
        _ => by_any(ctx, value).map(|raw| unsafe { Handle::from_raw_unchecked(ctx, raw) }),
    }
}
