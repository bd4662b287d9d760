//! `tests/compile-fail/types.rs`, in the cpython ABI.

#[path = "../../types.rs"]
mod types;
