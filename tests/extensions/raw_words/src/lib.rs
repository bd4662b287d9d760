//! Functions of the raw layer that stand at different words in different contexts, or that older
//! contexts lack: see `test_raw_words.py`.

use core::ffi::{CStr, c_char, c_void};
use core::ptr::null_mut;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use hpy::sys::*;
use std::ffi::CString;

/// Turns what a raw function returned into a result.
macro_rules! handle {
    ($ctx:expr, $function:ident($($arg:expr),*)) => {{
        // SAFETY: the arguments are open handles of the call and valid pointers.
        let result = unsafe { $function($ctx.as_ptr(), $($arg),*) };
        // SAFETY: the result is a new handle, or null with an exception.
        unsafe { $ctx.handle_from_raw::<Object>(result) }
    }};
}

macro_rules! status {
    ($ctx:expr, $function:ident($($arg:expr),*)) => {{
        // SAFETY: as above.
        let status = unsafe { $function($ctx.as_ptr(), $($arg),*) };
        // A negative one comes with an exception.
        if status < 0 {
            Err(Error::fetch($ctx))
        } else {
            Ok(status)
        }
    }};
}

fn raw(handle: Option<&Handle<'_>>) -> HPy {
    handle.map_or(HPy_NULL, Handle::as_raw)
}

// Calls.

#[hpy_method]
fn call<'ctx>(
    ctx: Context<'ctx>,
    function: &Handle<'ctx>,
    args: &Handle<'ctx, Tuple>,
    names: Option<&Handle<'ctx, Tuple>>,
) -> Result<Handle<'ctx>> {
    let items: Vec<_> = args.iter().collect();
    let items: Vec<HPy> = items.iter().map(Handle::as_raw).collect();
    let keywords = names.map_or(0, |names| names.len());
    let Some(positional) = items.len().checked_sub(keywords) else {
        return Err(ValueError::new("fewer arguments than names"));
    };
    let names = names.map_or(HPy_NULL, Handle::as_raw);
    handle!(
        ctx,
        HPy_Call(function.as_raw(), items.as_ptr(), positional, names)
    )
}

#[hpy_method]
fn call_method<'ctx>(
    ctx: Context<'ctx>,
    name: &Handle<'ctx, Str>,
    args: &Handle<'ctx, Tuple>,
) -> Result<Handle<'ctx>> {
    let items: Vec<_> = args.iter().collect();
    let items: Vec<HPy> = items.iter().map(Handle::as_raw).collect();
    if items.is_empty() {
        return Err(ValueError::new("no receiver"));
    }
    handle!(
        ctx,
        HPy_CallMethod(name.as_raw(), items.as_ptr(), items.len(), HPy_NULL)
    )
}

#[hpy_method]
fn call_tuple_dict<'ctx>(
    ctx: Context<'ctx>,
    function: &Handle<'ctx>,
    args: Option<&Handle<'ctx>>,
    keywords: Option<&Handle<'ctx>>,
) -> Result<Handle<'ctx>> {
    handle!(
        ctx,
        HPy_CallTupleDict(function.as_raw(), raw(args), raw(keywords))
    )
}

// Ints.

macro_rules! int {
    ($($name:ident: $int:ty = $function:ident;)*) => {
        $(
            #[hpy_method]
            fn $name(ctx: Context<'_>, object: &Handle<'_>) -> Result<$int> {
                // SAFETY: the handle is open.
                let value = unsafe { $function(ctx.as_ptr(), object.as_raw()) };
                // SAFETY: the context is valid.
                if value == !0 && unsafe { HPyErr_Occurred(ctx.as_ptr()) } != 0 {
                    return Err(Error::fetch(ctx));
                }
                Ok(value)
            }
        )*
    };
}

int! {
    as_i32: i32 = HPyLong_AsInt32_t;
    as_u32: u32 = HPyLong_AsUInt32_t;
    as_i64: i64 = HPyLong_AsInt64_t;
    as_u64: u64 = HPyLong_AsUInt64_t;
    as_usize: usize = HPyLong_AsSize_t;
}

// What a trampoline of `HPy_mod_create` does.

unsafe extern "C" fn the_spec_itself(ctx: *mut HPyContext, spec: HPy) -> HPy {
    // SAFETY: called with an open handle.
    unsafe { HPy_Dup(ctx, spec) }
}

