//! Python types written in Rust: what `#[hpy_type]` and `#[hpy_methods]` stand on. See
//! `docs/design/types.md`.

pub(crate) mod access;
pub(crate) mod arguments;
mod attributes;
mod base;
mod blocks;
mod borrow;
mod built_in;
mod by_value;
mod call;
mod call_place;
mod collections;
mod construct;
pub(crate) mod create;
mod data_enum;
mod declaration;
pub(crate) mod description;
mod enum_and_struct_sequence;
mod enumeration;
mod field;
mod field_setters;
mod format_string;
mod from_traits;
mod has_methods;
mod kind;
mod layout;
mod metaclass;
mod module_type;
mod names;
pub(crate) mod native_slots;
mod no_subclass;
mod pickle;
#[cfg(feature = "universal")]
mod properties;
mod results;
pub(crate) use borrow::borrow_instance;
mod shared;
mod sharing;
pub(crate) mod slot_bodies;
mod slots;
mod spec_definitions;
mod struct_sequence;
mod super_call;
mod threads;
mod traverse;
mod type_cell;
mod type_spec;
mod visitor;

pub use access::{Checked, Frozen, NotFrozen};
pub use attributes::{ReadAttribute, class_name, get_attribute, set_attribute};
pub use base::{Base, check_base, check_legacy_base};
pub use blocks::{check_block, check_init, check_listed, check_setter, lists, of_blocks};
pub use borrow::{
    Ref, RefMut, borrow_in_line, borrow_mut_in_line, borrow_mut_out_of_line, borrow_out_of_line,
    receiver_handle,
};
pub use by_value::*;
pub use call::{ByObject, CallFunction, CallStatic, Called};
pub use collections::{register_mapping, register_sequence};
pub use construct::{
    Instance, NewResult, WithoutValue, class_of_new, construct, into_instance,
    into_instance_in_line, new_def,
};
pub use data_enum::*;
pub use declaration::PyClass;
pub use description::{
    CallPlace, Derived, Description, Metaclass, NoMethods, Register, SetAttributes, TypeMethods,
};
pub use enumeration::*;
pub use field::Field;
pub use field_setters::{SetOnly, setter_def};
pub use format_string::formatted;
pub use from_traits::*;
pub use has_methods::HasMethods;
pub use kind::ClassKind;
pub use metaclass::metaclass;
pub use module_type::{ModuleType, type_object};
pub use pickle::*;
pub use results::*;
pub use shared::*;
pub use sharing::*;
pub use slots::*;
pub use struct_sequence::*;
pub use threads::{AnyThread, OneThread, check_unsendable};
pub use type_cell::TypeCell;
pub use visitor::{DropOf, Exactly, In, InOpaque, NoDrop, Traverse, Visitor, exactly};
