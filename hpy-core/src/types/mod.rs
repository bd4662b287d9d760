//! The types that a handle can be known to refer to, and their methods.
//!
//! A marker such as [`List`] stands in `Handle<'ctx, List>`; nothing of it exists at run time.

mod bool;
mod buffers;
pub(crate) mod builtin;
mod bytes;
#[cfg(any(feature = "arrow", feature = "dlpack"))]
pub(crate) mod c_capsule;
mod callable;
mod capsule;
pub(crate) mod check;
mod code;
mod complex;
mod context_var;
mod datetime;
mod dict;
mod dict_views;
pub(crate) mod downcast;
mod exception;
mod float;
mod format;
mod frames;
mod generic_alias;
mod int;
mod kind;
mod list;
pub mod literals;
pub(crate) mod markers;
mod module;
mod none;
mod paths;
mod sequence;
mod set;
mod slice;
mod stdlib;
mod str;
mod tuple;
mod type_;
mod weakref;

pub use crate::numbers::Number;
#[doc(hidden)]
pub use crate::numbers::Packed;
pub use capsule::Capsule;
pub use check::{Subtype, TypeCheck, TypeObject};
pub use code::Code;
pub use datetime::{Date, DateTime, Time, TimeDelta, TzInfo};
pub use dict::DictIter;
pub use dict_views::{DictItems, DictKeys, DictValues, MappingProxy};
pub use frames::{BoundMethod, BuiltinFunction, Frame, Function, Traceback};
pub use generic_alias::{GenericAlias, Super};
pub use kind::Kind;
pub use list::ListIter;
pub use markers::*;
pub use paths::{Path, PathLike};
pub use slice::SliceIndices;
pub use stdlib::{Decimal, EnumMember, Fraction, Uuid};
pub use tuple::TupleIter;
pub use weakref::{WeakProxy, WeakRef};
