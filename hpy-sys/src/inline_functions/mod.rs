//! The functions that HPy's C headers build from words of the context. They are the same for both
//! ABIs.
//!
//! C functions with a variable number of arguments have other counterparts:
//! [`arguments`](crate::arguments) for parsing, `format!` for text, and a slice for
//! `HPyTuple_Pack`.

use crate::*;
use core::ffi::{c_char, c_int, c_long};

mod integers;
mod struct_sequence;

pub use integers::*;
pub use struct_sequence::*;

/// HPy's `HPyErr_SetFromErrno`: raises `h_type` for the value of C's `errno`.
///
/// # Safety
/// As for the functions of the context: `ctx` and the handle are valid.
#[inline]
pub unsafe fn HPyErr_SetFromErrno(ctx: *mut HPyContext, h_type: HPy) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe { HPyErr_SetFromErrnoWithFilenameObjects(ctx, h_type, HPy_NULL, HPy_NULL) };
    HPy_NULL
}

/// HPy's `HPyErr_SetFromErrnoWithFilenameObject`. Always null, to be returned.
///
/// # Safety
/// As for the functions of the context: `ctx` and the handles are valid.
#[inline]
pub unsafe fn HPyErr_SetFromErrnoWithFilenameObject(
    ctx: *mut HPyContext,
    h_type: HPy,
    filename: HPy,
) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe { HPyErr_SetFromErrnoWithFilenameObjects(ctx, h_type, filename, HPy_NULL) };
    HPy_NULL
}

/// As [`HPy_Dup`], of None, NotImplemented or Ellipsis. They are immortal from CPython 3.12 on, and
/// need no count.
///
/// # Safety
/// `ctx` is a valid context of the current thread, and the handle that of such a constant.
#[inline(always)]
pub unsafe fn dup_singleton(ctx: *mut HPyContext, constant: HPy) -> HPy {
    #[cfg(feature = "universal")]
    let is_object = is_bundled_context(ctx);
    #[cfg(not(feature = "universal"))]
    let is_object = true;
    // SAFETY: as promised by the caller; the bundled runtime's handles are objects.
    unsafe {
        if is_object && capi::increfs_singleton(constant._i as *mut capi::PyObject) {
            constant
        } else {
            HPy_Dup(ctx, constant)
        }
    }
}

/// HPy's `HPyTuple_Pack`, of a slice. The handles stay the caller's.
///
/// # Safety
/// As for the functions of the context: `ctx` and the handles are valid.
#[inline]
pub unsafe fn HPyTuple_Pack(ctx: *mut HPyContext, items: &[HPy]) -> HPy {
    // SAFETY: the slice has as many handles as it says.
    unsafe { HPyTuple_FromArray(ctx, items.as_ptr(), items.len() as HPy_ssize_t) }
}

/// HPy's `HPy_DelAttr`: 0, or -1 with an exception.
///
/// # Safety
/// As for the functions of the context: `ctx` and the handles are valid.
#[inline]
pub unsafe fn HPy_DelAttr(ctx: *mut HPyContext, obj: HPy, name: HPy) -> c_int {
    // SAFETY: as promised by the caller; a null value deletes.
    unsafe { HPy_SetAttr(ctx, obj, name, HPy_NULL) }
}

/// HPy's `HPy_DelAttr_s`: 0, or -1 with an exception.
///
/// # Safety
/// As for the functions of the context: `ctx` and the handle are valid, the name is a C string.
#[inline]
pub unsafe fn HPy_DelAttr_s(ctx: *mut HPyContext, obj: HPy, utf8_name: *const c_char) -> c_int {
    // SAFETY: as promised by the caller; a null value deletes.
    unsafe { HPy_SetAttr_s(ctx, obj, utf8_name, HPy_NULL) }
}

/// HPy's `HPyBool_FromLong`: True unless the number is 0.
///
/// # Safety
/// `ctx` is valid.
#[inline]
pub unsafe fn HPyBool_FromLong(ctx: *mut HPyContext, v: c_long) -> HPy {
    // SAFETY: as promised by the caller.
    unsafe { HPyBool_FromBool(ctx, v != 0) }
}

/// HPy's `HPySlice_AdjustIndices`: clips the indices of a slice to a sequence of `length` items,
/// and returns the number of items in the slice. `step` is not 0.
///
/// ```
/// # #[cfg(feature = "universal")] {
/// let (mut start, mut stop) = (-3, isize::MAX);
/// assert_eq!(hpy_sys::HPySlice_AdjustIndices(10, &mut start, &mut stop, 2), 2);
/// assert_eq!((start, stop), (7, 10));
/// # }
/// ```
pub fn HPySlice_AdjustIndices(
    length: HPy_ssize_t,
    start: &mut HPy_ssize_t,
    stop: &mut HPy_ssize_t,
    step: HPy_ssize_t,
) -> HPy_ssize_t {
    // Backwards, a slice starts at the last item and ends before the first.
    let (lowest, highest) = if step < 0 {
        (-1, length.saturating_sub(1))
    } else {
        (0, length)
    };
    for index in [&mut *start, &mut *stop] {
        if *index < 0 {
            *index = index.saturating_add(length);
            if *index < 0 {
                *index = lowest;
            }
        } else if *index >= length {
            *index = highest;
        }
    }
    let distance = if step < 0 {
        start.saturating_sub(*stop)
    } else {
        stop.saturating_sub(*start)
    };
    if distance <= 0 || step == 0 {
        return 0;
    }
    let stride = step.unsigned_abs().min(isize::MAX as usize) as isize;
    (distance - 1) / stride + 1
}

