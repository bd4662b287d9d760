//! Types among a module's `types`.

use super::create;
use super::declaration::PyClass;
use crate::types::{Module, Type};
use crate::{Context, Handle, Result};

/// What may stand among a module's `types`: a struct, a structure sequence or an enum with
/// `#[hpy_type]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Python type",
    label = "not a type that Python knows",
    note = "put `#[hpy_type]` above its definition"
)]
pub trait ModuleType {
    /// Makes the type for the module, which is being imported, and adds it if `is_listed`.
    fn make_for<'ctx>(
        ctx: Context<'ctx>,
        module: &Handle<'ctx, Module>,
        is_listed: bool,
    ) -> Result<()>;
}

impl<T: PyClass> ModuleType for T {
    #[inline]
    fn make_for<'ctx>(
        ctx: Context<'ctx>,
        module: &Handle<'ctx, Module>,
        is_listed: bool,
    ) -> Result<()> {
        create::add_class::<T>(ctx, module, is_listed)
    }
}

/// The type as an object.
pub fn type_object<'ctx, T: PyClass>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
    create::class_of::<T>(ctx)
}

/// What `#[hpy_type]` ends with: blanket implementations of these exist for exceptions already.
#[doc(hidden)]
#[macro_export]
macro_rules! __type_check {
    ($type:ty, $name:literal $(, $id:literal)?) => {
        // SAFETY: the place has only types that were made for `$type`.
        unsafe impl $crate::types::TypeCheck for $type {
            const NAME: &'static ::core::primitive::str = $name;
            $(const ANNOTATION: $crate::Annotation = $crate::Annotation::declared($id);)?

            #[inline(always)]
            fn check(object: &$crate::Handle<'_>) -> ::core::primitive::bool {
                <$type as $crate::PyClass>::place().is_type_of(object)
            }
        }

        impl $crate::types::Subtype for $type {}

        impl $crate::types::TypeObject for $type {
            fn type_object<'ctx>(
                ctx: $crate::Context<'ctx>,
            ) -> $crate::Result<$crate::Handle<'ctx, $crate::types::Type>> {
                $crate::__private::type_object::<Self>(ctx)
            }
        }
    };
}
