//! Bodies of methods and slots as functions, and the functions that enter them, one for each number
//! of arguments.
//!
//! Few methods are worth a boundary of their own: those that a call is long for. All others share
//! one, which calls the body by its address. Their entries are a jump to it. In a universal binary
//! the body is one for all contexts then.

use crate::backend::RawContext;
use crate::entry::guard::{Outcome, entry};
use crate::{Context, Result};

// Bodies are functions and no closures: a closure that is passed on as a trait object is compiled
// twice. Calling them is unsafe: the handles among the arguments are open during the call, and
// where the method is in line, the context is a host's.

macro_rules! enter {
    ($($name:ident($($arg:ident: $param:ident),*);)*) => {$(
        /// An entry by the body. `extern "C"` is known not to unwind, so that nobody who calls it
        /// has code for that.
        ///
        /// # Safety
        /// As for [`enter`](super::guard::enter), with the arguments of the body.
        #[inline(never)]
        #[allow(improper_ctypes_definitions)] // Rust calls it.
        pub(super) unsafe extern "C" fn $name<$($param,)* R: Outcome>(
            raw: RawContext,
            $($arg: $param,)*
            body: for<'ctx> unsafe fn(Context<'ctx>, $($param),*) -> Result<R>,
        ) -> R {
            // SAFETY: as promised by the caller.
            unsafe { entry!(raw, |ctx| body(ctx, $($arg),*)) }
        }
    )*};
}

enter! {
    enter_1(a: A);
    enter_2(a: A, b: B);
    enter_3(a: A, b: B, c: C);
    enter_4(a: A, b: B, c: C, d: D);
}

/// The function that enters bodies with so many arguments.
macro_rules! enter_body {
    ($raw:expr, $body:expr, $a:expr) => {
        $crate::entry::shared_boundary::enter_1($raw, $a, $body)
    };
    ($raw:expr, $body:expr, $a:expr, $b:expr) => {
        $crate::entry::shared_boundary::enter_2($raw, $a, $b, $body)
    };
    ($raw:expr, $body:expr, $a:expr, $b:expr, $c:expr) => {
        $crate::entry::shared_boundary::enter_3($raw, $a, $b, $c, $body)
    };
    ($raw:expr, $body:expr, $a:expr, $b:expr, $c:expr, $d:expr) => {
        $crate::entry::shared_boundary::enter_4($raw, $a, $b, $c, $d, $body)
    };
}
pub(super) use enter_body;

/// A body with four arguments: object, array, number, names of keywords.
#[cfg(feature = "universal")]
pub(super) type KeywordsBody<R> = for<'ctx> unsafe fn(
    Context<'ctx>,
    hpy_sys::HPy,
    *const hpy_sys::HPy,
    usize,
    hpy_sys::HPy,
) -> Result<R>;

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
        /// That of bodies.
        pub(in crate::entry) unsafe fn $name<'ctx, $param: $bound>(
            $ctx: $crate::Context<'ctx>,
            $($arg: $ty),*
        ) -> $crate::Result<$ret> {
            // SAFETY: as promised by the caller: the handles are open during the call.
            unsafe {
                let $ctx = $crate::entry::shared_boundary::of_body($ctx, $param::IN_LINE);
                $body
            }
        }
    };
}
pub(super) use body;
