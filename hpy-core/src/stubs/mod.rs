//! What stubs say of types and functions.

pub mod annotation;
pub mod description;
pub mod probe;
