//! `PyClass`: what `#[hpy_type]` says of a struct.

use super::access::Access;
use super::base::Base;
use super::description::{Description, TypeMethods};
use super::kind::ClassKind;
use super::sharing::Sharing;
use super::threads::Threads;
use super::type_cell::TypeCell;
use super::visitor::Visitor;
use crate::entry::definition::MethodDef;
use crate::types::{Module, Type};
use crate::{Context, Handle, Result};

/// A Rust type whose values are the data of Python objects: what `#[hpy_type]` makes of a struct.
///
/// `Handle<'ctx, Point>` is a handle to such an object; [`Handle::borrow`](crate::Handle::borrow)
/// gives the data.
///
/// Threads other than the one that made an object may use it, and drop it: so each part of the data
/// is Send and Sync (unless the type is `unsendable`), or a [`Field`](crate::Field), which is
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
    note = "put `#[hpy_type]` above its definition",
    note = "an enum whose variants hold no data has methods with `&self`, and neither data nor a \
            `__call__`; a structure sequence has no methods in Rust: write functions that take it"
)]
pub unsafe trait PyClass: crate::types::Subtype + Sized + 'static {
    /// `Checked`, or `Frozen` where nothing is ever borrowed exclusively.
    #[doc(hidden)]
    type Access: Access;
    /// `AnyThread`, or `OneThread` where only the thread that made an object uses the data.
    #[doc(hidden)]
    type Threads: Threads;
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
    /// Methods that are given the class, beside those of `METHODS`.
    #[doc(hidden)]
    const CLASS_METHODS: &'static [MethodDef] = &[];
    /// Whether it has `pickle`.
    #[doc(hidden)]
    const PICKLES: bool = false;
    /// What it is made of in Rust.
    #[doc(hidden)]
    const KIND: ClassKind = ClassKind::Struct;
    /// Slots in C.
    #[doc(hidden)]
    const LEGACY: Option<crate::module::legacy_slots::LegacySlots> = None;
    /// Slots of CPython's alone.
    #[doc(hidden)]
    const NATIVE: &'static [super::native_slots::NativeSlot] = &[];
    /// Whether there are fields in the data.
    #[doc(hidden)]
    const HAS_FIELDS: bool;
    /// Whether dropping the data does more than to let go of what fields hold.
    #[doc(hidden)]
    const OWNS_MORE: bool = true;
    /// Shows the fields in the data.
    #[doc(hidden)]
    fn fields(&self, visitor: &mut Visitor<'_>);
    /// What other extensions are told of it, if it is shared.
    #[doc(hidden)]
    #[inline(always)]
    fn sharing() -> Option<&'static Sharing> {
        None
    }
    /// Makes the classes of the variants, if it is an enum.
    #[doc(hidden)]
    #[inline(always)]
    fn add_variants<'ctx>(
        class: &Handle<'ctx, Type>,
        module: Option<&Handle<'ctx, Module>>,
    ) -> Result<()> {
        let _ = (class, module);
        Ok(())
    }
    /// The class, made with the others of its enum, if it is that of a variant.
    #[doc(hidden)]
    #[inline(always)]
    fn of_enum(ctx: Context<'_>) -> Result<Handle<'_, Type>> {
        let _ = ctx;
        Err(super::type_cell::not_imported(Self::DESCRIPTION.name))
    }
    /// The value as an object of its variant's class, if it is an enum.
    #[doc(hidden)]
    #[inline(always)]
    fn into_variant(self, ctx: Context<'_>) -> Result<Handle<'_>> {
        let _ = ctx;
        Err(super::type_cell::not_imported(Self::DESCRIPTION.name))
    }
    /// Where the type object is: the same static each time.
    #[doc(hidden)]
    fn place() -> &'static TypeCell<Self>;
}

/// Makes the classes of an enum's variants.
pub(super) type AddVariants =
    for<'a, 'ctx> fn(&'a Handle<'ctx, Type>, Option<&'a Handle<'ctx, Module>>) -> Result<()>;
