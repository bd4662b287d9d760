//! Functions of a debug context that check more than handles, or pass on more than that.

use super::context::{Info, check};
use super::invalid::{self, fatal};
use super::names;
use super::slots::{CONSTANT, Slot, with_table};
use super::wrappers::{Passed, unwrap, unwrap_for_memory};
use core::ffi::{c_char, c_int, c_void};
use core::mem::MaybeUninit;
use core::ptr;
use hpy::sys::*;

type Ctx = *mut HPyContext;

/// Calls `body` with the wrapped handles of several.
///
/// # Safety
/// `handles` has `count` handles.
#[inline(always)]
unsafe fn with_unwrapped<R>(
    handles: *const HPy,
    count: usize,
    info: &Info,
    body: impl FnOnce(*const HPy) -> R,
) -> R {
    with_room(count, |room| {
        for index in 0..count {
            // SAFETY: as promised by the caller; there is room for so many handles.
            unsafe { room.add(index).write(unwrap(*handles.add(index), info)) };
        }
        body(room)
    })
}

/// Calls `body` with room for so many handles: on the stack, if they are few.
#[inline(always)]
pub(super) fn with_room<R>(count: usize, body: impl FnOnce(*mut HPy) -> R) -> R {
    const FEW: usize = 12;
    let mut few = [const { MaybeUninit::<HPy>::uninit() }; FEW];
    if count <= FEW {
        return body(few.as_mut_ptr().cast());
    }
    body(vec![HPy::NULL; count].as_mut_ptr())
}

pub(super) unsafe extern "C" fn ctx_Close(ctx: Ctx, handle: HPy) {
    // SAFETY: the extension keeps the function's contract; what it gets wrong in handles and
    // contexts is reported.
    unsafe {
        let info = check(ctx);
        if handle.is_null() {
            return;
        }
        let slot = Slot::of(handle);
        if !(*slot).is_owned() {
            return close_wrongly(slot, info);
        }
        let underlying = (*slot).underlying;
        info.close(slot);
        // This may run `__del__`.
        info.outside(|ctx| HPy_Close(ctx, underlying));
    }
}

/// What closing a handle does that is closed, or not the function's.
#[cold]
#[inline(never)]
unsafe fn close_wrongly(slot: *mut Slot, info: &Info) {
    // SAFETY: slots are never freed.
    unsafe {
        if !(*slot).is_open() {
            invalid::closed_twice(slot, info);
            return;
        }
        invalid::closed_wrongly(slot, info);
        if (*slot).state & CONSTANT == 0 && (*slot).is_open() {
            info.close_argument(slot);
        }
    }
}

/// The copy of a text that the handle gives.
unsafe fn protected(handle: HPy, text: *const c_char, size: usize, info: &Info) -> *const c_char {
    if text.is_null() || handle.is_null() {
        return text;
    }
    // SAFETY: the caller's text has that size; the handle is one of debug mode.
    unsafe {
        let slot = Slot::of(handle);
        if !(*slot).is_open() || (*slot).state & CONSTANT != 0 {
            // A constant is never closed.
            return text;
        }
        let copy = with_table(|_| (*slot).copy_text(text, size));
        if copy.is_null() {
            info.outside(|ctx| HPyErr_NoMemory(ctx));
        }
        copy
    }
}

pub(super) unsafe extern "C" fn ctx_Unicode_AsUTF8AndSize(
    ctx: Ctx,
    handle: HPy,
    size: *mut HPy_ssize_t,
) -> *const c_char {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let underlying = unwrap(handle, info);
        let mut length = 0;
        let text = info.outside(|ctx| HPyUnicode_AsUTF8AndSize(ctx, underlying, &mut length));
        if text.is_null() {
            return text;
        }
        if let Some(size) = size.as_mut() {
            *size = length;
        }
        protected(handle, text, length.cast_unsigned() + 1, info)
    }
}