/// What becomes of an object that a `HPy_mod_create` makes.
#[hpy_method]
fn created<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let function = the_spec_itself as unsafe extern "C" fn(*mut HPyContext, HPy) -> HPy;
    // SAFETY: where trampolines are called at all, a handle is the object's address, or the next
    // one as on PyPI's hpy. Its constants tell which. The function is one of the signature.
    unsafe {
        let add = object.as_raw()._i & 1;
        let mut args = _HPyFunc_args_MOD_CREATE {
            spec: (object.as_raw()._i - add) as *mut cpy_PyObject,
            result: null_mut(),
        };
        let function = core::mem::transmute::<
            unsafe extern "C" fn(*mut HPyContext, HPy) -> HPy,
            unsafe extern "C" fn(),
        >(function);
        call_from_trampoline(HPyFunc_MOD_CREATE, Some(function), &mut args);
        let result = args.result as isize;
        let result = if result == 0 { 0 } else { result + add };
        ctx.handle_from_raw(HPy { _i: result })
    }
}

// Capsules.

static VALUE: u32 = 42;
static OTHER: u32 = 7;
const NAME: &CStr = c"raw_words.value";

fn address(value: &'static u32) -> *mut c_void {
    (&raw const *value).cast_mut().cast()
}

#[hpy_method]
fn capsule_new<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    handle!(
        ctx,
        HPyCapsule_New(address(&VALUE), NAME.as_ptr(), null_mut())
    )
}

#[hpy_method]
fn capsule_of_nothing<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    handle!(ctx, HPyCapsule_New(null_mut(), NAME.as_ptr(), null_mut()))
}

#[hpy_method]
fn capsule_value(ctx: Context<'_>, capsule: &Handle<'_>) -> Result<u32> {
    // SAFETY: the handle is open, the name a C string.
    let value = unsafe {
        HPyCapsule_Get(
            ctx.as_ptr(),
            capsule.as_raw(),
            HPyCapsule_key_Pointer,
            NAME.as_ptr(),
        )
    };
    if value.is_null() {
        return Err(Error::fetch(ctx));
    }
    // SAFETY: capsules of that name hold the address of a static.
    Ok(unsafe { *value.cast::<u32>() })
}

#[hpy_method]
fn capsule_is_valid(ctx: Context<'_>, capsule: &Handle<'_>, name: &str) -> Result<bool> {
    let name = CString::new(name)?;
    // SAFETY: the handle is open, the name a C string.
    Ok(unsafe { HPyCapsule_IsValid(ctx.as_ptr(), capsule.as_raw(), name.as_ptr()) != 0 })
}

#[hpy_method]
fn capsule_set_other_value(ctx: Context<'_>, capsule: &Handle<'_>) -> Result<()> {
    status!(
        ctx,
        HPyCapsule_Set(capsule.as_raw(), HPyCapsule_key_Pointer, address(&OTHER))
    )
    .map(drop)
}

// Builders.

/// Begins a list and a tuple, and thinks better of it.
#[hpy_method]
fn cancel_builders(item: &Handle<'_>) -> bool {
    let (ctx, item) = (item.ctx().as_ptr(), item.as_raw());
    // SAFETY: the handle is open; each builder has room for two, and is used up by the cancelling.
    unsafe {
        let (list, tuple) = (HPyListBuilder_New(ctx, 2), HPyTupleBuilder_New(ctx, 2));
        let made = !list.is_null() && !tuple.is_null();
        HPyListBuilder_Set(ctx, list, 0, item);
        HPyTupleBuilder_Set(ctx, tuple, 1, item);
        HPyListBuilder_Cancel(ctx, list);
        HPyTupleBuilder_Cancel(ctx, tuple);
        made
    }
}

// Types.

#[hpy_method]
fn type_name(ctx: Context<'_>, type_: &Handle<'_, Type>) -> Result<String> {
    // SAFETY: the handle is open; the text is copied while the type lives.
    let name: *const c_char = unsafe { HPyType_GetName(ctx.as_ptr(), type_.as_raw()) };
    if name.is_null() {
        return Err(Error::fetch(ctx));
    }
    // SAFETY: not null, so a C string.
    Ok(unsafe { CStr::from_ptr(name) }
        .to_string_lossy()
        .into_owned())
}

