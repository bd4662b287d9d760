//! What any object can do: attributes, items, arithmetic, comparison, iteration, calls.

mod arithmetic;
mod attributes;
pub(crate) mod calls;
mod compare;
mod compare_op;
pub(crate) mod context;
mod describe;
pub(crate) mod handle;
mod items;
pub(crate) mod iterate;
mod make;
mod names;
#[cfg(feature = "debug-handles")]
pub(crate) mod open_handles;
pub(crate) mod variance;

pub use compare_op::CompareOp;
pub use iterate::Iter;
pub use names::Name;
pub(crate) use names::with_c_str;
