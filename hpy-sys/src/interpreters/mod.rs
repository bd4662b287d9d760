//! The interpreters of the process, and what belongs to each.
//!
//! A library's statics are the same for all interpreters of a process; objects belong to one. With locks of their own
//! (CPython 3.12 and later) interpreters run in parallel, so no object of one may even be counted by another. What
//! a library keeps in statics is therefore found by the interpreter that runs.
//!
//! It costs next to nothing while there is only one: a flag says that a second one has loaded a module of this
//! library. It is set before the second one runs any of the library's code. So who finds it clear is in the
//! first interpreter, and may use what stands in statics directly.
//!
//! Interpreters have numbers here, of which none is given twice: addresses and CPython's own numbers are, once an interpreter
//! has ended. A capsule in the interpreter's own dict tells the end.

#[cfg(feature = "universal")]
mod attached;
mod globals;
mod interpreter;
mod load;
mod release;
mod state;

#[cfg(feature = "universal")]
pub use attached::attached;
pub(crate) use globals::{load_global, store_global};
pub use interpreter::{Interpreters, is_attached_to, is_current, is_first, number, several};
pub(crate) use interpreter::{builtins, is_main_alone};
pub use load::set_refusal;
pub(crate) use load::{Refused, load};
pub use release::{release, release_waiting};
pub use state::releases_wait;

#[cfg(not(feature = "universal"))]
pub use crate::capi::attached;
