//! Types that derive from built-in ones, with data; metaclasses; types made on demand.

use crate::spec::{Description, member};
use core::ffi::{c_int, c_void};
use core::mem::offset_of;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use hpy::sys::*;

#[repr(C)]
struct Data {
    value: i64,
    other: i64,
    object: HPyField,
}

unsafe fn data<'a, const SHAPE: c_int>(ctx: *mut HPyContext, object: HPy) -> &'a mut Data {
    let shape = HPyType_BuiltinShape(SHAPE);
    // SAFETY: the caller gives an instance of a type of the shape with this data.
    unsafe {
        let data = match shape {
            HPyType_BuiltinShape_Type => _HPy_AsStruct_Type(ctx, object),
            HPyType_BuiltinShape_Long => _HPy_AsStruct_Long(ctx, object),
            HPyType_BuiltinShape_Float => _HPy_AsStruct_Float(ctx, object),
            HPyType_BuiltinShape_Unicode => _HPy_AsStruct_Unicode(ctx, object),
            HPyType_BuiltinShape_Tuple => _HPy_AsStruct_Tuple(ctx, object),
            HPyType_BuiltinShape_List => _HPy_AsStruct_List(ctx, object),
            HPyType_BuiltinShape_Dict => _HPy_AsStruct_Dict(ctx, object),
            _ => _HPy_AsStruct_Object(ctx, object),
        };
        &mut *data.cast::<Data>()
    }
}

unsafe extern "C" fn get_value<const SHAPE: c_int>(
    ctx: *mut HPyContext,
    self_: HPy,
    _: *mut c_void,
) -> HPy {
    // SAFETY: called with an instance.
    unsafe { HPyLong_FromInt64_t(ctx, data::<SHAPE>(ctx, self_).value) }
}

unsafe extern "C" fn set_value<const SHAPE: c_int>(
    ctx: *mut HPyContext,
    self_: HPy,
    value: HPy,
    _: *mut c_void,
) -> c_int {
    // SAFETY: called with an instance, and a value or null.
    unsafe {
        let value = if value.is_null() {
            0
        } else {
            HPyLong_AsInt64_t(ctx, value)
        };
        if value == -1 && HPyErr_Occurred(ctx) != 0 {
            return -1;
        }
        data::<SHAPE>(ctx, self_).value = value;
        0
    }
}

unsafe extern "C" fn get_object<const SHAPE: c_int>(
    ctx: *mut HPyContext,
    self_: HPy,
    _: *mut c_void,
) -> HPy {
    // SAFETY: called with an instance.
    unsafe {
        let field = data::<SHAPE>(ctx, self_).object;
        if field.is_null() {
            return HPy_Dup(ctx, h_None(ctx));
        }
        HPyField_Load(ctx, self_, field)
    }
}

unsafe extern "C" fn set_object<const SHAPE: c_int>(
    ctx: *mut HPyContext,
    self_: HPy,
    value: HPy,
    _: *mut c_void,
) -> c_int {
    // SAFETY: called with an instance, and a value or null.
    unsafe { HPyField_Store(ctx, self_, &mut data::<SHAPE>(ctx, self_).object, value) }
    0
}

unsafe extern "C" fn traverse(
    at: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: called with an instance's data.
    unsafe {
        let field = &mut (*at.cast::<Data>()).object;
        if field.is_null() {
            0
        } else {
            visit(field, arg)
        }
    }
}
hpy_raw_slot!(static TRAVERSE = HPy_tp_traverse, traverse);

unsafe extern "C" fn destroy(at: *mut c_void) {
    // SAFETY: called with an instance's data.
    crate::lifetimes::SUM.add(unsafe { (*at.cast::<Data>()).value });
    crate::lifetimes::SHAPES.add(1);
}
hpy_raw_slot!(static DESTROY = HPy_tp_destroy, destroy);

const OTHER: [HPyMember; 1] = [member(
    c"other",
    HPyMember_LONGLONG,
    offset_of!(Data, other),
)];

