//! `async fn`: coroutines of Rust that Python's `asyncio` runs, and Python's awaitables in Rust.
//!
//! An `async fn` with [`#[hpy_method]`](https://docs.rs/hpy/latest/hpy/attr.hpy_method.html) needs
//! nothing of this module. It has what such a function may use.

mod answer;
mod await_python;
mod bell;
mod cancel;
mod coroutine;
mod coroutine_type;
pub(crate) mod held;
pub(crate) mod make;
mod native_slots;
mod poll;
mod requests;
mod runtime;
mod slot;
mod waker;

pub use await_python::Awaiting;
pub use cancel::{CancelHandle, Cancelled};
