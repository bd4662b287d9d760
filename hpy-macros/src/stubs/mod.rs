//! What the macros tell of a declaration as data, for `cargo hpy stubs`: pieces of JSON, which the compiler puts together.
//!
//! Only with this crate's feature `description`: nothing of it is in other builds.

mod conversion;
mod function;
mod methods;
mod module;
mod pieces;
mod types;

pub use conversion::conversion;
pub use function::of_function;
pub use methods::of_methods;
pub use module::{of_module, pieces_of_module};
pub use pieces::{Described, ENABLED};
pub use types::{of_class, of_enum, of_sequence};
