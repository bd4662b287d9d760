//! Debug mode: a context that checks how an extension uses handles.
//!
//! A debug context wraps the bundled one. Its handles are addresses of [slots](slots),
//! each of which has a handle of the wrapped context. Each function checks the handles that it
//! gets, passes the wrapped ones on, and makes a slot for each handle that comes back.
//!
//! - `slots` has the handles, open and closed;
//! - `context` has the contexts: each call of an extension's function gets another one;
//! - `wrappers` has the functions that only pass handles on, expanded from the table of HPy's API;
//! - `checks`, `builders`, `trackers` and `raw_data` have the functions that do more;
//! - `calls` calls an extension's functions;
//! - `origin` knows where a handle was made: `names` the function, `frames`, `running_frame` and
//!   `getframe` the Python line, `backtraces` the frames in Rust and C;
//! - `invalid` reports what is wrong;
//! - `module` is Python's view of it.

#![allow(non_snake_case, non_upper_case_globals)] // They have HPy's names.

mod backtraces;
mod builders;
mod calls;
mod checks;
mod context;
mod frames;
mod getframe;
mod invalid;
mod module;
mod names;
mod offer;
mod origin;
mod raw_data;
mod running_frame;
mod slots;
mod trackers;
mod wrappers;

pub(crate) use context::root;
pub(crate) use module::*;
pub(crate) use names::add_module;