macro_rules! shapes {
    ($($function:ident $shape:ident $name:literal;)*) => {
        $(fn $function() -> Description {
            const SHAPE: c_int = $shape.0;
            hpy_raw_getset!(
                static VALUE = c"value", get_value::<SHAPE>, set_value::<SHAPE>, c"A number."
            );
            hpy_raw_getset!(
                static OBJECT = c"object", get_object::<SHAPE>, set_object::<SHAPE>, c"An object."
            );
            Description {
                name: $name,
                size: size_of::<Data>(),
                flags: HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC,
                shape: $shape,
                defines: vec![&VALUE, &OBJECT, &TRAVERSE, &DESTROY],
                members: &OTHER,
                ..Default::default()
            }
        })*

        fn of_shape(shape: i32) -> Option<Description> {
            match HPyType_BuiltinShape(shape) {
                $($shape => Some($function()),)*
                _ => None,
            }
        }
    };
}

shapes! {
    of_object HPyType_BuiltinShape_Object c"types_by_hand.OfObject";
    of_type HPyType_BuiltinShape_Type c"types_by_hand.OfType";
    of_int HPyType_BuiltinShape_Long c"types_by_hand.OfInt";
    of_float HPyType_BuiltinShape_Float c"types_by_hand.OfFloat";
    of_str HPyType_BuiltinShape_Unicode c"types_by_hand.OfStr";
    of_tuple HPyType_BuiltinShape_Tuple c"types_by_hand.OfTuple";
    of_list HPyType_BuiltinShape_List c"types_by_hand.OfList";
    of_dict HPyType_BuiltinShape_Dict c"types_by_hand.OfDict";
}

/// A type of the shape, which derives from the base: with a number, and a member that is another.
#[hpy_method]
pub fn make_shape<'ctx>(
    ctx: Context<'ctx>,
    shape: i32,
    base: &Handle<'ctx>,
) -> Result<Handle<'ctx, Type>> {
    let description = of_shape(shape).ok_or_else(|| ValueError::new("no such shape"))?;
    Description {
        bases: vec![base.as_raw()],
        ..description
    }
    .make(ctx)
}

/// A type without data of its own.
#[hpy_method]
pub fn derive<'ctx>(
    ctx: Context<'ctx>,
    bases: Vec<Handle<'ctx>>,
    metaclass: Option<&Handle<'ctx>>,
    shape: i32,
) -> Result<Handle<'ctx, Type>> {
    Description {
        name: c"types_by_hand.Derived",
        shape: HPyType_BuiltinShape(shape),
        bases: bases.iter().map(Handle::as_raw).collect(),
        metaclass: metaclass.map_or(HPy_NULL, Handle::as_raw),
        ..Default::default()
    }
    .make(ctx)
}

/// Specs that no type comes of, by number: see the test.
#[hpy_method]
pub fn make_invalid<'ctx>(
    ctx: Context<'ctx>,
    number: i32,
    object: &Handle<'ctx>,
) -> Result<Handle<'ctx, Type>> {
    let invalid = Description {
        name: c"types_by_hand.Invalid",
        ..Default::default()
    };
    const MEMBER: [HPyMember; 1] = [member(c"member", HPyMember_INT, 0)];
    match number {
        0 => Description {
            shape: HPyType_BuiltinShape(55),
            ..invalid
        },
        1 => Description {
            flags: HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_HAVE_GC,
            ..invalid
        },
        2 => Description {
            metaclass: object.as_raw(),
            ..invalid
        },
        3 => Description {
            bases: vec![object.as_raw()],
            ..invalid
        },
        4 => Description {
            members: &MEMBER,
            ..invalid
        },
        _ => return Err(ValueError::new("no such spec")),
    }
    .make(ctx)
}

/// Two types of one spec.
#[hpy_method]
pub fn make_twice<'ctx>(ctx: Context<'ctx>) -> Result<[Handle<'ctx, Type>; 2]> {
    let everything = crate::plain::everything();
    let spec = everything.spec();
    Ok([
        everything.make_from(ctx, spec)?,
        everything.make_from(ctx, spec)?,
    ])
}
