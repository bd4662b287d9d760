//! `tests/compile-fail/types.rs`, in the universal ABI.

#[path = "../../types.rs"]
mod types;
