//! A context in pure Rust, for hpy's own tests and examples: no Python is needed to run them.
//!
//! The mock counts its handles and gives each a fresh, changing value. What an extension must not
//! do is recorded as a violation, and fails the test: use after close, double close, closing what
//! is borrowed, leaks, calls with an exception pending, while Python is left, or from another
//! thread.
//!
//! ```
//! use hpy_mock as mock;
//!
//! mock::run(|ctx| {
//!     let list = ctx.list([20, 22])?;
//!     let sum = ctx.builtins().get_item("sum")?.call1((&list,))?;
//!     assert_eq!(sum.extract::<i64>()?, 42);
//!     Ok(())
//! });
//! ```

// The table's functions have C's names.
#![allow(non_snake_case, non_upper_case_globals)]

mod attributes;
mod builtins;
mod calls;
mod compare;
mod containers;
mod entry;
mod errors;
mod handles;
mod int;
mod interpreter;
mod mock;
mod objects;
mod operators;
mod runs;
mod state;
mod table;
mod text;
mod types;
mod values;
mod world;

pub use runs::{failures, foreign, report, run};
pub use world::*;

use mock::{Mock, R};
