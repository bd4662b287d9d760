//! Built-in types as bases: `#[hpy_type(base = int)]`.
//!
//! What an int or a tuple is, its `__new__` decides, so that makes the object, and then the data is
//! put into it. It refuses classes that have an `HPy_tp_new`: so `#[new]` becomes an attribute
//! `__new__` of such types, as it is of classes in Python.

use super::PyClass;
use super::base::Base;
use super::construct::{NewData, NewResult, WithoutValue};
use crate::types::{Dict, Float, Int, List, Object, Str, Tuple, Type, TypeObject};
use crate::{Context, Handle, IntoHandle, Result};
use core::ffi::c_void;
use hpy_sys::*;

macro_rules! built_in {
    ($($base:ident $shape:ident $data:ident $filled_by_init:literal;)*) => {$(
        // SAFETY: the shape is that of the built-in type, which has no data of ours.
        unsafe impl Base for $base {
            const SUBCLASS: bool = true;
            const BUILT_IN: bool = true;
            const FILLED_BY_INIT: bool = $filled_by_init;
            const SHAPE: HPyType_BuiltinShape = $shape;

            #[cold]
            #[inline]
            fn class<'ctx>(ctx: Context<'ctx>, _: &str) -> Result<Option<Handle<'ctx, Type>>> {
                Self::type_object(ctx).map(Some)
            }

            #[inline(always)]
            unsafe fn data(ctx: *mut HPyContext, object: HPy) -> *mut c_void {
                // SAFETY: as promised by the caller.
                unsafe { $data(ctx, object) }
            }
        }
    )*};
}

built_in! {
    Type HPyType_BuiltinShape_Type _HPy_AsStruct_Type false;
    Int HPyType_BuiltinShape_Long _HPy_AsStruct_Long false;
    Float HPyType_BuiltinShape_Float _HPy_AsStruct_Float false;
    Str HPyType_BuiltinShape_Unicode _HPy_AsStruct_Unicode false;
    Tuple HPyType_BuiltinShape_Tuple _HPy_AsStruct_Tuple false;
    List HPyType_BuiltinShape_List _HPy_AsStruct_List true;
    Dict HPyType_BuiltinShape_Dict _HPy_AsStruct_Dict true;
}

// SAFETY: any object may be one, and has no data.
unsafe impl Base for Object {
    const SUBCLASS: bool = true;
    const IS_OBJECT: bool = true;
    const SHAPE: HPyType_BuiltinShape = HPyType_BuiltinShape_Object;

    #[inline]
    fn class<'ctx>(_: Context<'ctx>, _: &str) -> Result<Option<Handle<'ctx, Type>>> {
        Ok(None)
    }

    #[inline(always)]
    unsafe fn data(ctx: *mut HPyContext, object: HPy) -> *mut c_void {
        // SAFETY: as promised by the caller.
        unsafe { _HPy_AsStruct_Object(ctx, object) }
    }
}

// SAFETY: `HPy_New` makes an object of the class.
unsafe impl WithoutValue for Object {
    #[inline(always)]
    unsafe fn make<'ctx, T: PyClass>(class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        // SAFETY: as promised by the caller.
        unsafe { T::place().new_instance(class) }
    }
}

/// The value is all that `__new__` gets, or nothing.
macro_rules! of_one_value {
    ($($base:ident)*) => {$(
        // SAFETY: a built-in type's `__new__` makes an object of the class.
        unsafe impl WithoutValue for $base {
            #[inline]
            unsafe fn make<'ctx, T: PyClass>(class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
                Self::type_object(class.ctx())?.call_method1(c"__new__", (class,))
            }
        }

        // SAFETY: as above.
        unsafe impl<'ctx, V: IntoHandle<'ctx>> NewResult<'ctx, $base> for V {
            type Kind = NewData;

            #[inline]
            unsafe fn create(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
                let ctx = class.ctx();
                let init = <$base as Base>::FILLED_BY_INIT;
                of_value(&$base::type_object(ctx)?, class, &self.into_handle(ctx)?, init)
            }
        }
    )*};
}

of_one_value! { Int Float Str Tuple List Dict }

#[inline(never)]
fn of_value<'ctx>(
    base: &Handle<'ctx, Type>,
    class: &Handle<'ctx>,
    value: &Handle<'ctx>,
    init: bool,
) -> Result<Handle<'ctx>> {
    let object = base.call_method1(c"__new__", (class, value))?;
    if init {
        base.call_method1(c"__init__", (&object, value))?;
    }
    Ok(object)
}

/// A class is made of its name, its bases and its attributes.
// SAFETY: the class derives from the built-in one; what another metaclass returns is refused when
// the data is put into it.
unsafe impl<'ctx, N, B, A> NewResult<'ctx, Type> for (N, B, A)
where
    N: IntoHandle<'ctx>,
    B: IntoHandle<'ctx>,
    A: IntoHandle<'ctx>,
{
    type Kind = NewData;

    #[inline]
    unsafe fn create(self, class: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        let (ctx, (name, bases, attributes)) = (class.ctx(), self);
        let arguments = (
            class,
            name.into_handle(ctx)?,
            bases.into_handle(ctx)?,
            attributes.into_handle(ctx)?,
        );
        Type::type_object(ctx)?.call_method1(c"__new__", arguments)
    }
}
