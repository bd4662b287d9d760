//! The checks of built-in types.

use super::check::{Subtype, TypeCheck, TypeObject};
use super::markers::*;
use super::module;
use crate::{Context, Handle, Result};
use hpy_sys::*;

macro_rules! marker {
    ($marker:ident $name:literal, |$ctx:ident, $raw:ident| $check:expr) => {
        // SAFETY: the check is the interpreter's own.
        unsafe impl TypeCheck for $marker {
            const NAME: &'static str = $name;

            #[inline(always)]
            fn check(object: &Handle<'_>) -> bool {
                let ($ctx, $raw) = (object.ctx().as_ptr(), object.as_raw());
                // SAFETY: the handle is open, the type is a constant of the context.
                unsafe { $check }
            }
        }

        impl Subtype for $marker {}
    };
    ($marker:ident $name:literal, |$ctx:ident, $raw:ident| $check:expr, $object:ident) => {
        marker! { $marker $name, |$ctx, $raw| $check }

        impl TypeObject for $marker {
            #[inline]
            fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
                // SAFETY: the constant is a type.
                Ok(unsafe { ctx.constant($object(ctx.as_ptr())) })
            }
        }
    };
}

/// Markers of types that HPy has no constant for: each is looked up by its path, once per
/// interpreter.
macro_rules! cached_marker {
    ($marker:ident $name:literal $path:literal) => {
        impl $marker {
            #[inline]
            fn cached() -> &'static $crate::storage::lookup::Lookup {
                static TYPE: $crate::storage::lookup::Lookup =
                    $crate::storage::lookup::Lookup::new($path);
                &TYPE
            }
        }

        // SAFETY: the object's type is, or derives from, the one that the interpreter has under
        // that path. What is done with such an object is done at the Python level.
        unsafe impl $crate::types::TypeCheck for $marker {
            const NAME: &'static str = $name;

            #[inline]
            fn check(object: &$crate::Handle<'_>) -> bool {
                Self::cached().is_type_of(object)
            }
        }

        impl $crate::types::Subtype for $marker {}

        impl $crate::types::TypeObject for $marker {
            #[inline]
            fn type_object<'ctx>(
                ctx: $crate::Context<'ctx>,
            ) -> $crate::Result<$crate::Handle<'ctx, $crate::types::Type>> {
                Self::cached().get_type(ctx)
            }
        }
    };
}
pub(crate) use cached_marker;

// SAFETY: everything is an object.
unsafe impl TypeCheck for Object {
    const NAME: &'static str = "object";

    #[inline(always)]
    fn check(_: &Handle<'_>) -> bool {
        true
    }
}

impl TypeObject for Object {
    #[inline]
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        // SAFETY: the constant is a type.
        Ok(unsafe { ctx.constant(h_BaseObjectType(ctx.as_ptr())) })
    }
}

marker! {
    NoneType "None", |ctx, raw| HPy_Is(ctx, raw, h_None(ctx)) != 0
}
marker! {
    EllipsisType "ellipsis", |ctx, raw| HPy_Is(ctx, raw, h_Ellipsis(ctx)) != 0
}
marker! {
    NotImplementedType "NotImplementedType",
    |ctx, raw| HPy_Is(ctx, raw, h_NotImplemented(ctx)) != 0
}
marker! {
    Bool "bool", |ctx, raw| crate::backend::is_bool(ctx, raw), h_BoolType
}
marker! {
    Int "int", |ctx, raw| crate::backend::is_int(ctx, raw), h_LongType
}
marker! {
    Float "float", |ctx, raw| HPy_TypeCheck(ctx, raw, h_FloatType(ctx)) != 0, h_FloatType
}
marker! {
    Str "str", |ctx, raw| HPyUnicode_Check(ctx, raw) != 0, h_UnicodeType
}
marker! {
    Bytes "bytes", |ctx, raw| HPyBytes_Check(ctx, raw) != 0, h_BytesType
}
marker! {
    List "list", |ctx, raw| HPyList_Check(ctx, raw) != 0, h_ListType
}
marker! {
    Tuple "tuple", |ctx, raw| HPyTuple_Check(ctx, raw) != 0, h_TupleType
}
marker! {
    Dict "dict", |ctx, raw| HPyDict_Check(ctx, raw) != 0
}
marker! {
    Type "type", |ctx, raw| HPy_TypeCheck(ctx, raw, h_TypeType(ctx)) != 0, h_TypeType
}
marker! {
    Complex "complex", |ctx, raw| HPy_TypeCheck(ctx, raw, h_ComplexType(ctx)) != 0, h_ComplexType
}
marker! {
    Slice "slice", |ctx, raw| HPy_TypeCheck(ctx, raw, h_SliceType(ctx)) != 0, h_SliceType
}
marker! {
    MemoryView "memoryview",
    |ctx, raw| HPy_TypeCheck(ctx, raw, h_MemoryViewType(ctx)) != 0,
    h_MemoryViewType
}

marker! {
    AnyCapsule "capsule",
    |ctx, raw| HPy_TypeCheck(ctx, raw, h_CapsuleType(ctx)) != 0,
    h_CapsuleType
}
marker! {
    Callable "callable", |ctx, raw| HPyCallable_Check(ctx, raw) != 0
}
marker! {
    PyIterator "iterator", |ctx, raw| HPyIter_Check(ctx, raw) != 0
}
marker! {
    Module "module", |ctx, raw| module::is_module(ctx, raw)
}

cached_marker! {
    Set "set" c"builtins:set"
}
cached_marker! {
    FrozenSet "frozenset" c"builtins:frozenset"
}
cached_marker! {
    ByteArray "bytearray" c"builtins:bytearray"
}
cached_marker! {
    Range "range" c"builtins:range"
}

cached_marker! {
    ContextVar "ContextVar" c"contextvars:ContextVar"
}

impl TypeObject for Module {
    #[inline]
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        Ok(ctx.import("sys")?.as_object().type_())
    }
}

impl TypeObject for Dict {
    #[inline]
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        static DICT: crate::storage::lookup::Lookup =
            crate::storage::lookup::Lookup::new(c"builtins:dict");
        // SAFETY: the constant is a type, or null in contexts of HPy 0.9.0.
        unsafe {
            match h_DictType(ctx.as_ptr()) {
                none if none.is_null() => DICT.get_type(ctx),
                type_ => Ok(ctx.constant(type_)),
            }
        }
    }
}
