//! Objects kept beyond a call.

pub mod global;
pub mod identity;
pub mod interned;
pub mod lazy;
pub(crate) mod lookup;
pub mod persistent;
pub mod persistent_text;
pub mod state;
