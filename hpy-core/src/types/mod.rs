//! The types that a handle can be known to refer to, and their methods.
//!
//! A marker such as [`List`] stands in `Handle<'ctx, List>`; nothing of it exists at run time.

mod bool;
mod buffers;
mod bytes;
mod callable;
mod capsule;
mod code;
mod complex;
mod context_var;
mod dict;
mod exception;
mod float;
mod format;
mod int;
mod kind;
mod list;
pub mod literals;
mod module;
mod none;
mod sequence;
mod set;
mod slice;
mod str;
mod tuple;
mod type_;

pub use crate::numbers::Number;
#[doc(hidden)]
pub use crate::numbers::Packed;
pub use capsule::Capsule;
pub use code::Code;
pub use dict::DictIter;
pub use kind::Kind;
pub use list::ListIter;
pub use slice::SliceIndices;
pub use tuple::TupleIter;

use crate::{Annotation, Context, Error, Handle, Result};
use hpy_sys::*;

/// A type that can be checked without running Python code.
///
/// # Safety
/// `check` answers true only for instances of the type (or a subclass).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Python type that a handle can be checked for",
    note = "the markers are in `hpy::types`: `Handle<'ctx, List>`, `Handle<'ctx, Str>` …"
)]
pub unsafe trait TypeCheck: 'static {
    /// The type's Python name.
    const NAME: &'static str;

    /// What the type is called in annotations.
    #[doc(hidden)]
    const ANNOTATION: Annotation = Annotation::of_marker(Self::NAME);

    /// Whether the object is an instance.
    fn check(object: &Handle<'_>) -> bool;

    /// What is said of an object that is none: by default "must be list, not int".
    #[doc(hidden)]
    #[cold]
    fn wrong_type(object: &Handle<'_>) -> Error {
        object.wrong_type(Self::NAME)
    }
}

/// Every checked type but `object`: its handles have the methods of any object too.
pub trait Subtype: TypeCheck {}

/// A type that has an object for itself.
pub trait TypeObject: TypeCheck {
    /// The type as an object: `list`, `int` …
    ///
    /// # Errors
    /// Those of HPy's context can always be had; others are imported the first time, which may raise anything.
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>>;
}

