//! Python types written in Rust: what `#[hpy_type]` and `#[hpy_methods]` stand on. See `docs/design/types.md`.

pub(crate) mod arguments;
mod attributes;
mod base;
mod borrow;
mod built_in;
mod call;
mod construct;
mod definitions;
mod derived;
mod enumeration;
mod field;
mod inherited;
mod make;
mod metaclass;
mod payload;
mod place;
#[cfg(feature = "universal")]
mod properties;
mod results;
pub(crate) use borrow::borrow_instance;
pub(crate) mod shapes;
mod slots;
mod struct_sequence;
mod traverse;

pub use attributes::{ReadAttribute, attribute_value, class_name, get_attribute, set_attribute};
pub use base::{Base, check_base, check_legacy_base};
pub use borrow::{Checked, Frozen, Ref, RefMut, receiver, receiver_handle, receiver_mut};
pub use call::{ByObject, CallFunction, CallPlace, CallStatic, Called};
pub use construct::{Instance, NewResult, WithoutValue, construct, into_instance, new_def};
pub use definitions::{Description, NoMethods, TypeMethods, attribute_def, slot_def};
pub use derived::*;
pub use enumeration::*;
pub use field::Field;
pub use metaclass::{Metaclass, metaclass};
pub use place::{TypePlace, type_object};
pub use results::*;
pub use slots::*;
pub use struct_sequence::*;
pub use traverse::{In, InOpaque, Traverse, Visitor};

use crate::definition::MethodDef;
use crate::types::Module;
use crate::{Context, Handle, Result};

/// A Rust type whose values are the data of Python objects: what `#[hpy_type]` makes of a struct.
///
/// `Handle<'ctx, Point>` is a handle to such an object; [`Handle::borrow`](crate::Handle::borrow) gives the data.
///
/// Threads other than the one that made an object may use it, and drop it: so each part of the data is Send and Sync, or a [`Field`](crate::Field), which is
/// neither wherever else it may be, and found by [`Traverse`](crate::Traverse).
///
/// # Safety
/// `#[hpy_type]` implements it. The place is the same static at each call and no other type's;
/// `fields` shows every field in the data, if `HAS_FIELDS`, else there are none; objects that
/// `TypeCheck` takes for instances are those of the class that is made of this description, and
/// what the constants point to is a definition for it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Python type",
    label = "not a type that Python knows",
    note = "put `#[hpy_type]` above its definition; an enum is a class of Python's own, without methods in Rust, and so is a structure sequence"
)]
pub unsafe trait PyClass: crate::types::Subtype + Sized + 'static {
    /// `Checked`, or `Frozen` where nothing is ever borrowed exclusively.
    #[doc(hidden)]
    type Access: borrow::Access;
    /// What it derives from: `Object`, another type written in Rust, or a built-in one.
    type Base: Base;
    /// Name, docs and options.
    #[doc(hidden)]
    const DESCRIPTION: Description;
    /// The attributes that are fields.
    #[doc(hidden)]
    const FIELDS: &'static [MethodDef];
    /// What `#[hpy_methods]` made.
    #[doc(hidden)]
    const METHODS: TypeMethods;
    /// Slots in C.
    #[doc(hidden)]
    const LEGACY: Option<crate::legacy::LegacySlots> = None;
    /// Whether there are fields in the data.
    #[doc(hidden)]
    const HAS_FIELDS: bool;
    /// Shows the fields in the data.
    #[doc(hidden)]
    fn fields(&self, visitor: &mut Visitor<'_>);
    /// Where the type object is: the same static each time.
    #[doc(hidden)]
    fn place() -> &'static TypePlace<Self>;
}

/// What may stand among a module's `types`: a struct, a structure sequence or an enum with `#[hpy_type]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Python type",
    label = "not a type that Python knows",
    note = "put `#[hpy_type]` above its definition"
)]
pub trait ModuleType {
    /// Adds the type to the module, which is being imported.
    fn add_to<'ctx>(ctx: Context<'ctx>, module: &Handle<'ctx, Module>) -> Result<()>;
}

impl<T: PyClass> ModuleType for T {
    #[inline]
    fn add_to<'ctx>(ctx: Context<'ctx>, module: &Handle<'ctx, Module>) -> Result<()> {
        make::add_class::<T>(ctx, module)
    }
}

/// Adds a type to the module, which is being imported.
#[inline]
pub fn add_type<'ctx, T: ModuleType>(
    ctx: Context<'ctx>,
    module: &Handle<'ctx, Module>,
) -> Result<()> {
    T::add_to(ctx, module)
}
