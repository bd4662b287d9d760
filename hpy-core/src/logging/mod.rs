//! Records of the crates `log` and `tracing`, for Python's `logging`. The features `log` and
//! `tracing`.
//!
//! A record for the target `a::b` goes to the logger `a.b`. Which records Python's loggers take is
//! known without asking Python: see [`reset`].
//!
//! Records may come from any thread: from one that runs Python code, that has left Python by
//! `detach`, or that Python does not know. They are dropped where [`attach`](crate::attach) is an
//! error: after the interpreter's end, on threads of Rust's own where there are subinterpreters
//! with the module, and by the own HPy of PyPy 7.3 and GraalPy 24 on such threads.

mod filters;
mod interpreter;
mod levels;
#[cfg(feature = "log")]
mod of_log;
#[cfg(feature = "tracing")]
mod of_tracing;
mod once;
mod sending;
mod value;

#[cfg(feature = "log")]
pub use of_log::{Logger, init};
#[cfg(feature = "tracing")]
pub use of_tracing::{PythonLayer, SpanFields, init_tracing};

/// Forgets what is known of the levels of Python's loggers: the next record of each target asks
/// anew. PyO3's `pyo3_log::ResetHandle::reset`.
///
/// It is rarely needed. `setLevel`, `logging.disable` and what configures by them (`basicConfig`,
/// `dictConfig`) are noticed at once. What Python's own loggers would not notice either is not: an
/// assignment to `logger.level`.
#[inline]
pub fn reset() {
    levels::forget();
}