macro_rules! marker {
    ($(#[$doc:meta])* $marker:ident $name:literal, |$ctx:ident, $raw:ident| $check:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $marker(());

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
    ($(#[$doc:meta])* $marker:ident $name:literal, |$ctx:ident, $raw:ident| $check:expr, $object:ident) => {
        marker! { $(#[$doc])* $marker $name, |$ctx, $raw| $check }

        impl TypeObject for $marker {
            #[inline]
            fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
                // SAFETY: the constant is a type.
                Ok(unsafe { ctx.constant($object(ctx.as_ptr())) })
            }
        }
    };
}

/// Markers of types that HPy has no constant for: each is looked up by its path, once per interpreter.
macro_rules! cached_marker {
    ($(#[$doc:meta])* $marker:ident $name:literal $path:literal) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $marker(());

        impl $marker {
            #[inline]
            fn cached() -> &'static $crate::storage::cached::Cached {
                static TYPE: $crate::storage::cached::Cached = $crate::storage::cached::Cached::new($path);
                &TYPE
            }
        }

        // SAFETY: the object's type is, or derives from, the one that the interpreter has under that path. What is done with such
        // an object is done at the Python level.
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
mod datetime;
mod exact;

pub use datetime::{Date, DateTime, Time, TimeDelta, TzInfo};
pub use exact::{Decimal, EnumMember, Fraction, Uuid};

/// Any object.
#[derive(Debug)]
pub struct Object(());

// SAFETY: everything is an object.
unsafe impl TypeCheck for Object {
    const NAME: &'static str = "object";

    #[inline(always)]
    fn check(_: &Handle<'_>) -> bool {
        true
    }
}

impl TypeObject for Object {
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        // SAFETY: the constant is a type.
        Ok(unsafe { ctx.constant(h_BaseObjectType(ctx.as_ptr())) })
    }
}

marker! {
    /// `None`.
    NoneType "None", |ctx, raw| HPy_Is(ctx, raw, h_None(ctx)) != 0
}
marker! {
    /// A `bool`: `True` or `False`.
    Bool "bool", |ctx, raw| crate::backend::is_bool(ctx, raw), h_BoolType
}
marker! {
    /// An `int`, of any size.
    Int "int", |ctx, raw| crate::backend::is_int(ctx, raw), h_LongType
}
marker! {
    /// A `float`.
    Float "float", |ctx, raw| HPy_TypeCheck(ctx, raw, h_FloatType(ctx)) != 0, h_FloatType
}
marker! {
    /// A `str`.
    Str "str", |ctx, raw| HPyUnicode_Check(ctx, raw) != 0, h_UnicodeType
}
marker! {
    /// A `bytes`.
    Bytes "bytes", |ctx, raw| HPyBytes_Check(ctx, raw) != 0, h_BytesType
}
marker! {
    /// A `list`.
    List "list", |ctx, raw| HPyList_Check(ctx, raw) != 0, h_ListType
}
marker! {
    /// A `tuple`.
    Tuple "tuple", |ctx, raw| HPyTuple_Check(ctx, raw) != 0, h_TupleType
}
marker! {
    /// A `dict`.
    Dict "dict", |ctx, raw| HPyDict_Check(ctx, raw) != 0
}
marker! {
    /// A class.
    Type "type", |ctx, raw| HPy_TypeCheck(ctx, raw, h_TypeType(ctx)) != 0, h_TypeType
}
marker! {
    /// A `complex`.
    Complex "complex", |ctx, raw| HPy_TypeCheck(ctx, raw, h_ComplexType(ctx)) != 0, h_ComplexType
}
marker! {
    /// A `slice`.
    Slice "slice", |ctx, raw| HPy_TypeCheck(ctx, raw, h_SliceType(ctx)) != 0, h_SliceType
}
marker! {
    /// A `memoryview`.
    MemoryView "memoryview",
    |ctx, raw| HPy_TypeCheck(ctx, raw, h_MemoryViewType(ctx)) != 0,
    h_MemoryViewType
}

marker! {
    /// A capsule of any kind: a pointer that Python code carries around. One that holds a Rust value is a [`Capsule`].
    AnyCapsule "capsule",
    |ctx, raw| HPy_TypeCheck(ctx, raw, h_CapsuleType(ctx)) != 0,
    h_CapsuleType
}
marker! {
    /// Anything that can be called: functions, methods, classes, and objects with a `__call__`.
    Callable "callable", |ctx, raw| HPyCallable_Check(ctx, raw) != 0
}
marker! {
    /// An iterator: any object whose type has a `__next__`. (The name `Iterator` is Rust's.)
    PyIterator "iterator", |ctx, raw| HPyIter_Check(ctx, raw) != 0
}
marker! {
    /// A module.
    Module "module", |ctx, raw| module::is_module(ctx, raw)
}

cached_marker! {
    /// A `set`.
    Set "set" c"builtins:set"
}
cached_marker! {
    /// A `frozenset`.
    FrozenSet "frozenset" c"builtins:frozenset"
}
cached_marker! {
    /// A `bytearray`.
    ByteArray "bytearray" c"builtins:bytearray"
}
cached_marker! {
    /// A `range`.
    Range "range" c"builtins:range"
}

cached_marker! {
    /// A `contextvars.ContextVar`.
    ContextVar "ContextVar" c"contextvars:ContextVar"
}

/// Any object that has items by index: its type has `__getitem__` and `__len__`, and no `keys`.
///
/// Lists, tuples, strs, bytes, ranges, arrays and the like; no registration with `collections.abc` is needed.
#[derive(Debug)]
pub struct Sequence(());

/// Any object that has values by key: its type has `__getitem__`, `__len__` and `keys`.
///
/// Dicts, mapping proxies, `os.environ` and the like; no registration with `collections.abc` is needed.
#[derive(Debug)]
pub struct Mapping(());

impl TypeObject for Module {
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        Ok(ctx.import("sys")?.as_object().type_())
    }
}

impl TypeObject for Dict {
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        static DICT: crate::storage::cached::Cached =
            crate::storage::cached::Cached::new(c"builtins:dict");
        // SAFETY: the constant is a type, or null in contexts of HPy 0.9.0.
        unsafe {
            match h_DictType(ctx.as_ptr()) {
                none if none.is_null() => DICT.get_type(ctx),
                type_ => Ok(ctx.constant(type_)),
            }
        }
    }
}
