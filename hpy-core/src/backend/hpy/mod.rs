//! Through a context that an interpreter or the package `hpy` brings.

pub(crate) mod bases;
pub(crate) mod cached;
pub(crate) mod entries;
pub(crate) mod exception;
pub(crate) mod fields;
pub(crate) mod globals;
pub(crate) mod modules;
pub(crate) mod numbers;
pub(crate) mod objects;
pub(crate) mod owned_ref;
mod plain_pypy;
pub(crate) mod pypy;
pub(crate) mod signals;
pub(crate) mod text;
