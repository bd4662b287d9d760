//! What stubs say of types and functions.

pub mod annotation;
pub mod description;
mod exported;
pub mod probe;
mod text;