/// HPy's `HPy_CallMethodTupleDict`: calls the method `name` of `receiver`. `args` is a tuple or
/// null, `kw` a dict or null.
///
/// # Safety
/// As for the functions of the context: `ctx` and the handles are valid.
pub unsafe fn HPy_CallMethodTupleDict(
    ctx: *mut HPyContext,
    name: HPy,
    receiver: HPy,
    args: HPy,
    kw: HPy,
) -> HPy {
    // SAFETY: as promised by the caller; the method is closed once.
    unsafe { call_and_close(ctx, HPy_GetAttr(ctx, receiver, name), args, kw) }
}

/// HPy's `HPy_CallMethodTupleDict_s`: as [`HPy_CallMethodTupleDict`], with the name in UTF-8.
///
/// # Safety
/// As for the functions of the context: `ctx` and the handles are valid, the name is a C string.
pub unsafe fn HPy_CallMethodTupleDict_s(
    ctx: *mut HPyContext,
    utf8_name: *const c_char,
    receiver: HPy,
    args: HPy,
    kw: HPy,
) -> HPy {
    // SAFETY: as promised by the caller; the method is closed once.
    unsafe { call_and_close(ctx, HPy_GetAttr_s(ctx, receiver, utf8_name), args, kw) }
}

unsafe fn call_and_close(ctx: *mut HPyContext, method: HPy, args: HPy, kw: HPy) -> HPy {
    if method.is_null() {
        return HPy_NULL;
    }
    // SAFETY: the caller's handles are open. The method is closed here.
    unsafe {
        let result = HPy_CallTupleDict(ctx, method, args, kw);
        HPy_Close(ctx, method);
        result
    }
}

/// HPy's `HPyHelpers_AddType`: makes a type and sets it as an attribute, usually of a module. 1, or
/// 0 with an exception.
///
/// # Safety
/// As for `HPyType_FromSpec`; `obj` is open, the name a C string.
pub unsafe fn HPyHelpers_AddType(
    ctx: *mut HPyContext,
    obj: HPy,
    name: *const c_char,
    spec: *mut HPyType_Spec,
    params: *mut HPyType_SpecParam,
) -> c_int {
    // SAFETY: as promised by the caller; the type is closed once.
    unsafe {
        let h_type = HPyType_FromSpec(ctx, spec, params);
        if h_type.is_null() {
            return 0;
        }
        let set = HPy_SetAttr_s(ctx, obj, name, h_type);
        HPy_Close(ctx, h_type);
        (set == 0) as c_int
    }
}

/// HPy's `HPyHelpers_PackArgsAndKeywords`: the arguments of a call as a tuple and a dict, which the
/// caller closes. Each is null if it would be empty. None with an exception.
///
/// # Safety
/// As for the functions of the context. `args` has `nargs` handles and one for each name in
/// `kwnames`, which is a tuple or null.
pub unsafe fn HPyHelpers_PackArgsAndKeywords(
    ctx: *mut HPyContext,
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
) -> Option<(HPy, HPy)> {
    // SAFETY: as promised by the caller. Handles made here are closed or returned.
    unsafe {
        let names = if kwnames.is_null() {
            0
        } else {
            HPy_Length(ctx, kwnames)
        };
        if names < 0 {
            return None;
        }
        let mut kw = HPy_NULL;
        if names > 0 {
            kw = HPyDict_New(ctx);
            if kw.is_null() {
                return None;
            }
        }
        for index in 0..names {
            let name = HPy_GetItem_i(ctx, kwnames, index);
            let set = if name.is_null() {
                -1
            } else {
                let value = *args.add(nargs).offset(index);
                let set = HPy_SetItem(ctx, kw, name, value);
                HPy_Close(ctx, name);
                set
            };
            if set < 0 {
                HPy_Close(ctx, kw);
                return None;
            }
        }
        let mut positional = HPy_NULL;
        if nargs > 0 {
            positional = HPyTuple_FromArray(ctx, args, nargs as HPy_ssize_t);
            if positional.is_null() {
                if !kw.is_null() {
                    HPy_Close(ctx, kw);
                }
                return None;
            }
        }
        Some((positional, kw))
    }
}
