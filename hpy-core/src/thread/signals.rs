//! `check_signals`: Ctrl-C in long loops.

use crate::{Context, Result, backend};

impl Context<'_> {
    /// Runs the handlers of signals that have come meanwhile. PyO3's `Python::check_signals`.
    ///
    /// The handlers run on the main thread only, so this does nothing on others. A long loop calls
    /// it once in a while, say every millisecond, and passes the error on by `?`: then Ctrl-C ends
    /// the loop with a KeyboardInterrupt.
    ///
    /// It is CPython's `PyErr_CheckSignals`. PyPy 8's and GraalPy 25's run no handler, and host
    /// contexts have no word for it. There a small Python function is called, because handlers run
    /// between two instructions of Python code.
    ///
    /// Other threads do not run meanwhile: [`detach`](Context::detach) lets them.
    ///
    /// # Errors
    /// What a handler raises: KeyboardInterrupt for SIGINT, if the program has not changed that.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// #[hpy_method]
    /// fn spin(ctx: Context<'_>, turns: u64) -> Result<u64> {
    ///     let mut sum = 0u64;
    ///     for turn in 0..turns {
    ///         sum = sum.wrapping_add(turn);
    ///         if turn % 100_000 == 0 {
    ///             ctx.check_signals()?;
    ///         }
    ///     }
    ///     Ok(sum)
    /// }
    /// ```
    #[inline]
    pub fn check_signals(self) -> Result<()> {
        self.assert_attached();
        self.check_call(backend::check_signals(self)?).map(drop)
    }
}
