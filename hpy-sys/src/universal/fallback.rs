//! The functions newer than HPy 0.9.0, built from older ones for contexts that lack them.

use super::*;
use core::ffi::CStr;

/// `HPyList_Insert`, by the list's method.
pub(super) unsafe fn HPyList_Insert(
    ctx: *mut HPyContext,
    h_list: HPy,
    index: HPy_ssize_t,
    h_item: HPy,
) -> c_int {
    // SAFETY: the caller's handles are open; those made here are closed once.
    unsafe {
        if HPyList_Check(ctx, h_list) == 0 {
            let bad = c"bad argument to internal function";
            HPyErr_SetString(ctx, h_SystemError(ctx), bad.as_ptr());
            return -1;
        }
        let position = HPyLong_FromSsize_t(ctx, index);
        let result = call_method(ctx, c"insert", &[h_list, position, h_item]);
        close_all(ctx, &[position, result]);
        if result.is_null() { -1 } else { 0 }
    }
}

/// `HPy_GetSlice`, by `obj[start:end]`.
pub(super) unsafe fn HPy_GetSlice(
    ctx: *mut HPyContext,
    obj: HPy,
    start: HPy_ssize_t,
    end: HPy_ssize_t,
) -> HPy {
    // SAFETY: the caller's handle is open; those made here are closed once.
    unsafe {
        let slice = slice(ctx, start, end);
        if slice.is_null() {
            return HPy_NULL;
        }
        let result = HPy_GetItem(ctx, obj, slice);
        HPy_Close(ctx, slice);
        result
    }
}

/// `HPy_SetSlice`, by `obj[start:end] = value`.
pub(super) unsafe fn HPy_SetSlice(
    ctx: *mut HPyContext,
    obj: HPy,
    start: HPy_ssize_t,
    end: HPy_ssize_t,
    value: HPy,
) -> c_int {
    // SAFETY: the caller's handles are open; those made here are closed once.
    unsafe {
        if value.is_null() {
            return HPy_DelSlice(ctx, obj, start, end);
        }
        let slice = slice(ctx, start, end);
        if slice.is_null() {
            return -1;
        }
        let result = HPy_SetItem(ctx, obj, slice, value);
        HPy_Close(ctx, slice);
        result
    }
}

/// `HPy_DelSlice`, by `del obj[start:end]`.
pub(super) unsafe fn HPy_DelSlice(
    ctx: *mut HPyContext,
    obj: HPy,
    start: HPy_ssize_t,
    end: HPy_ssize_t,
) -> c_int {
    // SAFETY: the caller's handle is open; those made here are closed once.
    unsafe {
        let slice = slice(ctx, start, end);
        if slice.is_null() {
            return -1;
        }
        let result = HPy_DelItem(ctx, obj, slice);
        HPy_Close(ctx, slice);
        result
    }
}

/// `HPy_GetIter`, by `builtins.iter`.
pub(super) unsafe fn HPy_GetIter(ctx: *mut HPyContext, obj: HPy) -> HPy {
    // SAFETY: the caller's handle is open.
    unsafe { call_builtin(ctx, c"iter", &[obj]) }
}

/// `HPyIter_Next`, by the type's `__next__`. Returns null without an exception at the end. It does
/// not use `builtins.next`, because Python code can replace that by a function that never ends.
pub(super) unsafe fn HPyIter_Next(ctx: *mut HPyContext, obj: HPy) -> HPy {
    // SAFETY: the caller's handle is open.
    unsafe {
        let type_ = HPy_Type(ctx, obj);
        let next = if type_.is_null() {
            HPy_NULL
        } else {
            HPy_GetAttr_s(ctx, type_, c"__next__".as_ptr())
        };
        if next.is_null() {
            close_all(ctx, &[type_]);
            return HPy_NULL;
        }
        let item = HPy_Call(ctx, next, &obj, 1, HPy_NULL);
        close_all(ctx, &[type_, next]);
        if item.is_null() && HPyErr_ExceptionMatches(ctx, h_StopIteration(ctx)) != 0 {
            HPyErr_Clear(ctx);
        }
        item
    }
}

/// `HPyIter_Check`, by the type's `__next__`.
pub(super) unsafe fn HPyIter_Check(ctx: *mut HPyContext, obj: HPy) -> c_int {
    // SAFETY: the caller's handle is open; the type is closed once.
    unsafe {
        let type_ = HPy_Type(ctx, obj);
        if type_.is_null() {
            HPyErr_Clear(ctx);
            return 0;
        }
        let found = HPy_HasAttr_s(ctx, type_, c"__next__".as_ptr());
        HPy_Close(ctx, type_);
        found
    }
}

/// `HPySlice_New`, by `builtins.slice`. Null stands for None.
pub(super) unsafe fn HPySlice_New(ctx: *mut HPyContext, start: HPy, stop: HPy, step: HPy) -> HPy {
    // SAFETY: the caller's handles are open, None's is the context's.
    unsafe {
        let or_none = |handle: HPy| {
            if handle.is_null() {
                h_None(ctx)
            } else {
                handle
            }
        };
        let args = [or_none(start), or_none(stop), or_none(step)];
        HPy_Call(ctx, h_SliceType(ctx), args.as_ptr(), args.len(), HPy_NULL)
    }
}

/// `_HPy_AsStruct_Dict`. A context without it has no types of dict's shape either.
pub(super) unsafe fn _HPy_AsStruct_Dict(ctx: *mut HPyContext, h: HPy) -> *mut c_void {
    let _ = h;
    let message = c"this interpreter's HPy has no types that extend dict";
    // SAFETY: the caller's context is valid.
    unsafe { HPyErr_SetString(ctx, h_SystemError(ctx), message.as_ptr()) }
    core::ptr::null_mut()
}

unsafe fn slice(ctx: *mut HPyContext, start: HPy_ssize_t, end: HPy_ssize_t) -> HPy {
    // SAFETY: handles made here are closed once.
    unsafe {
        let (start, end) = (
            HPyLong_FromSsize_t(ctx, start),
            HPyLong_FromSsize_t(ctx, end),
        );
        let slice = if start.is_null() || end.is_null() {
            HPy_NULL
        } else {
            HPySlice_New(ctx, start, end, HPy_NULL)
        };
        close_all(ctx, &[start, end]);
        slice
    }
}

unsafe fn call_builtin(ctx: *mut HPyContext, name: &CStr, args: &[HPy]) -> HPy {
    // SAFETY: the caller's handles are open; the function is closed once.
    unsafe {
        let function = HPy_GetItem_s(ctx, h_Builtins(ctx), name.as_ptr());
        if function.is_null() {
            return HPy_NULL;
        }
        let result = HPy_Call(ctx, function, args.as_ptr(), args.len(), HPy_NULL);
        HPy_Close(ctx, function);
        result
    }
}

unsafe fn call_method(ctx: *mut HPyContext, name: &CStr, args: &[HPy]) -> HPy {
    // SAFETY: the caller's handles are open; the name is closed once.
    unsafe {
        let name = HPyUnicode_FromString(ctx, name.as_ptr());
        if name.is_null() || args.iter().any(|handle| handle.is_null()) {
            close_all(ctx, &[name]);
            return HPy_NULL;
        }
        let result = HPy_CallMethod(ctx, name, args.as_ptr(), args.len(), HPy_NULL);
        HPy_Close(ctx, name);
        result
    }
}

unsafe fn close_all(ctx: *mut HPyContext, handles: &[HPy]) {
    for &handle in handles.iter().filter(|handle| !handle.is_null()) {
        // SAFETY: the handle is open and not used again.
        unsafe { HPy_Close(ctx, handle) }
    }
}