pub(super) unsafe extern "C" fn ctx_Bytes_AsString(ctx: Ctx, handle: HPy) -> *const c_char {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let underlying = unwrap(handle, info);
        let text = info.outside(|ctx| HPyBytes_AsString(ctx, underlying));
        if text.is_null() {
            return text;
        }
        let size = HPyBytes_Size(info.underlying(), underlying);
        protected(handle, text, size.cast_unsigned() + 1, info)
    }
}

pub(super) unsafe extern "C" fn ctx_Bytes_AS_STRING(ctx: Ctx, handle: HPy) -> *const c_char {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let underlying = unwrap_for_memory(handle, info);
        let text = HPyBytes_AS_STRING(info.underlying(), underlying);
        let size = HPyBytes_GET_SIZE(info.underlying(), underlying);
        protected(handle, text, size.cast_unsigned() + 1, info)
    }
}

pub(super) unsafe extern "C" fn ctx_Bytes_GET_SIZE(ctx: Ctx, handle: HPy) -> HPy_ssize_t {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let underlying = unwrap_for_memory(handle, info);
        HPyBytes_GET_SIZE(info.underlying(), underlying)
    }
}

pub(super) unsafe extern "C" fn ctx_Slice_Unpack(
    ctx: Ctx,
    slice: HPy,
    start: *mut HPy_ssize_t,
    stop: *mut HPy_ssize_t,
    step: *mut HPy_ssize_t,
) -> c_int {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let slice = unwrap_for_memory(slice, info);
        info.outside(|ctx| HPySlice_Unpack(ctx, slice, start, stop, step))
    }
}

pub(super) unsafe extern "C" fn ctx_EvalCode(
    ctx: Ctx,
    code: HPy,
    globals: HPy,
    locals: HPy,
) -> HPy {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let code = unwrap_for_memory(code, info);
        let (globals, locals) = (unwrap(globals, info), unwrap(locals, info));
        let result = info.outside(|ctx| HPy_EvalCode(ctx, code, globals, locals));
        info.open(result)
    }
}

pub(super) unsafe extern "C" fn ctx_Type_GetName(ctx: Ctx, handle: HPy) -> *const c_char {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let underlying = unwrap(handle, info);
        require_type(info, underlying, "HPyType_GetName arg must be a type");
        let text = info.outside(|ctx| HPyType_GetName(ctx, underlying));
        if text.is_null() {
            return text;
        }
        let size = core::ffi::CStr::from_ptr(text).count_bytes() + 1;
        protected(handle, text, size, info)
    }
}

/// Ends the process with the message, if it is no type.
unsafe fn require_type(info: &Info, underlying: HPy, message: &str) {
    let ctx = info.underlying();
    // SAFETY: the caller's handle is open or null, and the context valid.
    unsafe {
        if underlying.is_null() || HPy_TypeCheck(ctx, underlying, h_TypeType(ctx)) == 0 {
            fatal(message, info);
        }
    }
}

pub(super) unsafe extern "C" fn ctx_TypeCheck(ctx: Ctx, object: HPy, type_: HPy) -> c_int {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let (object, type_) = (unwrap(object, info), unwrap(type_, info));
        require_type(info, type_, "HPy_TypeCheck arg 2 must be a type");
        HPy_TypeCheck(info.underlying(), object, type_)
    }
}

pub(super) unsafe extern "C" fn ctx_Type_IsSubtype(ctx: Ctx, sub: HPy, type_: HPy) -> c_int {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let (sub, type_) = (unwrap(sub, info), unwrap(type_, info));
        require_type(info, sub, "HPyType_IsSubtype arg 1 must be a type");
        require_type(info, type_, "HPyType_IsSubtype arg 2 must be a type");
        HPyType_IsSubtype(info.underlying(), sub, type_)
    }
}

pub(super) unsafe extern "C" fn ctx_Unicode_Substring(
    ctx: Ctx,
    string: HPy,
    start: HPy_ssize_t,
    end: HPy_ssize_t,
) -> HPy {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let string = unwrap(string, info);
        let is_string = !string.is_null() && HPyUnicode_Check(info.underlying(), string) != 0;
        if !is_string {
            fatal("HPyUnicode_Substring arg 1 must be a Unicode object", info);
        }
        let part = info.outside(|ctx| HPyUnicode_Substring(ctx, string, start, end));
        info.open(part)
    }
}

