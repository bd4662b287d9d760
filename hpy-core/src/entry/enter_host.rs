//! The way in for host contexts: one function around the bodies of all methods and slots.
//!
//! A host's functions take so long that a call more is nothing beside them. So what all bodies have
//! in common is not compiled for each of them.

use crate::backend::RawContext;
use crate::entry::guard::{Outcome, entry};
use crate::{Context, Result};
use core::ffi::c_void;
use hpy_sys::*;

/// A method or slot as host contexts call it. A function and no closure: one that is passed on as a
/// trait object is compiled twice.
///
/// Unsafe: the context is a host's, the arguments are those that the function expects, and their
/// handles are open during the call.
pub(super) type HostBody<R> = for<'ctx> unsafe fn(Context<'ctx>, *const c_void) -> Result<R>;

/// An entry by a host context. `extern "C"` is known not to unwind, so that nobody who calls it has
/// code for that.
///
/// # Safety
/// As for [`enter`](super::guard::enter), with the arguments of `body`, and the context is a
/// host's.
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
pub(super) unsafe extern "C" fn enter_host<R: Outcome>(
    ctx: *mut HPyContext,
    body: HostBody<R>,
    arguments: *const c_void,
) -> R {
    // SAFETY: as promised by the caller.
    unsafe { entry!(RawContext::new(ctx), |ctx| body(ctx, arguments)) }
}

/// Tells the compiler that a context is a host's.
///
/// # Safety
/// It is.
#[inline(always)]
pub(super) unsafe fn assume_host(ctx: Context<'_>) {
    // SAFETY: as promised by the caller.
    unsafe { assume_host_context(ctx.as_ptr()) }
}

/// The type of a body's result.
macro_rules! body_type {
    (Object) => {
        hpy_sys::HPy
    };
    (Int) => {
        core::ffi::c_int
    };
    (Size) => {
        isize
    };
}
pub(super) use body_type;

/// The type of an implementation's result: a whole word, since PyPy reads all of it where HPy says
/// `int`.
macro_rules! result_type {
    (Object) => {
        hpy_sys::HPy
    };
    ($number:ident) => {
        isize
    };
}
pub(super) use result_type;

/// The same value in that type.
macro_rules! to_result {
    (Int $value:expr) => {
        $value as isize
    };
    ($other:ident $value:expr) => {
        $value
    };
}
pub(super) use to_result;

/// The implementation of a method or slot, which contexts call: the own runtime's is sent to the
/// entry by the C API, a host's to the body. The body is a function of its own.
macro_rules! implementation {
    (
        $vis:vis $name:ident, $body_name:ident
        <$param:ident: $bound:path>($($arg:ident: $ty:ty),*) -> $kind:ident
        = own $own:expr, |$ctx:ident| $body:expr
    ) => {
        $vis unsafe extern "C" fn $name<$param: $bound>(
            ctx: *mut hpy_sys::HPyContext,
            $($arg: $ty),*
        ) -> $crate::entry::enter_host::result_type!($kind) {
            use $crate::entry::enter_host::{enter_host, to_result};
            if hpy_sys::is_of_bundled_runtime(ctx) {
                // SAFETY: the own runtime's handles are objects' addresses.
                return to_result!($kind unsafe { $own });
            }
            let arguments = ($($arg,)*);
            // SAFETY: an entry by the interpreter; the handles stay open during it.
            to_result!($kind unsafe {
                enter_host(ctx, $body_name::<$param>, (&raw const arguments).cast())
            })
        }

        /// # Safety
        /// As for `HostBody`, with these arguments in a tuple.
        $vis unsafe fn $body_name<'ctx, $param: $bound>(
            $ctx: $crate::Context<'ctx>,
            arguments: *const core::ffi::c_void,
        ) -> $crate::Result<$crate::entry::enter_host::body_type!($kind)> {
            // SAFETY: as promised by the caller.
            let ($($arg,)*) = unsafe {
                $crate::entry::enter_host::assume_host($ctx);
                *arguments.cast::<($($ty,)*)>()
            };
            // SAFETY: as promised by the caller: the handles are open during the call.
            unsafe { $body }
        }
    };
}
pub(super) use implementation;
