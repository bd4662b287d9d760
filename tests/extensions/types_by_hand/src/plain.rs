//! A type with all kinds of members, attributes, all four kinds of methods, `__new__`, `__init__`.

use crate::spec::{self, Description, data, member, said};
use core::ffi::{c_char, c_int, c_long, c_void};
use core::mem::offset_of;
use hpy::sys::arguments::Arguments;
use hpy::sys::*;

#[repr(C)]
struct Everything {
    short: i16,
    int: c_int,
    long: c_long,
    float: f32,
    double: f64,
    string: *const c_char,
    object: HPyField,
    object_ex: HPyField,
    char: c_char,
    byte: i8,
    ubyte: u8,
    ushort: u16,
    uint: u32,
    ulong: u64,
    inplace: [u8; 8],
    bool: c_char,
    longlong: i64,
    ulonglong: u64,
    ssize: isize,
    canary: u64,
}

const CANARY: u64 = 0x5afe_5afe_5afe_5afe;

macro_rules! members {
    ($($name:literal $kind:ident $field:ident;)*) => {
        [$(member($name, $kind, offset_of!(Everything, $field)),)*]
    };
}

const MEMBERS: [HPyMember; 20] = members! {
    c"short" HPyMember_SHORT short;
    c"int" HPyMember_INT int;
    c"long" HPyMember_LONG long;
    c"float" HPyMember_FLOAT float;
    c"double" HPyMember_DOUBLE double;
    c"string" HPyMember_STRING string;
    c"object" HPyMember_OBJECT object;
    c"object_ex" HPyMember_OBJECT_EX object_ex;
    c"char" HPyMember_CHAR char;
    c"byte" HPyMember_BYTE byte;
    c"ubyte" HPyMember_UBYTE ubyte;
    c"ushort" HPyMember_USHORT ushort;
    c"uint" HPyMember_UINT uint;
    c"ulong" HPyMember_ULONG ulong;
    c"inplace" HPyMember_STRING_INPLACE inplace;
    c"bool" HPyMember_BOOL bool;
    c"longlong" HPyMember_LONGLONG longlong;
    c"ulonglong" HPyMember_ULONGLONG ulonglong;
    c"ssize" HPyMember_HPYSSIZET ssize;
    c"none" HPyMember_NONE canary;
};

unsafe extern "C" fn new(
    ctx: *mut HPyContext,
    type_: HPy,
    _args: *const HPy,
    _nargs: isize,
    _kw: HPy,
) -> HPy {
    // SAFETY: called with a type of this data.
    unsafe {
        let Some((object, data)) = spec::new::<Everything>(ctx, type_) else {
            return HPy_NULL;
        };
        data.string = c"text".as_ptr();
        data.inplace = *b"inplace\0";
        data.canary = CANARY;
        object
    }
}
hpy_raw_slot!(static NEW = HPy_tp_new, new);

/// Takes one argument that becomes `int`, a keyword that becomes `object`.
unsafe extern "C" fn init(
    ctx: *mut HPyContext,
    self_: HPy,
    args: *const HPy,
    nargs: isize,
    kw: HPy,
) -> c_int {
    // SAFETY: called with an instance, `nargs` arguments, and a dict or null.
    unsafe {
        let data = data::<Everything>(ctx, self_);
        if nargs > 1 {
            let message = c"at most one argument";
            HPyErr_SetString(ctx, h_TypeError(ctx), message.as_ptr());
            return -1;
        }
        if nargs == 1 {
            let value = HPyLong_AsInt32_t(ctx, *args);
            if value == -1 && HPyErr_Occurred(ctx) != 0 {
                return -1;
            }
            data.int = value;
        }
        if !kw.is_null() && HPy_Length(ctx, kw) > 0 {
            let value = HPy_GetItem_s(ctx, kw, c"object".as_ptr());
            if value.is_null() {
                return -1;
            }
            HPyField_Store(ctx, self_, &mut data.object, value);
            HPy_Close(ctx, value);
        }
        0
    }
}
hpy_raw_slot!(static INIT = HPy_tp_init, init);

unsafe extern "C" fn traverse(
    data: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: called with an instance's data.
    unsafe {
        let data = &mut *data.cast::<Everything>();
        for field in [&mut data.object, &mut data.object_ex] {
            if !field.is_null() {
                let stop = visit(field, arg);
                if stop != 0 {
                    return stop;
                }
            }
        }
    }
    0
}
hpy_raw_slot!(static TRAVERSE = HPy_tp_traverse, traverse);

unsafe extern "C" fn repr(ctx: *mut HPyContext, _self: HPy) -> HPy {
    // SAFETY: the context is valid.
    unsafe { HPyUnicode_FromString(ctx, c"<everything>".as_ptr()) }
}
hpy_raw_slot!(static REPR = HPy_tp_repr, repr);

unsafe extern "C" fn str(ctx: *mut HPyContext, _self: HPy) -> HPy {
    // SAFETY: the context is valid.
    unsafe { HPyUnicode_FromString(ctx, c"everything".as_ptr()) }
}
hpy_raw_slot!(static STR = HPy_tp_str, str);