macro_rules! as_struct {
    ($($field:ident $user:ident $shape:ident;)*) => {
        $(pub(super) unsafe extern "C" fn $field(ctx: Ctx, handle: HPy) -> *mut c_void {
            // SAFETY: as for `ctx_Close`.
            unsafe {
                let info = check(ctx);
                let underlying = unwrap_for_memory(handle, info);
                if underlying.is_null() {
                    fatal(concat!("Invalid usage of ", stringify!($user), " for HPy_NULL"), info);
                }
                let actual = shape_of(info, underlying);
                if actual != $shape {
                    fatal(
                        &format!(
                            "Invalid usage of {}. Expected shape {} but got {}",
                            stringify!($user), stringify!($shape), shape_name(actual),
                        ),
                        info,
                    );
                }
                $user(info.underlying(), underlying)
            }
        })*
    };
}

as_struct! {
    ctx_AsStruct_Object _HPy_AsStruct_Object HPyType_BuiltinShape_Object;
    ctx_AsStruct_Legacy _HPy_AsStruct_Legacy HPyType_BuiltinShape_Legacy;
    ctx_AsStruct_Type _HPy_AsStruct_Type HPyType_BuiltinShape_Type;
    ctx_AsStruct_Long _HPy_AsStruct_Long HPyType_BuiltinShape_Long;
    ctx_AsStruct_Float _HPy_AsStruct_Float HPyType_BuiltinShape_Float;
    ctx_AsStruct_Unicode _HPy_AsStruct_Unicode HPyType_BuiltinShape_Unicode;
    ctx_AsStruct_Tuple _HPy_AsStruct_Tuple HPyType_BuiltinShape_Tuple;
    ctx_AsStruct_List _HPy_AsStruct_List HPyType_BuiltinShape_List;
    ctx_AsStruct_Dict _HPy_AsStruct_Dict HPyType_BuiltinShape_Dict;
}

unsafe fn shape_of(info: &Info, underlying: HPy) -> HPyType_BuiltinShape {
    // SAFETY: the caller's handle is open, and the object keeps its type alive. In CPython's
    // contexts of this project a handle is the object's address.
    unsafe {
        let type_ = capi::type_of(underlying._i as *mut capi::PyObject);
        _HPyType_GetBuiltinShape(info.underlying(), HPy { _i: type_ as isize })
    }
}

fn shape_name(shape: HPyType_BuiltinShape) -> &'static str {
    let mut all = HPyType_BuiltinShape::ALL.iter();
    all.find(|(_, known)| *known == shape)
        .map_or("<unknown shape>", |(name, _)| name)
}

pub(super) unsafe extern "C" fn ctx_Tuple_FromArray(
    ctx: Ctx,
    items: *const HPy,
    n: HPy_ssize_t,
) -> HPy {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let tuple = with_unwrapped(items, n.max(0).cast_unsigned(), info, |items| {
            info.outside(|ctx| HPyTuple_FromArray(ctx, items, n))
        });
        info.open(tuple)
    }
}

pub(super) unsafe extern "C" fn ctx_New(ctx: Ctx, type_: HPy, data: *mut *mut c_void) -> HPy {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let type_ = unwrap(type_, info);
        let object = info.outside(|ctx| HPy_New(ctx, type_, data));
        info.open(object)
    }
}

pub(super) unsafe extern "C" fn ctx_Type_GenericNew(
    ctx: Ctx,
    type_: HPy,
    args: *const HPy,
    nargs: HPy_ssize_t,
    kw: HPy,
) -> HPy {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let (type_, kw) = (unwrap(type_, info), unwrap(kw, info));
        let count = if args.is_null() { 0 } else { nargs.max(0) };
        let object = with_unwrapped(args, count.cast_unsigned(), info, |args| {
            info.outside(|ctx| HPyType_GenericNew(ctx, type_, args, nargs, kw))
        });
        info.open(object)
    }
}

