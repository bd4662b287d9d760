//! Python objects of the library's own types: closures and iterators of Rust, and functions that no
//! module has.
//!
//! The types are made at the first use. Each extension has its own.

pub(crate) mod closure;
pub(crate) mod function;
pub(crate) mod iterator;
#[cfg(feature = "numpy")]
pub(crate) mod memory;

use crate::class::create::make_at_first_use;
use crate::class::{Instance, PyClass};
use crate::{Context, Handle, Result};

/// A new object of such a type.
pub(crate) fn new_object<'ctx, T>(ctx: Context<'ctx>, value: T) -> Result<Handle<'ctx, T>>
where
    T: PyClass + Instance<'ctx, Type = T>,
{
    if T::place().borrowed(ctx).is_none() {
        make_at_first_use::<T>(ctx)?;
    }
    ctx.instance(value)
}

/// The implementations that each of these types needs.
macro_rules! rust_type {
    ($type:ty, $name:literal, $doc:literal, $methods:expr $(, native: $native:expr)?) => {
        // Errors about other types need not name it.
        #[diagnostic::do_not_recommend]
        // SAFETY: the place is this type's alone; there are no fields; the definitions are those of
        // a type without a constructor.
        unsafe impl $crate::PyClass for $type {
            type Access = $crate::class::Frozen;
            type Threads = $crate::class::AnyThread;
            type Base = $crate::types::Object;
            const DESCRIPTION: $crate::class::Description = $crate::class::Description {
                name: $name,
                doc: $doc,
                subclass: false,
                ..$crate::class::Description::NONE
            };
            const FIELDS: &'static [$crate::entry::definition::MethodDef] = &[];
            const METHODS: $crate::class::TypeMethods = $methods;
            $(const NATIVE: &'static [$crate::class::native_slots::NativeSlot] = $native;)?
            const HAS_FIELDS: bool = false;

            #[inline]
            fn fields(&self, _: &mut $crate::Visitor<'_>) {}

            #[inline(always)]
            fn place() -> &'static $crate::class::TypeCell<Self> {
                static PLACE: $crate::class::TypeCell<$type> = $crate::class::TypeCell::new();
                &PLACE
            }
        }

        $crate::__type_check! { $type, $name }

        // Any thread may use and drop an object.
        const _: () = {
            const fn is_for_all_threads<T: Send + Sync>() {}
            is_for_all_threads::<$type>()
        };
    };
}
pub(crate) use rust_type;
