//! The interpreters of the process, and the objects that belong to each.
//!
//! All interpreters of a process share a library's statics, but an object belongs to one
//! interpreter. From CPython 3.12 on, interpreters can have a GIL each and run in parallel. One
//! must not even touch the reference count of another's object. So what a library keeps in statics
//! is looked up by the current interpreter.
//!
//! This costs next to nothing while there is only one interpreter. A flag is set before a second
//! one runs any code of this library. Code that finds the flag clear runs in the first interpreter
//! and may use the statics directly.
//!
//! Each interpreter has a number that is never reused, unlike its address and CPython's own id. The
//! destructor of a capsule in the interpreter's dict reports its end.

#[cfg(feature = "universal")]
mod attached;
mod globals;
mod interpreter;
mod load;
mod release;
mod state;
mod thread_state;

#[cfg(feature = "universal")]
pub use attached::attached;
#[cfg(feature = "universal")]
pub(crate) use attached::{is_current_thread_attached, state_of_attached, state_of_attached_again};
pub use globals::borrow_global;
pub(crate) use globals::{load_global, store_global};
#[cfg(feature = "universal")]
pub use interpreter::is_loaded;
pub use interpreter::{
    Interpreters, is_attached_to, is_attached_to_known, is_current, is_first, number, several,
};
pub(crate) use interpreter::{builtins, is_main_alone};
pub use load::set_refusal;
pub(crate) use load::{Refused, load};
pub use release::{release, release_waiting};
pub use state::releases_wait;
#[cfg(feature = "universal")]
pub(crate) use thread_state::ask_hosts_first;
pub use thread_state::{is_first_at_rest, measure_thread_state};

#[cfg(not(feature = "universal"))]
pub use crate::capi::attached;
#[cfg(not(feature = "universal"))]
pub(crate) use crate::capi::{state_of_attached, state_of_attached_again};