pub(super) unsafe extern "C" fn ctx_Type_FromSpec(
    ctx: Ctx,
    spec: *mut HPyType_Spec,
    params: *mut HPyType_SpecParam,
) -> HPy {
    // SAFETY: as for `ctx_Close`. The parameters end with kind 0.
    unsafe {
        let info = check(ctx);
        let mut inner = Vec::new();
        let mut next = params;
        while let Some(param) = next.as_ref() {
            if param.kind.0 == 0 {
                break;
            }
            inner.push(HPyType_SpecParam {
                kind: param.kind,
                object: unwrap(param.object, info),
            });
            next = next.add(1);
        }
        inner.push(HPyType_SpecParam {
            kind: HPyType_SpecParam_Kind(0),
            object: HPy::NULL,
        });
        names::add_type(spec);
        let params = if params.is_null() {
            ptr::null_mut()
        } else {
            inner.as_mut_ptr()
        };
        let type_ = info.outside(|ctx| HPyType_FromSpec(ctx, spec, params));
        info.open(type_)
    }
}

pub(super) unsafe extern "C" fn ctx_ContextVar_Get(
    ctx: Ctx,
    context_var: HPy,
    default_value: HPy,
    result: *mut HPy,
) -> i32 {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let (context_var, default_value) = (unwrap(context_var, info), unwrap(default_value, info));
        let mut value = HPy::NULL;
        let code =
            info.outside(|ctx| HPyContextVar_Get(ctx, context_var, default_value, &mut value));
        *result = if code < 0 {
            HPy::NULL
        } else {
            info.open(value)
        };
        code
    }
}

/// How many values of keywords there are. None if an exception is set.
unsafe fn keywords(info: &Info, names: HPy, message: &str) -> Option<usize> {
    if names.is_null() {
        return Some(0);
    }
    let ctx = info.underlying();
    // SAFETY: the caller's handle is open.
    unsafe {
        if HPyTuple_Check(ctx, names) == 0 {
            fatal(message, info);
        }
        usize::try_from(HPy_Length(ctx, names)).ok()
    }
}

macro_rules! call {
    ($field:ident $user:ident) => {
        pub(super) unsafe extern "C" fn $field(
            ctx: Ctx,
            callable_or_name: HPy,
            args: *const HPy,
            nargs: usize,
            kwnames: HPy,
        ) -> HPy {
            // SAFETY: as for `ctx_Close`.
            unsafe {
                let info = check(ctx);
                let (first, names) = (unwrap(callable_or_name, info), unwrap(kwnames, info));
                let message = concat!(
                    stringify!($user),
                    " arg 'kwnames' must be a tuple object or HPy_NULL"
                );
                let Some(more) = keywords(info, names, message) else {
                    return HPy::NULL;
                };
                let result = with_unwrapped(args, nargs + more, info, |args| {
                    info.outside(|ctx| $user(ctx, first, args, nargs, names))
                });
                info.open(result)
            }
        }
    };
}

call!(ctx_Call HPy_Call);
call!(ctx_CallMethod HPy_CallMethod);

pub(super) unsafe extern "C" fn ctx_SetCallFunction(
    ctx: Ctx,
    handle: HPy,
    function: *mut HPyCallFunction,
) -> c_int {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        let handle = handle.inward(info);
        info.outside(|ctx| HPy_SetCallFunction(ctx, handle, function))
    }
}

pub(super) unsafe extern "C" fn ctx_LeavePythonExecution(ctx: Ctx) -> HPyThreadState {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = check(ctx);
        // Another thread may run as soon as Python is left.
        info.leave();
        HPy_LeavePythonExecution(info.underlying())
    }
}

pub(super) unsafe extern "C" fn ctx_ReenterPythonExecution(ctx: Ctx, state: HPyThreadState) {
    // SAFETY: as for `ctx_Close`.
    unsafe {
        let info = super::context::info(ctx);
        reenter(info.underlying(), state);
        info.reenter();
    }
}
