//! Types with the slots of sequences, mappings, comparisons, calls, descriptors and buffers.

use crate::spec::{self, Description, data, said};
use core::ffi::c_int;
use core::ptr::null_mut;
use hpy::prelude::*;
use hpy::sys::*;

/// Numbers, of which `len` are there.
#[repr(C)]
struct Numbers {
    len: isize,
    items: [i64; 16],
}

unsafe extern "C" fn new_numbers(
    ctx: *mut HPyContext,
    type_: HPy,
    args: *const HPy,
    nargs: isize,
    _kw: HPy,
) -> HPy {
    // SAFETY: called with a type of this data and `nargs` arguments.
    unsafe {
        let Some((object, data)) = spec::new::<Numbers>(ctx, type_) else {
            return HPy_NULL;
        };
        for index in 0..nargs.min(16) {
            let value = HPyLong_AsInt64_t(ctx, *args.offset(index));
            if value == -1 && HPyErr_Occurred(ctx) != 0 {
                HPy_Close(ctx, object);
                return HPy_NULL;
            }
            data.items[index as usize] = value;
            data.len = index + 1;
        }
        object
    }
}
hpy_raw_slot!(static NEW_NUMBERS = HPy_tp_new, new_numbers);

unsafe extern "C" fn len(ctx: *mut HPyContext, self_: HPy) -> isize {
    // SAFETY: called with an instance.
    unsafe { data::<Numbers>(ctx, self_).len }
}
hpy_raw_slot!(static SQ_LEN = HPy_sq_length, len);
hpy_raw_slot!(static MP_LEN = HPy_mp_length, len);

/// The place of an item; None with an IndexError.
unsafe fn place<'a>(ctx: *mut HPyContext, self_: HPy, index: isize) -> Option<&'a mut i64> {
    // SAFETY: the caller's handle is an instance.
    unsafe {
        let data = data::<Numbers>(ctx, self_);
        if index < 0 || index >= data.len {
            HPyErr_SetString(ctx, h_IndexError(ctx), c"no such item".as_ptr());
            return None;
        }
        Some(&mut data.items[index as usize])
    }
}

unsafe extern "C" fn item(ctx: *mut HPyContext, self_: HPy, index: isize) -> HPy {
    // SAFETY: called with an instance.
    unsafe { place(ctx, self_, index).map_or(HPy_NULL, |item| HPyLong_FromInt64_t(ctx, *item)) }
}
hpy_raw_slot!(static SQ_ITEM = HPy_sq_item, item);

/// Deleting sets to -1.
unsafe extern "C" fn set_item(ctx: *mut HPyContext, self_: HPy, index: isize, value: HPy) -> c_int {
    // SAFETY: called with an instance, and a value or null.
    unsafe {
        let value = if value.is_null() {
            -1
        } else {
            HPyLong_AsInt64_t(ctx, value)
        };
        if value == -1 && HPyErr_Occurred(ctx) != 0 {
            return -1;
        }
        match place(ctx, self_, index) {
            Some(item) => {
                *item = value;
                0
            }
            None => -1,
        }
    }
}
hpy_raw_slot!(static SQ_SET = HPy_sq_ass_item, set_item);

unsafe extern "C" fn contains(ctx: *mut HPyContext, self_: HPy, value: HPy) -> c_int {
    // SAFETY: called with an instance.
    unsafe {
        let value = HPyLong_AsInt64_t(ctx, value);
        if value == -1 && HPyErr_Occurred(ctx) != 0 {
            return -1;
        }
        let data = data::<Numbers>(ctx, self_);
        c_int::from(data.items[..data.len as usize].contains(&value))
    }
}
hpy_raw_slot!(static SQ_CONTAINS = HPy_sq_contains, contains);

macro_rules! saying {
    ($($def:ident $f:ident $slot:ident $text:literal ($($b:ident: $ty:ident)?);)*) => {$(
        unsafe extern "C" fn $f(ctx: *mut HPyContext, a: HPy $(, $b: $ty)?) -> HPy {
            // SAFETY: the handles are open.
            unsafe { saying!(@ ctx $text a $($b $ty)?) }
        }
        hpy_raw_slot!(static $def = $slot, $f);
    )*};
    (@ $ctx:ident $text:literal $a:ident $b:ident HPy) => { said($ctx, $text, &[$a, $b]) };
    (@ $ctx:ident $text:literal $a:ident $b:ident isize) => {{
        let count = HPyLong_FromSsize_t($ctx, $b);
        let result = said($ctx, $text, &[$a, count]);
        HPy_Close($ctx, count);
        result
    }};
}

