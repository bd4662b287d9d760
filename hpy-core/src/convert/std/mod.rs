//! Conversions of types of the standard library.

pub(crate) mod collections;
pub(crate) mod net;
pub(crate) mod numbers;
pub(crate) mod paths;
pub(crate) mod sources;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod tuples;
pub(crate) mod wrappers;
