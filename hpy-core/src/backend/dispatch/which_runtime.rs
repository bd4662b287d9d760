//! Which runtime a context is of.

use crate::Context;
use hpy_sys::is_of_bundled_runtime;

/// Whether it is a host's.
#[inline(always)]
pub(crate) fn is_host(ctx: Context<'_>) -> bool {
    !own(ctx)
}

/// HPy's function, in line by the context's word if it is a host's: `hpy_sys` has one more call for
/// it. For what short methods call.
macro_rules! by_word {
    ($ctx:expr, $function:ident, $word:ident $(, $arg:expr)*) => {{
        let raw = $ctx.as_ptr();
        if $crate::backend::dispatch::is_host($ctx) {
            ((*raw).$word)(raw $(, $arg)*)
        } else {
            hpy_sys::$function(raw $(, $arg)*)
        }
    }};
}
pub(crate) use by_word;

/// Whether it is the own runtime's.
#[inline(always)]
pub(crate) fn own(ctx: Context<'_>) -> bool {
    is_of_bundled_runtime(ctx.as_ptr())
}