saying! {
    SQ_CONCAT concat HPy_sq_concat c"concat" (b: HPy);
    SQ_INPLACE_CONCAT inplace_concat HPy_sq_inplace_concat c"iconcat" (b: HPy);
    SQ_REPEAT repeat HPy_sq_repeat c"repeat" (b: isize);
    SQ_INPLACE_REPEAT inplace_repeat HPy_sq_inplace_repeat c"irepeat" (b: isize);
}

pub fn sequence() -> Description {
    Description {
        name: c"types_by_hand.Sequence",
        size: size_of::<Numbers>(),
        defines: vec![
            &NEW_NUMBERS,
            &SQ_LEN,
            &SQ_ITEM,
            &SQ_SET,
            &SQ_CONTAINS,
            &SQ_CONCAT,
            &SQ_INPLACE_CONCAT,
            &SQ_REPEAT,
            &SQ_INPLACE_REPEAT,
        ],
        ..Default::default()
    }
}

unsafe extern "C" fn subscript(ctx: *mut HPyContext, self_: HPy, key: HPy) -> HPy {
    // SAFETY: called with an instance.
    unsafe { said(ctx, c"subscript", &[self_, key]) }
}
hpy_raw_slot!(static MP_GET = HPy_mp_subscript, subscript);

/// The keys are numbers; deleting sets to -1.
unsafe extern "C" fn set_subscript(
    ctx: *mut HPyContext,
    self_: HPy,
    key: HPy,
    value: HPy,
) -> c_int {
    // SAFETY: called with an instance, and a value or null.
    unsafe {
        let index = HPyLong_AsSsize_t(ctx, key);
        if index == -1 && HPyErr_Occurred(ctx) != 0 {
            return -1;
        }
        set_item(ctx, self_, index, value)
    }
}
hpy_raw_slot!(static MP_SET = HPy_mp_ass_subscript, set_subscript);

pub fn mapping() -> Description {
    Description {
        name: c"types_by_hand.Mapping",
        size: size_of::<Numbers>(),
        defines: vec![&NEW_NUMBERS, &MP_LEN, &MP_GET, &MP_SET],
        ..Default::default()
    }
}

/// Compares the first numbers, with numbers too.
unsafe extern "C" fn compare(ctx: *mut HPyContext, a: HPy, b: HPy, op: HPy_RichCmpOp) -> HPy {
    // SAFETY: called with an instance and any object; types are closed once.
    unsafe {
        let (type_of_a, type_of_b) = (HPy_Type(ctx, a), HPy_Type(ctx, b));
        let same = HPy_Is(ctx, type_of_a, type_of_b) != 0;
        HPy_Close(ctx, type_of_a);
        HPy_Close(ctx, type_of_b);
        let left = data::<Numbers>(ctx, a).items[0];
        let right = if same {
            data::<Numbers>(ctx, b).items[0]
        } else if HPyNumber_Check(ctx, b) != 0 {
            HPyLong_AsInt64_t(ctx, b)
        } else {
            return HPy_Dup(ctx, h_NotImplemented(ctx));
        };
        if HPyErr_Occurred(ctx) != 0 {
            return HPy_NULL;
        }
        let answer = match op {
            HPy_LT => left < right,
            HPy_LE => left <= right,
            HPy_EQ => left == right,
            HPy_NE => left != right,
            HPy_GT => left > right,
            _ => left >= right,
        };
        HPyBool_FromBool(ctx, answer)
    }
}
hpy_raw_slot!(static COMPARE = HPy_tp_richcompare, compare);

/// -1 is no hash, so it must not be given.
unsafe extern "C" fn hash(ctx: *mut HPyContext, self_: HPy) -> isize {
    // SAFETY: called with an instance.
    unsafe { data::<Numbers>(ctx, self_).items[0] as isize }
}
hpy_raw_slot!(static HASH = HPy_tp_hash, hash);

