//! Which runtime a context is of.

use crate::Context;
use crate::backend::dispatch::which_runtime::own;
use crate::backend::hpy::modules::{on_graalpy, on_pypy};
use crate::backend::quirks::Quirk;
use crate::backend::runtimes::*;
use hpy_sys::is_of_package;

impl Context<'_> {
    /// Whether its runtime has the quirk. The row is a constant, so that only the runtimes that it
    /// names are asked for, and none where it names no own one and the context is the own.
    #[inline(always)]
    pub(crate) fn has(self, quirk: Quirk) -> bool {
        let of = quirk.of;
        if own(self) {
            return (of & OWN_ON_PYPY != 0 && self.is_on_pypy())
                || (of & OWN_ON_GRAALPY != 0 && self.is_on_graalpy());
        }
        match of & FOREIGN {
            0 => false,
            FOREIGN => true,
            // PyPI's is known by being no other.
            of if of & PYPI_HPY != 0 => !is_one_of(self, FOREIGN & !of),
            of => is_one_of(self, of),
        }
    }
}

/// Whether a foreign context is of one of these runtimes.
#[inline(always)]
fn is_one_of(ctx: Context<'_>, of: u8) -> bool {
    ctx.assert_attached();
    (of & GRAALPY_HPY != 0 && on_graalpy())
        || (of & (PYPY_HPY | PACKAGE) != 0 && is_pypy_or_package(ctx, of))
}

/// By the layout of the context, which is some code for each place that asks.
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn is_pypy_or_package(ctx: Context<'_>, of: u8) -> bool {
    (of & PYPY_HPY != 0 && on_pypy(ctx))
        // SAFETY: a `Context`'s is valid on this thread.
        || (of & PACKAGE != 0 && unsafe { is_of_package(ctx.as_ptr()) })
}
