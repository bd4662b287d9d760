//! Conversions between Python objects and Rust values.

mod collections;
mod handles;
mod numbers;
mod text;
mod tuples;

use crate::{Context, Handle, Result};
use core::mem::ManuallyDrop;
use hpy_sys::HPy;

/// From a Python object to a Rust value. PyO3's `FromPyObject`.
///
/// Implemented for handles (`&Handle<'ctx, List>`), `bool`, integers, floats, `&str`, `String`, `char`,
/// `&[u8]`, `Option` (None), `Vec`, arrays, tuples, maps, sets and `()`.
///
/// ```
/// use hpy::prelude::*;
///
/// struct Port(u16);
///
/// impl<'a, 'ctx> FromHandle<'a, 'ctx> for Port {
///     fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
///         match handle.extract()? {
///             0 => Err(ValueError::new("0 is no port")),
///             port => Ok(Port(port)),
///         }
///     }
/// }
/// # hpy::mock::run(|ctx| {
/// #     assert_eq!(ctx.int(80)?.extract::<Port>()?.0, 80);
/// #     assert!(ctx.int(0)?.extract::<Port>().is_err() && ctx.int(1 << 16)?.extract::<Port>().is_err());
/// #     Ok(())
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "no conversion from a Python object to `{Self}`",
    label = "can't be made from a Python object",
    note = "a method takes `&Handle<'ctx>` (any object), `&Handle<'ctx, List>` and the like, numbers, bool, \
            `&str`, `String`, `&[u8]`, `Option`, `Vec`, tuples, maps …; implement `FromHandle` for your own types"
)]
pub trait FromHandle<'a, 'ctx>: Sized {
    /// Converts the object.
    ///
    /// # Errors
    /// TypeError for an object of another type, OverflowError for a number that does not fit, or what
    /// the object raises.
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self>;

    /// As bytes where the items are bytes, quicker than one by one.
    #[doc(hidden)]
    #[inline(always)]
    fn vec_from_bytes(_: &'a Handle<'ctx>) -> Option<Result<Vec<Self>>> {
        None
    }
}

/// From a Rust value to a Python object. PyO3's `IntoPyObject`.
///
/// Implemented for handles, `bool`, integers, floats, `&str`, `String`, `char`, `Option` (None), `()`
/// (None), `Vec` and slices (list; of `u8` bytes), tuples, maps (dict), sets.
///
/// ```
/// use hpy::prelude::*;
///
/// struct Port(u16);
///
/// impl<'ctx> IntoHandle<'ctx> for Port {
///     fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
///         self.0.into_handle(ctx)
///     }
/// }
/// # hpy::mock::run(|ctx| {
/// #     assert_eq!(ctx.handle(Port(80))?.extract::<u16>()?, 80);
/// #     Ok(())
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "no conversion from `{Self}` to a Python object",
    label = "has no Python form",
    note = "handles, numbers, bool, strings, `Option`, `()`, `Vec`, slices, tuples, maps and sets have one; \
            implement `IntoHandle` for your own types"
)]
pub trait IntoHandle<'ctx>: Sized {
    /// Converts the value.
    ///
    /// # Errors
    /// MemoryError, or what a conversion inside raises.
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>>;

    /// Converts the value for one call: a borrowed handle stays borrowed.
    #[doc(hidden)]
    #[inline(always)]
    fn into_argument(self, ctx: Context<'ctx>) -> Result<Argument<'ctx>> {
        self.into_handle(ctx).map(Argument::owned)
    }

    /// Whether `Self` is `u8` or `&u8`: a `Vec` or slice of them becomes bytes.
    #[doc(hidden)]
    const IS_BYTE: Byte = Byte::No;
}

/// Not to be named outside this crate, so that nobody else says yes.
#[doc(hidden)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Byte {
    /// Anything else.
    No,
    /// `u8` or `&u8`.
    Yes,
}

/// A handle for one call: closed afterwards if it was made for it.
#[doc(hidden)]
pub struct Argument<'ctx> {
    handle: ManuallyDrop<Handle<'ctx>>,
    owned: bool,
}

impl<'ctx> Argument<'ctx> {
    #[inline(always)]
    pub(crate) fn owned(handle: Handle<'ctx>) -> Self {
        Self {
            handle: ManuallyDrop::new(handle),
            owned: true,
        }
    }

    /// # Safety
    /// The handle stays open until the argument is dropped.
    #[inline(always)]
    pub(crate) unsafe fn borrowed(ctx: Context<'ctx>, raw: HPy) -> Self {
        // SAFETY: as promised by the caller; it is not closed here.
        let handle = unsafe { Handle::from_raw_unchecked(ctx, raw) };
        Self {
            handle: ManuallyDrop::new(handle),
            owned: false,
        }
    }

    #[inline(always)]
    pub(crate) fn as_raw(&self) -> HPy {
        self.handle.as_raw()
    }
}

impl Drop for Argument<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.owned {
            // SAFETY: it is ours and not used again.
            unsafe { ManuallyDrop::drop(&mut self.handle) }
        }
    }
}
