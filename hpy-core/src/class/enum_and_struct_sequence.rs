//! What enums and structure sequences have in common: their classes are made by Python code.

/// The traits of a type whose class Python makes of a description: four functions of `__private` do
/// the work.
#[doc(hidden)]
#[macro_export]
macro_rules! __made_by_python {
    (
        $type:ty, $name:literal $(, $id:literal)?;
        $is:ident $class:ident $add:ident $into:ident
    ) => {
        // SAFETY: the class in the place was made for `$type`. What is done with an enum's member
        // is done at the Python level, and a structure sequence's class derives from tuple.
        unsafe impl $crate::types::TypeCheck for $type {
            const NAME: &'static ::core::primitive::str = $name;
            $(const ANNOTATION: $crate::Annotation = $crate::Annotation::declared($id);)?

            #[inline]
            fn check(object: &$crate::Handle<'_>) -> ::core::primitive::bool {
                $crate::__private::$is::<$type>(object)
            }
        }

        impl $crate::types::Subtype for $type {}

        impl $crate::types::TypeObject for $type {
            #[inline]
            fn type_object<'ctx>(
                ctx: $crate::Context<'ctx>,
            ) -> $crate::Result<$crate::Handle<'ctx, $crate::types::Type>> {
                $crate::__private::$class::<$type>(ctx)
            }
        }

        impl $crate::__private::ModuleType for $type {
            #[inline]
            fn make_for<'ctx>(
                ctx: $crate::Context<'ctx>,
                module: &$crate::Handle<'ctx, $crate::types::Module>,
                is_listed: ::core::primitive::bool,
            ) -> $crate::Result<()> {
                $crate::__private::$add::<$type>(ctx, module, is_listed)
            }
        }

        impl<'ctx> $crate::IntoHandle<'ctx> for $type {
            const ANNOTATION: $crate::Annotation =
                <$type as $crate::types::TypeCheck>::ANNOTATION;

            #[inline]
            fn into_handle(
                self,
                ctx: $crate::Context<'ctx>,
            ) -> $crate::Result<$crate::Handle<'ctx>> {
                $crate::__private::$into(ctx, self)
            }
        }
    };
}
