//! Objects kept beyond a call.

pub(crate) mod cached;
pub mod global;
pub mod lazy;
pub mod persistent;
pub mod state;