#[hpy_method]
fn type_is_subtype<'ctx>(
    ctx: Context<'ctx>,
    derived: &Handle<'ctx, Type>,
    base: &Handle<'ctx, Type>,
) -> bool {
    // SAFETY: the handles are open types.
    unsafe { HPyType_IsSubtype(ctx.as_ptr(), derived.as_raw(), base.as_raw()) != 0 }
}

// Dicts, text, slices.

#[hpy_method]
fn dict_keys<'ctx>(ctx: Context<'ctx>, dict: Option<&Handle<'ctx>>) -> Result<Handle<'ctx>> {
    handle!(ctx, HPyDict_Keys(raw(dict)))
}

#[hpy_method]
fn dict_copy<'ctx>(ctx: Context<'ctx>, dict: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    handle!(ctx, HPyDict_Copy(dict.as_raw()))
}

#[hpy_method]
fn substring<'ctx>(
    ctx: Context<'ctx>,
    text: &Handle<'ctx, Str>,
    start: isize,
    end: isize,
) -> Result<Handle<'ctx>> {
    handle!(ctx, HPyUnicode_Substring(text.as_raw(), start, end))
}

#[hpy_method]
fn from_encoded<'ctx>(
    ctx: Context<'ctx>,
    object: &Handle<'ctx>,
    encoding: &str,
    errors: &str,
) -> Result<Handle<'ctx>> {
    let (encoding, errors) = (CString::new(encoding)?, CString::new(errors)?);
    handle!(
        ctx,
        HPyUnicode_FromEncodedObject(object.as_raw(), encoding.as_ptr(), errors.as_ptr())
    )
}

#[hpy_method]
fn slice_unpack(ctx: Context<'_>, slice: &Handle<'_>) -> Result<(isize, isize, isize)> {
    let (mut start, mut stop, mut step) = (0, 0, 0);
    status!(
        ctx,
        HPySlice_Unpack(slice.as_raw(), &mut start, &mut stop, &mut step)
    )?;
    Ok((start, stop, step))
}

// Context variables.

#[hpy_method]
fn context_var_new<'ctx>(
    ctx: Context<'ctx>,
    name: &str,
    default: Option<&Handle<'ctx>>,
) -> Result<Handle<'ctx>> {
    let name = CString::new(name)?;
    handle!(ctx, HPyContextVar_New(name.as_ptr(), raw(default)))
}

#[hpy_method]
fn context_var_get<'ctx>(
    ctx: Context<'ctx>,
    variable: &Handle<'ctx>,
    default: Option<&Handle<'ctx>>,
) -> Result<Option<Handle<'ctx>>> {
    let mut value = HPy_NULL;
    status!(
        ctx,
        HPyContextVar_Get(variable.as_raw(), raw(default), &mut value)
    )?;
    if value.is_null() {
        return Ok(None);
    }
    // SAFETY: a new handle, not null.
    unsafe { ctx.handle_from_raw(value) }.map(Some)
}

#[hpy_method]
fn context_var_set<'ctx>(
    ctx: Context<'ctx>,
    variable: &Handle<'ctx>,
    value: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    handle!(ctx, HPyContextVar_Set(variable.as_raw(), value.as_raw()))
}

// Source text.

#[hpy_method]
fn run<'ctx>(
    ctx: Context<'ctx>,
    source: &str,
    expression: bool,
    globals: &Handle<'ctx, Dict>,
) -> Result<Handle<'ctx>> {
    let source = CString::new(source)?;
    let kind = if expression {
        HPy_SourceKind_Expr
    } else {
        HPy_SourceKind_File
    };
    let file = c"source.py".as_ptr();
    let code = handle!(ctx, HPy_Compile_s(source.as_ptr(), file, kind))?;
    handle!(
        ctx,
        HPy_EvalCode(code.as_raw(), globals.as_raw(), globals.as_raw())
    )
}

// Newer than HPy 0.9.0.

#[hpy_method]
fn list_insert<'ctx>(
    ctx: Context<'ctx>,
    list: &Handle<'ctx>,
    index: isize,
    item: &Handle<'ctx>,
) -> Result<()> {
    status!(ctx, HPyList_Insert(list.as_raw(), index, item.as_raw())).map(drop)
}

