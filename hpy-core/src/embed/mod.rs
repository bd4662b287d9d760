//! Python in a Rust program: the feature `embed`.
//!
//! Nothing is linked. The program finds an interpreter when it runs, opens its shared library and
//! starts it. So one program works with CPython 3.9 to 3.15, with and without the GIL.
//!
//! [`Python::start`] starts it. [`hpy::attach`](crate::attach()) then works on every thread. A
//! module that the program declares by `hpy_module!` can be imported, as can everything that the
//! interpreter has installed.
//!
//! ```no_run
//! use hpy::embed::{Python, StartError};
//! use hpy::prelude::*;
//!
//! #[hpy_method]
//! fn double(x: i64) -> i64 {
//!     2 * x
//! }
//!
//! hpy_module! {
//!     name: demo,
//!     methods: [double],
//! }
//!
//! fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//!     let python = Python::start()?;
//!     let answer: i64 = python.attach(|ctx| {
//!         ctx.import("demo")?.call_method1("double", (21,))?.extract()
//!     })??;
//!     assert_eq!(answer, 42);
//!     Ok(())
//! }
//! ```
//!
//! # Which interpreter
//!
//! The one that `HPY_PYTHON` names, else that of the active virtual environment (`VIRTUAL_ENV`),
//! else `python3` on `PATH`. It has to be a CPython with a shared library. The packages of the
//! virtual environment can be imported.
//!
//! # Tests
//!
//! `#[hpy::test]` above a function that takes a context makes it a test that runs in such an
//! interpreter.

mod built_in;
mod interpreter;
mod start;
mod testing;

#[doc(hidden)]
pub use built_in::BuiltIn;
#[doc(hidden)]
pub use testing::{Test, run_test};
pub use testing::{TestError, TestOutcome, TestResult};

use crate::{Context, Result};
use core::fmt::{self, Display, Formatter};
use core::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

/// The interpreter of this process, started.
///
/// It is never finalized, because threads may use it as long as the process lives. When the last
/// `Python` is dropped, Python's `atexit` functions run, and `sys.stdout` and `sys.stderr` are
/// flushed. Python's threads that still run are not waited for: join them.
#[derive(Debug)]
#[must_use = "what Python prints is flushed when this is dropped"]
pub struct Python(());

/// How many values of `Python` there are.
static COUNT: AtomicUsize = AtomicUsize::new(0);

impl Python {
    /// Starts the interpreter, if it does not run yet. PyO3's `Python::initialize`.
    ///
    /// No signal handlers are installed: Ctrl-C ends the program, and `KeyboardInterrupt` is never
    /// raised. Python's main thread is the program's main thread if that one calls this first,
    /// else a thread that is made for it.
    ///
    /// The first call takes some 20 milliseconds: it runs the interpreter's executable, to ask for
    /// its library.
    ///
    /// # Errors
    /// If there is no interpreter, if it has no shared library
    /// ([`is_without_library`](StartError::is_without_library)), or if that cannot be opened. The
    /// message says what to do. An interpreter that cannot start by itself (its standard library is
    /// missing) ends the process.
    pub fn start() -> Result<Self, StartError> {
        start::start()?;
        COUNT.fetch_add(1, Ordering::Relaxed);
        Ok(Self(()))
    }

    /// Runs `work` with a context: [`hpy::attach`](crate::attach()), which needs no `Python`.
    ///
    /// # Errors
    /// As for `hpy::attach`.
    pub fn attach<R>(&self, work: impl for<'ctx> FnOnce(Context<'ctx>) -> R) -> Result<R> {
        crate::attach(work)
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        if COUNT.fetch_sub(1, Ordering::AcqRel) != 1 {
            return;
        }
        let _ = crate::attach(|ctx| {
            if let Err(error) = ctx.run(END, None, None) {
                error.write_unraisable(ctx, None);
            }
        });
    }
}

const END: &str = "
import atexit, sys
try:
    atexit._run_exitfuncs()
finally:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
";

/// The interpreter did not start. The text says why, and what to do.
#[derive(Debug, Clone)]
pub struct StartError {
    reason: Reason,
    text: Arc<str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    NoInterpreter,
    NoLibrary,
    Failed,
}

impl StartError {
    fn without_interpreter(text: String) -> Self {
        let text = match text.is_empty() {
            true => "no Python was found".to_owned(),
            false => text,
        };
        Self::new(
            Reason::NoInterpreter,
            format!("{text}\nSet HPY_PYTHON to the executable of a CPython 3.9 or newer."),
        )
    }

    fn without_library(text: String) -> Self {
        Self::new(Reason::NoLibrary, text)
    }

    fn failed(text: String) -> Self {
        Self::new(Reason::Failed, text)
    }

    fn new(reason: Reason, text: String) -> Self {
        Self {
            reason,
            text: text.into(),
        }
    }

    /// Whether no interpreter was found at all.
    #[must_use]
    pub fn is_without_interpreter(&self) -> bool {
        self.reason == Reason::NoInterpreter
    }

    /// Whether the interpreter that was found cannot be embedded: it has no shared library, or is
    /// not a CPython that hpy knows.
    #[must_use]
    pub fn is_without_library(&self) -> bool {
        self.reason == Reason::NoLibrary
    }
}

impl Display for StartError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for StartError {}
