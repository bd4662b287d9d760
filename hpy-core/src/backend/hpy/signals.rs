//! The handlers of signals, for which HPy has no word.

use crate::{Cached, Context, Result};
use core::ffi::c_int;

/// Calls a small function in Python. Handlers run between two instructions, and some interpreters
/// look for signals at the end of a loop's turn only.
pub(crate) fn check_signals(ctx: Context<'_>) -> Result<c_int> {
    static TURNS: Cached = Cached::new();
    let turns = TURNS.get_or_init(ctx, || {
        ctx.eval("lambda: [None for _ in range(2)]", None, None)
    })?;
    turns.call0().map(|_| 0)
}
