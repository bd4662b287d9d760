//! What any object can do: attributes, items, arithmetic, comparison, iteration, calls.

mod attributes;
mod calls;
mod compare;
mod describe;
mod items;
mod iterate;
mod name;
mod number;

pub use compare::CompareOp;
pub use iterate::Iter;
pub use name::Name;
pub(crate) use name::with_c_str;