pub fn compared() -> Description {
    Description {
        name: c"types_by_hand.Compared",
        size: size_of::<Numbers>(),
        defines: vec![&NEW_NUMBERS, &COMPARE, &HASH],
        ..Default::default()
    }
}

/// Equal to all of its type, and so without a hash.
pub fn unhashable() -> Description {
    Description {
        name: c"types_by_hand.Unhashable",
        size: size_of::<Numbers>(),
        defines: vec![&NEW_NUMBERS, &COMPARE],
        ..Default::default()
    }
}

/// A tuple of the text, the object, the names and all arguments.
///
/// # Safety
/// As for a function that is called: the handles are open, `nargs` and those of the names.
pub unsafe fn saying_call(
    ctx: *mut HPyContext,
    text: &core::ffi::CStr,
    self_: HPy,
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
) -> HPy {
    // SAFETY: the caller's handles are open: `nargs` and those of the names.
    unsafe {
        let mut count = nargs;
        if !kwnames.is_null() {
            count += HPy_Length(ctx, kwnames) as usize;
        }
        let mut items = vec![self_, kwnames];
        if count > 0 {
            items.extend_from_slice(core::slice::from_raw_parts(args, count));
        }
        said(ctx, text, &items)
    }
}

unsafe extern "C" fn call(
    ctx: *mut HPyContext,
    self_: HPy,
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
) -> HPy {
    // SAFETY: the handles are open.
    unsafe { saying_call(ctx, c"call", self_, args, nargs, kwnames) }
}
hpy_raw_slot!(pub static CALL = HPy_tp_call, call);

unsafe extern "C" fn other_call(
    ctx: *mut HPyContext,
    self_: HPy,
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
) -> HPy {
    // SAFETY: the handles are open.
    unsafe { saying_call(ctx, c"other", self_, args, nargs, kwnames) }
}
hpy_raw_call_function!(pub static OTHER = other_call);

/// From now on the object is called by another function.
#[hpy_method]
pub fn call_by_other(ctx: Context<'_>, object: &Handle<'_>) -> Result<()> {
    // SAFETY: the handle is open, the function a static that runtimes only read.
    if unsafe { HPy_SetCallFunction(ctx.as_ptr(), object.as_raw(), OTHER.as_ptr()) } < 0 {
        return Err(Error::fetch(ctx));
    }
    Ok(())
}

pub fn callable() -> Description {
    Description {
        name: c"types_by_hand.Callable",
        size: size_of::<Numbers>(),
        defines: vec![&NEW_NUMBERS, &SQ_LEN, &CALL],
        ..Default::default()
    }
}

/// Without a `__new__`, which sets the function that is called.
pub fn callable_without_new() -> Description {
    Description {
        name: c"types_by_hand.CallableWithoutNew",
        size: 8,
        defines: vec![&CALL],
        ..Default::default()
    }
}

/// Data that goes on behind that of a base, where the base keeps the function that is called.
#[repr(C)]
struct Wide {
    numbers: Numbers,
    more: [f64; 8],
}

unsafe extern "C" fn new_wide(
    ctx: *mut HPyContext,
    type_: HPy,
    _args: *const HPy,
    _nargs: isize,
    _kw: HPy,
) -> HPy {
    // SAFETY: called with a type of this data.
    unsafe {
        let Some((object, data)) = spec::new::<Wide>(ctx, type_) else {
            return HPy_NULL;
        };
        data.more = [1.5; 8];
        object
    }
}
hpy_raw_slot!(static NEW_WIDE = HPy_tp_new, new_wide);

/// Derives from a type that is called, without a function for that. The data is the base's, or has
/// more behind it.
#[hpy_method]
pub fn derive_called<'ctx>(
    ctx: Context<'ctx>,
    base: &Handle<'ctx>,
    wide: bool,
) -> Result<Handle<'ctx, Type>> {
    const LAST: usize = core::mem::offset_of!(Wide, more) + 7 * size_of::<f64>();
    let description = if wide {
        Description {
            size: size_of::<Wide>(),
            defines: vec![&NEW_WIDE],
            members: &const { [spec::member(c"last", HPyMember_DOUBLE, LAST)] },
            ..Default::default()
        }
    } else {
        Description {
            size: size_of::<Numbers>(),
            defines: vec![&NEW_NUMBERS],
            ..Default::default()
        }
    };
    Description {
        name: c"types_by_hand.DerivedCalled",
        bases: vec![base.as_raw()],
        ..description
    }
    .make(ctx)
}

