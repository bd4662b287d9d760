//! Threads: who may use the interpreter, and Rust code that runs without it.

pub mod attach;
pub mod detach;
pub(crate) mod detached;
mod kept_objects;
