//! The types that a handle can be known to refer to, and their methods.
//!
//! A marker such as [`List`] stands in `Handle<'ctx, List>`; nothing of it exists at run time.

mod bool;
mod bytes;
mod dict;
mod float;
mod int;
mod list;
mod module;
mod none;
mod str;
mod tuple;
mod type_;

use crate::{Context, Handle};
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

    /// Whether the object is an instance.
    fn check(object: &Handle<'_>) -> bool;
}

/// Every checked type but `object`: its handles have the methods of any object too.
pub trait Subtype: TypeCheck {}

/// A type that has an object for itself.
pub trait TypeObject: TypeCheck {
    /// The type as an object: `list`, `int` …
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Handle<'ctx, Type>;
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
            fn type_object<'ctx>(ctx: Context<'ctx>) -> Handle<'ctx, Type> {
                // SAFETY: the constant is a type.
                unsafe { ctx.constant($object(ctx.as_ptr())) }
            }
        }
    };
}

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
    fn type_object<'ctx>(ctx: Context<'ctx>) -> Handle<'ctx, Type> {
        // SAFETY: the constant is a type.
        unsafe { ctx.constant(h_BaseObjectType(ctx.as_ptr())) }
    }
}

marker! {
    /// `None`.
    NoneType "None", |ctx, raw| HPy_Is(ctx, raw, h_None(ctx)) != 0
}
marker! {
    /// A `bool`: `True` or `False`.
    Bool "bool",
    |ctx, raw| HPy_Is(ctx, raw, h_True(ctx)) != 0 || HPy_Is(ctx, raw, h_False(ctx)) != 0,
    h_BoolType
}
marker! {
    /// An `int`, of any size.
    Int "int", |ctx, raw| crate::abi::is_int(ctx, raw), h_LongType
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
    /// A module.
    Module "module", |ctx, raw| module::is_module(ctx, raw)
}