unsafe extern "C" fn new_holding(
    ctx: *mut HPyContext,
    type_: HPy,
    _args: *const HPy,
    _nargs: isize,
    _kw: HPy,
) -> HPy {
    // SAFETY: called with a type of this data.
    unsafe { spec::new::<usize>(ctx, type_).map_or(HPy_NULL, |(object, _)| object) }
}
hpy_raw_slot!(static NEW_HOLDING = HPy_tp_new, new_holding);

/// Nothing but a member that is an object, and nothing that gives it up.
pub fn holding() -> Description {
    Description {
        name: c"types_by_hand.Holding",
        size: size_of::<usize>(),
        defines: vec![&NEW_HOLDING],
        members: &const { [spec::member(c"held", HPyMember_OBJECT_EX, 0)] },
        ..Default::default()
    }
}

unsafe extern "C" fn get(ctx: *mut HPyContext, self_: HPy, object: HPy, type_: HPy) -> HPy {
    // SAFETY: called with an instance; the others are null where there is no such.
    unsafe { said(ctx, c"get", &[self_, object, type_]) }
}
hpy_raw_slot!(static DESCR_GET = HPy_tp_descr_get, get);

pub fn descriptor() -> Description {
    Description {
        name: c"types_by_hand.Descriptor",
        defines: vec![&DESCR_GET],
        ..Default::default()
    }
}

/// Bytes, and how many views of them there are.
#[repr(C)]
struct Memory {
    views: isize,
    bytes: [u8; 16],
}

unsafe extern "C" fn new_memory(
    ctx: *mut HPyContext,
    type_: HPy,
    _args: *const HPy,
    _nargs: isize,
    _kw: HPy,
) -> HPy {
    // SAFETY: called with a type of this data.
    unsafe { spec::new::<Memory>(ctx, type_).map_or(HPy_NULL, |(object, _)| object) }
}
hpy_raw_slot!(static NEW_MEMORY = HPy_tp_new, new_memory);

unsafe extern "C" fn get_buffer(
    ctx: *mut HPyContext,
    self_: HPy,
    view: *mut HPy_buffer,
    _flags: c_int,
) -> c_int {
    // SAFETY: called with an instance and a view to fill.
    unsafe {
        let data = data::<Memory>(ctx, self_);
        if data.views == 2 {
            HPyErr_SetString(ctx, h_BufferError(ctx), c"two at most".as_ptr());
            return -1;
        }
        data.views += 1;
        *view = HPy_buffer {
            buf: data.bytes.as_mut_ptr().cast(),
            obj: HPy_Dup(ctx, self_),
            len: 16,
            itemsize: 1,
            readonly: 0,
            ndim: 1,
            // Null means the same, but GraalPy 24's HPy reads it, and the process ends.
            format: c"B".as_ptr().cast_mut(),
            shape: null_mut(),
            strides: null_mut(),
            suboffsets: null_mut(),
            internal: null_mut(),
        };
        0
    }
}
hpy_raw_slot!(static GET_BUFFER = HPy_bf_getbuffer, get_buffer);

unsafe extern "C" fn release_buffer(ctx: *mut HPyContext, self_: HPy, _view: *mut HPy_buffer) {
    // SAFETY: called with an instance.
    unsafe { data::<Memory>(ctx, self_).views -= 1 }
}
hpy_raw_slot!(static RELEASE_BUFFER = HPy_bf_releasebuffer, release_buffer);

unsafe extern "C" fn views(ctx: *mut HPyContext, self_: HPy) -> isize {
    // SAFETY: called with an instance.
    unsafe { data::<Memory>(ctx, self_).views }
}
hpy_raw_slot!(static VIEWS = HPy_sq_length, views);

/// Its length is the number of views.
pub fn memory() -> Description {
    Description {
        name: c"types_by_hand.Memory",
        size: size_of::<Memory>(),
        defines: vec![&NEW_MEMORY, &GET_BUFFER, &RELEASE_BUFFER, &VIEWS],
        ..Default::default()
    }
}