unsafe extern "C" fn get_doubled(ctx: *mut HPyContext, self_: HPy, _: *mut c_void) -> HPy {
    // SAFETY: called with an instance.
    unsafe { HPyLong_FromInt64_t(ctx, 2 * i64::from(data::<Everything>(ctx, self_).int)) }
}
unsafe extern "C" fn set_doubled(
    ctx: *mut HPyContext,
    self_: HPy,
    value: HPy,
    _: *mut c_void,
) -> c_int {
    // SAFETY: called with an instance, and a value or null.
    unsafe {
        if value.is_null() {
            let message = c"doubled cannot be deleted";
            HPyErr_SetString(ctx, h_AttributeError(ctx), message.as_ptr());
            return -1;
        }
        let value = HPyLong_AsInt32_t(ctx, value);
        if value == -1 && HPyErr_Occurred(ctx) != 0 {
            return -1;
        }
        data::<Everything>(ctx, self_).int = value / 2;
        0
    }
}
hpy_raw_getset!(static DOUBLED = c"doubled", get_doubled, set_doubled, c"Twice `int`.");

unsafe extern "C" fn get_intact(ctx: *mut HPyContext, self_: HPy, _: *mut c_void) -> HPy {
    // SAFETY: called with an instance.
    unsafe { HPyBool_FromBool(ctx, data::<Everything>(ctx, self_).canary == CANARY) }
}
hpy_raw_getset!(
    static INTACT = c"intact", get_intact, c"Whether nobody wrote to the end of the data."
);

unsafe extern "C" fn noargs(ctx: *mut HPyContext, self_: HPy) -> HPy {
    // SAFETY: the handles are open.
    unsafe { said(ctx, c"noargs", &[self_]) }
}
hpy_raw_method!(static NOARGS = c"noargs", noargs, NOARGS, c"No arguments.");

unsafe extern "C" fn o(ctx: *mut HPyContext, self_: HPy, arg: HPy) -> HPy {
    // SAFETY: the handles are open.
    unsafe { said(ctx, c"o", &[self_, arg]) }
}
hpy_raw_method!(static O = c"o", o, O, c"One argument.");

unsafe extern "C" fn varargs(
    ctx: *mut HPyContext,
    self_: HPy,
    args: *const HPy,
    nargs: usize,
) -> HPy {
    // SAFETY: the handles are open, `nargs` of them.
    unsafe {
        let mut items = vec![self_];
        if nargs > 0 {
            items.extend_from_slice(core::slice::from_raw_parts(args, nargs));
        }
        said(ctx, c"varargs", &items)
    }
}
hpy_raw_method!(static VARARGS = c"varargs", varargs, VARARGS, c"Any arguments.");

unsafe extern "C" fn keywords(
    ctx: *mut HPyContext,
    self_: HPy,
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
) -> HPy {
    // SAFETY: the handles are open, `nargs` of them and those of the names.
    unsafe {
        let mut arguments = Arguments::new(ctx, "keywords", args, nargs, kwnames);
        let (Ok(a), Ok(b)) = (
            arguments.named("a").and_then(|a| a.int_or(1)),
            arguments.keyword_only("b").and_then(|b| b.int_or(2)),
        ) else {
            return HPy_NULL;
        };
        if arguments.finish().is_err() {
            return HPy_NULL;
        }
        let (a, b) = (HPyLong_FromInt64_t(ctx, a), HPyLong_FromInt64_t(ctx, b));
        let result = said(ctx, c"keywords", &[self_, a, b]);
        HPy_Close(ctx, a);
        HPy_Close(ctx, b);
        result
    }
}
hpy_raw_method!(static KEYWORDS = c"keywords", keywords, KEYWORDS, c"Named arguments.");

pub fn everything() -> Description {
    Description {
        name: c"types_by_hand.Everything",
        size: size_of::<Everything>(),
        flags: HPy_TPFLAGS_DEFAULT | HPy_TPFLAGS_BASETYPE | HPy_TPFLAGS_HAVE_GC,
        doc: Some(c"All kinds of everything."),
        defines: vec![
            &NEW, &INIT, &TRAVERSE, &REPR, &STR, &DOUBLED, &INTACT, &NOARGS, &O, &VARARGS,
            &KEYWORDS,
        ],
        members: &MEMBERS,
        ..Default::default()
    }
}

/// A type with nothing of its own.
pub fn bare() -> Description {
    Description {
        name: c"types_by_hand.Bare",
        ..Default::default()
    }
}

/// A type that nobody may derive from, with members that nobody may assign.
pub fn sealed() -> Description {
    const MEMBERS: [HPyMember; 2] = {
        let mut int = member(c"int", HPyMember_INT, 0);
        let mut object = member(c"object", HPyMember_OBJECT, 8);
        int.readonly = 1;
        object.readonly = 1;
        [int, object]
    };
    Description {
        name: c"types_by_hand.Sealed",
        size: 16,
        flags: HPy_TPFLAGS_DEFAULT,
        members: &MEMBERS,
        ..Default::default()
    }
}
