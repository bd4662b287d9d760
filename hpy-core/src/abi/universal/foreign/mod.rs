//! Through a context that an interpreter or the package `hpy` brings.

pub(super) mod bases;
pub(super) mod cached;
pub(super) mod fields;
pub(super) mod kept;
pub(super) mod numbers;
pub(super) mod objects;
pub(super) mod pypy;
pub(super) mod raised;
pub(super) mod state;
pub(super) mod text;