#[hpy_method]
fn get_slice<'ctx>(
    ctx: Context<'ctx>,
    object: &Handle<'ctx>,
    start: isize,
    end: isize,
) -> Result<Handle<'ctx>> {
    handle!(ctx, HPy_GetSlice(object.as_raw(), start, end))
}

#[hpy_method]
fn set_slice<'ctx>(
    ctx: Context<'ctx>,
    object: &Handle<'ctx>,
    start: isize,
    end: isize,
    value: &Handle<'ctx>,
) -> Result<()> {
    status!(
        ctx,
        HPy_SetSlice(object.as_raw(), start, end, value.as_raw())
    )
    .map(drop)
}

#[hpy_method]
fn del_slice(ctx: Context<'_>, object: &Handle<'_>, start: isize, end: isize) -> Result<()> {
    status!(ctx, HPy_DelSlice(object.as_raw(), start, end)).map(drop)
}

#[hpy_method]
fn get_iter<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    handle!(ctx, HPy_GetIter(object.as_raw()))
}

/// The next item in a tuple; an empty one at the end.
#[hpy_method]
fn iter_next<'ctx>(ctx: Context<'ctx>, iterator: &Handle<'ctx>) -> Result<Handle<'ctx, Tuple>> {
    // SAFETY: the handle is an open iterator. The result is a new handle, or null with an exception
    // or at the end.
    let item = unsafe { HPyIter_Next(ctx.as_ptr(), iterator.as_raw()) };
    // SAFETY: the context is valid.
    if item.is_null() && unsafe { HPyErr_Occurred(ctx.as_ptr()) } == 0 {
        return ctx.tuple(());
    }
    // SAFETY: a new handle or null with an exception.
    ctx.tuple((unsafe { ctx.handle_from_raw::<Object>(item) }?,))
}

#[hpy_method]
fn iter_check(ctx: Context<'_>, object: &Handle<'_>) -> bool {
    // SAFETY: the handle is open.
    unsafe { HPyIter_Check(ctx.as_ptr(), object.as_raw()) != 0 }
}

#[hpy_method]
fn slice_new<'ctx>(
    ctx: Context<'ctx>,
    start: &Handle<'ctx>,
    stop: &Handle<'ctx>,
    step: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    handle!(
        ctx,
        HPySlice_New(start.as_raw(), stop.as_raw(), step.as_raw())
    )
}

#[hpy_method]
fn slice_of_nulls(ctx: Context<'_>) -> Result<Handle<'_>> {
    handle!(ctx, HPySlice_New(HPy_NULL, HPy_NULL, HPy_NULL))
}

// Items by an index. Every context has them. The safe layer uses them only for some types.

#[hpy_method]
fn get_item_i<'ctx>(
    ctx: Context<'ctx>,
    object: &Handle<'ctx>,
    index: isize,
) -> Result<Handle<'ctx>> {
    handle!(ctx, HPy_GetItem_i(object.as_raw(), index))
}

#[hpy_method]
fn set_item_i<'ctx>(
    ctx: Context<'ctx>,
    object: &Handle<'ctx>,
    index: isize,
    value: &Handle<'ctx>,
) -> Result<i32> {
    status!(ctx, HPy_SetItem_i(object.as_raw(), index, value.as_raw()))
}

#[hpy_method]
fn del_item_i<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>, index: isize) -> Result<i32> {
    status!(ctx, HPy_DelItem_i(object.as_raw(), index))
}

hpy_module! {
    /// Functions of the raw layer that not every context has at its place.
    name: raw_words,
    methods: [
        call, cancel_builders, call_method, call_tuple_dict, as_i32, as_u32, as_i64, as_u64,
        as_usize, created, capsule_new, capsule_of_nothing, capsule_value, capsule_is_valid,
        capsule_set_other_value, type_name, type_is_subtype, dict_keys, dict_copy, substring,
        from_encoded, slice_unpack, context_var_new, context_var_get, context_var_set, run,
        list_insert, get_slice, set_slice, del_slice, get_iter, iter_next, iter_check, slice_new,
        slice_of_nulls, get_item_i, set_item_i, del_item_i,
    ],
}
