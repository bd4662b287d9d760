//! What each shape of slot does with the handles that it is given: the bodies of the entries in
//! `entry/slots/`.

use super::slots::{Assign, Compare, Fixed, FixedInt, InitMethod};
use crate::entry::arguments::KeywordArgs;
use crate::entry::guard::NoArgsMethod;
use crate::exceptions::{SystemError, TypeError};
use crate::object::handle::Borrowed;
use crate::{CompareOp, Context, Error, Result};
use core::ffi::{c_int, c_void};
use hpy_sys::*;

// All of them: the handles are open during the call.

macro_rules! fixed {
    ($(
        $name:ident $trait:ident $count:literal ($this:ident $(, $arg:ident)*) -> $ret:ty,
        $result:ident => $value:expr;
    )*) => {$(
        /// # Safety
        /// The handles are open during the call.
        #[inline(always)]
        pub(crate) unsafe fn $name<S: $trait<$count>>(
            ctx: Context<'_>,
            $this: HPy
            $(, $arg: HPy)*
        ) -> Result<$ret> {
            // SAFETY: as promised by the caller.
            unsafe {
                let $result = S::call(
                    ctx,
                    &Borrowed::new(ctx, $this),
                    [$(&Borrowed::new(ctx, $arg)),*],
                )?;
                Ok($value)
            }
        }
    )*};
}

fixed! {
    unary Fixed 0 (a) -> HPy, result => result.into_raw();
    binary Fixed 1 (a, b) -> HPy, result => result.into_raw();
    ternary Fixed 2 (a, b, c) -> HPy, result => result.into_raw();
    inquiry FixedInt 0 (a) -> c_int, result => result as c_int;
    length FixedInt 0 (a) -> isize, result => result;
    hash FixedInt 0 (a) -> isize, result => result;
    contains FixedInt 1 (a, b) -> c_int, result => result as c_int;
}

/// # Safety
/// The handles are open during the call.
#[inline(always)]
pub(crate) unsafe fn compare<S: Compare>(
    ctx: Context<'_>,
    a: HPy,
    b: HPy,
    op: HPy_RichCmpOp,
) -> Result<HPy> {
    let op = match op.0 {
        0 => CompareOp::Lt,
        1 => CompareOp::Le,
        2 => CompareOp::Eq,
        3 => CompareOp::Ne,
        4 => CompareOp::Gt,
        5 => CompareOp::Ge,
        _ => return Err(SystemError::new("no such comparison")),
    };
    // SAFETY: as promised by the caller.
    unsafe {
        let (a, b) = (Borrowed::new(ctx, a), Borrowed::new(ctx, b));
        Ok(S::call(ctx, &a, &b, op)?.into_raw())
    }
}

/// # Safety
/// The handles are open during the call; `value` may be null.
#[inline(always)]
pub(crate) unsafe fn assign_item<S: Assign<1>>(
    ctx: Context<'_>,
    this: HPy,
    key: HPy,
    value: HPy,
) -> Result<c_int> {
    // SAFETY: as promised by the caller.
    unsafe {
        let (this, key) = (Borrowed::new(ctx, this), Borrowed::new(ctx, key));
        let value = (!value.is_null()).then(|| Borrowed::new(ctx, value));
        Ok(S::call(ctx, &this, [&key], value.as_deref())? as c_int)
    }
}

/// # Safety
/// The handles are open during the call; `value` may be null.
#[inline(always)]
pub(crate) unsafe fn setter<S: Assign<0>>(
    ctx: Context<'_>,
    this: HPy,
    value: HPy,
    _: *mut c_void,
) -> Result<c_int> {
    // SAFETY: as promised by the caller.
    unsafe {
        let this = Borrowed::new(ctx, this);
        let value = (!value.is_null()).then(|| Borrowed::new(ctx, value));
        Ok(S::call(ctx, &this, [], value.as_deref())? as c_int)
    }
}

/// # Safety
/// The handle is open during the call; `view` may be written.
#[inline(always)]
pub(crate) unsafe fn get_buffer<S: FixedInt<0>>(
    ctx: Context<'_>,
    this: HPy,
    view: *mut HPy_buffer,
    flags: c_int,
) -> Result<c_int> {
    // SAFETY: as promised by the caller.
    unsafe {
        (*view).obj = HPy_NULL;
        S::call(ctx, &Borrowed::new(ctx, this), [])?;
        crate::buffer::fill(ctx, this, view, flags)?;
    }
    Ok(0)
}

/// # Safety
/// The handle is open during the call.
#[inline(always)]
pub(crate) unsafe fn getter<S: NoArgsMethod>(
    ctx: Context<'_>,
    this: HPy,
    _: *mut c_void,
) -> Result<HPy> {
    // SAFETY: as promised by the caller.
    unsafe { Ok(S::call(ctx, &Borrowed::new(ctx, this))?.into_raw()) }
}

/// # Safety
/// The handles are open during the call, `nargs` of them in the array; `kw` is a dict or null.
#[inline(always)]
pub(crate) unsafe fn init<S: InitMethod>(
    ctx: Context<'_>,
    this: HPy,
    args: *const HPy,
    nargs: isize,
    kw: HPy,
) -> Result<c_int> {
    let nargs = number(nargs, "__init__(): not enough arguments")?;
    // SAFETY: as promised by the caller.
    unsafe {
        let this = Borrowed::new(ctx, this);
        super::arguments::with_dict(ctx, (args, nargs), kw, false, |args, nargs, names| {
            let args = KeywordArgs::new(ctx, args, nargs, names);
            Ok(S::call(ctx, &this, args)? as c_int)
        })
    }
}

/// How many arguments there are: a host that takes one off may not have asked whether there is one.
#[inline(always)]
fn number(nargs: isize, too_few: &'static str) -> Result<usize> {
    usize::try_from(nargs).map_err(|_| TypeError::new(too_few))
}

/// `__del__`, which may be called while an exception is pending: whose it is does not change.
///
/// # Safety
/// The handle is open during the call.
#[inline(always)]
pub(crate) unsafe fn finalize<S: FixedInt<0>>(ctx: Context<'_>, this: HPy) -> Result<c_int> {
    // SAFETY: as promised by the caller.
    unsafe { Ok(S::call(ctx, &Borrowed::new(ctx, this), [])? as c_int) }
}

/// What was pending before a finalizer runs.
#[inline(never)]
pub(crate) fn before_finalizer(ctx: Context<'_>) -> Option<Error> {
    Error::take(ctx)
}

/// Reports what a finalizer has raised, and puts back what was pending before.
///
/// # Safety
/// The handle is open.
#[inline(never)]
pub(crate) unsafe fn after_finalizer(
    ctx: Context<'_>,
    this: HPy,
    failed: bool,
    before: Option<Error>,
) {
    if failed {
        // SAFETY: as promised by the caller; an exception is pending.
        unsafe { crate::error::unraisable::report_unraisable(ctx, this) }
    }
    if let Some(before) = before {
        before.raise(ctx);
    }
}
