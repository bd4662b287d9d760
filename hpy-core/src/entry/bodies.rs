//! Bodies of methods and slots as functions, and the one function that enters them.
//!
//! Few methods are worth a boundary of their own: those that a call is long for. All others share
//! one, which calls the body by its address. In a universal binary the body is one for all contexts
//! then.

use crate::backend::RawContext;
use crate::entry::guard::{Outcome, entry};
use crate::{Context, Result};
use core::ffi::c_void;

/// A method or slot without its boundary. A function and no closure: one that is passed on as a
/// trait object is compiled twice.
///
/// Unsafe: the arguments are those that the function expects, and their handles are open during the
/// call. Where the method is in line, the context is a host's.
pub(super) type Body<R> = for<'ctx> unsafe fn(Context<'ctx>, *const c_void) -> Result<R>;

/// An entry by the body.
///
/// # Safety
/// As for [`enter`](super::guard::enter), with the arguments of the body.
#[inline(always)]
pub(super) unsafe fn enter_body<A, R: Outcome>(raw: RawContext, body: Body<R>, arguments: A) -> R {
    // SAFETY: as promised by the caller.
    unsafe { enter_any(raw, body, (&raw const arguments).cast()) }
}

/// The same. `extern "C"` is known not to unwind, so that nobody who calls it has code for that.
///
/// # Safety
/// As for [`enter_body`].
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
unsafe extern "C" fn enter_any<R: Outcome>(
    raw: RawContext,
    body: Body<R>,
    arguments: *const c_void,
) -> R {
    // SAFETY: as promised by the caller.
    unsafe { entry!(raw, |ctx| body(ctx, arguments)) }
}

/// The context of a body. Where methods are in line, the compiler is told that it is a host's. All
/// others call functions, whatever the context.
///
/// # Safety
/// It is a host's, if `in_line`.
#[inline(always)]
pub(super) unsafe fn of_body(ctx: Context<'_>, in_line: bool) -> Context<'_> {
    #[cfg(feature = "universal")]
    if in_line {
        // SAFETY: as promised by the caller.
        unsafe { hpy_sys::assume_host_context(ctx.as_ptr()) }
        return ctx;
    }
    let _ = in_line;
    ctx.rarely()
}

/// The body of a method or slot with these parameters.
macro_rules! body {
    (
        $name:ident<$param:ident: $bound:path>($($arg:ident: $ty:ty),*) -> $ret:ty,
        |$ctx:ident| $body:expr
    ) => {
        /// # Safety
        /// As for `Body`, with these arguments in a tuple.
        pub(in crate::entry) unsafe fn $name<'ctx, $param: $bound>(
            $ctx: $crate::Context<'ctx>,
            arguments: *const core::ffi::c_void,
        ) -> $crate::Result<$ret> {
            // SAFETY: as promised by the caller.
            let ($ctx, ($($arg,)*)) = unsafe {
                (
                    $crate::entry::bodies::of_body($ctx, $param::IN_LINE),
                    *arguments.cast::<($($ty,)*)>(),
                )
            };
            // SAFETY: as promised by the caller: the handles are open during the call.
            unsafe { $body }
        }
    };
}
pub(super) use body;
