//! Typed handles to what is no container, and what any object can do beyond the topic `handles`:
//! see `test_objects.py`.

use hpy::exceptions;
use hpy::exceptions::{AssertionError, MemoryError, OSError, ValueError};
use hpy::prelude::*;
use hpy::types::{AnyCapsule, ByteArray, Capsule, Complex, ContextVar, PyIterator, Range};
use std::ffi::CString;
use std::sync::atomic::{AtomicUsize, Ordering};

fn unknown<T>(operation: &str) -> Result<T> {
    Err(ValueError::new(format!("no operation {operation}")))
}

// Any object

#[hpy_method]
fn by_interned_name<'ctx>(
    object: &Handle<'ctx>,
    value: &Handle<'ctx>,
) -> Result<(bool, Handle<'ctx>, Handle<'ctx>, bool)> {
    let name = hpy::intern!("text");
    let had = object.hasattr(name)?;
    object.setattr(name, value)?;
    let dict = object.ctx().dict()?;
    dict.set_item(name, 1)?;
    let (key, found) = (dict.keys()?.get_item(0)?, object.getattr(name)?);
    object.delattr(name)?;
    Ok((had, found, key, object.hasattr(name)?))
}

#[hpy_method]
fn getattr_opt<'ctx>(object: &Handle<'ctx>, name: &str) -> Result<Option<Handle<'ctx>>> {
    object.getattr_opt(name)
}

#[hpy_method]
fn dir<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx, List>> {
    object.dir()
}

#[hpy_method]
fn is_truthy(object: &Handle<'_>) -> Result<bool> {
    object.is_truthy()
}

#[hpy_method]
fn to_bytes<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx, Bytes>> {
    object.to_bytes()
}

#[hpy_method]
fn format_with<'ctx>(object: &Handle<'ctx>, spec: &str) -> Result<Handle<'ctx, Str>> {
    object.format(spec)
}

#[hpy_method]
fn dump(object: &Handle<'_>) {
    object.dump();
}

#[hpy_method]
fn pow_assign<'ctx>(
    base: &Handle<'ctx>,
    exponent: &Handle<'ctx>,
    modulus: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    base.pow_assign(exponent, modulus)
}

#[hpy_method]
fn is_exactly(object: &Handle<'_>) -> (bool, bool, bool) {
    (
        object.is_exact_instance_of::<Int>(),
        object.is_exact_instance_of::<Set>(),
        object.is_exact_instance_of::<exceptions::ValueError>(),
    )
}

// Numbers

#[hpy_method]
fn int_as<'ctx>(kind: &str, int: &Handle<'ctx, Int>) -> Result<Handle<'ctx>> {
    let ctx = int.ctx();
    match kind {
        "i32" => int.to_i32()?.into_handle(ctx),
        "isize" => int.to_isize()?.into_handle(ctx),
        "u32" => int.to_u32()?.into_handle(ctx),
        "u32_wrapping" => int.to_u32_wrapping()?.into_handle(ctx),
        "u64_wrapping" => int.to_u64_wrapping()?.into_handle(ctx),
        "f64" => int.to_f64()?.into_handle(ctx),
        "address" => (int.to_address()? as usize).into_handle(ctx),
        _ => unknown(kind),
    }
}

#[hpy_method]
fn complex_parts<'ctx>(
    number: &Handle<'ctx, Complex>,
) -> Result<(f64, f64, Handle<'ctx, Complex>)> {
    let (real, imag) = (number.real()?, number.imag()?);
    Ok((real, imag, number.ctx().complex(imag, real)?))
}

// Text and bytes

#[hpy_method]
fn encode<'ctx>(how: &str, text: &Handle<'ctx, Str>) -> Result<Handle<'ctx, Bytes>> {
    match how {
        "ascii" => text.encode_ascii(),
        "latin1" => text.encode_latin1(),
        "utf8" => text.encode_utf8(),
        "fs" => text.encode_fs(),
        encoding => text.encode(encoding, "surrogatepass"),
    }
}

#[hpy_method]
fn decode<'ctx>(how: &str, bytes: &Handle<'ctx, Bytes>) -> Result<Handle<'ctx, Str>> {
    let ctx = bytes.ctx();
    match how {
        "latin1" => ctx.str_from_latin1(bytes.as_bytes()),
        "fs" => ctx.str_from_fs(bytes.as_bytes()),
        "fs_c_str" => ctx.str_from_fs_c_str(bytes.as_c_str()?),
        encoding => bytes.decode(&CString::new(encoding)?, c"strict"),
    }
}

#[hpy_method]
fn str_from_wide<'ctx>(ctx: Context<'ctx>, points: Vec<u32>) -> Result<Handle<'ctx, Str>> {
    let wide: Vec<_> = points.into_iter().map(|point| point as _).collect();
    ctx.str_from_wide(&wide)
}

#[hpy_method]
fn bytes_from_c_str<'ctx>(bytes: &Handle<'ctx, Bytes>) -> Result<Handle<'ctx, Bytes>> {
    bytes.ctx().bytes_from_c_str(bytes.as_c_str()?)
}

#[hpy_method]
fn lengths(object: &Handle<'_>) -> Result<(usize, bool)> {
    if let Ok(text) = object.downcast::<Str>() {
        Ok((text.len(), text.is_empty()))
    } else {
        let bytes = object.downcast::<Bytes>()?;
        Ok((bytes.len(), bytes.is_empty()))
    }
}

#[hpy_method]
fn substring<'ctx>(
    text: &Handle<'ctx, Str>,
    start: usize,
    end: usize,
) -> Result<(Handle<'ctx, Str>, Option<u32>)> {
    Ok((text.substring(start, end)?, text.read_char(start)))
}

#[hpy_method]
fn join<'ctx>(text: &Handle<'ctx, Str>, parts: Vec<Handle<'ctx>>) -> Result<Handle<'ctx, Str>> {
    text.join(parts)
}

#[hpy_method]
fn formatted<'ctx>(ctx: Context<'ctx>, text: &str, width: usize) -> Result<Handle<'ctx, Str>> {
    if width == 0 {
        return ctx.format(format_args!("nothing to format, é"));
    }
    ctx.format(format_args!("<{text}|{text:>width$}>"))
}

struct Failing;

impl std::fmt::Display for Failing {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Err(std::fmt::Error)
    }
}

#[hpy_method]
fn formatted_badly(ctx: Context<'_>) -> Result<Handle<'_, Str>> {
    ctx.format(format_args!("{Failing}"))
}

// Buffers and ranges

#[hpy_method]
fn bytearray_of<'ctx>(ctx: Context<'ctx>, data: &[u8]) -> Result<Handle<'ctx, ByteArray>> {
    ctx.bytearray(data)
}

#[hpy_method]
fn bytearray_change<'ctx>(array: &Handle<'ctx, ByteArray>) -> Result<(Vec<u8>, Vec<u8>)> {
    let before = array.to_vec()?;
    array.append(255)?;
    array.extend(b"end")?;
    let after = array.to_vec()?;
    array.clear()?;
    Ok((before, after))
}

#[hpy_method]
fn memoryview_parts<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let ctx = object.ctx();
    let view = ctx.memoryview(object)?;
    let parts = tuple![
        view.to_vec()?,
        view.nbytes()?,
        view.itemsize()?,
        view.format()?,
        view.shape()?,
        view.readonly()?,
    ]
    .build(ctx)?;
    view.release()?;
    if view.nbytes().is_ok() {
        return Err(AssertionError::new("a released view has a size"));
    }
    Ok(parts.into_object())
}

#[hpy_method]
fn range_parts<'ctx>(
    start: &Handle<'ctx>,
    stop: &Handle<'ctx>,
    step: &Handle<'ctx>,
) -> Result<(Handle<'ctx, Range>, (isize, isize, isize))> {
    let range = start.ctx().range(start, stop, step)?;
    let parts = (range.start()?, range.stop()?, range.step()?);
    Ok((range, parts))
}

// Callables and iterators

#[hpy_method]
fn callable_names(function: &Handle<'_, Callable>) -> Result<(String, String)> {
    Ok((function.name()?, function.qualname()?))
}

/// The first item, and the others in order.
#[hpy_method]
fn first_and_rest<'ctx>(
    iterator: &Handle<'ctx, PyIterator>,
) -> Result<(Option<Handle<'ctx>>, Vec<Handle<'ctx>>)> {
    let first = iterator.next()?;
    let rest = iterator.iter().collect::<Result<_>>()?;
    Ok((first, rest))
}

// Classes and modules

#[hpy_method]
fn class_parts<'ctx>(type_: &Handle<'ctx, Type>) -> Result<Handle<'ctx>> {
    let ctx = type_.ctx();
    let parts = tuple![
        type_.name()?,
        type_.qualname()?,
        type_.module()?,
        type_.bases()?,
        type_.mro()?,
    ]
    .build(ctx)?;
    Ok(parts.into_object())
}

#[hpy_method]
fn is_subclass<'ctx>(type_: &Handle<'ctx, Type>, of: &Handle<'ctx>) -> Result<bool> {
    type_.is_subclass(of)
}

#[hpy_method]
fn module_parts<'ctx>(
    module: &Handle<'ctx, Module>,
) -> Result<(String, Handle<'ctx, Dict>, Option<String>)> {
    Ok((module.name()?, module.dict()?, module.filename()?))
}

// Exceptions

#[hpy_method]
fn exception_parts<'ctx>(
    exception: &Handle<'ctx, exceptions::BaseException>,
) -> Result<Handle<'ctx>> {
    let ctx = exception.ctx();
    let parts = tuple![
        exception.args()?,
        exception.cause()?,
        exception.context()?,
        exception.traceback()?,
    ]
    .build(ctx)?;
    Ok(parts.into_object())
}

#[hpy_method]
fn raise_again(exception: &Handle<'_, exceptions::LookupError>) -> Result<()> {
    Err(exception.to_error())
}

/// A C function that fails.
fn fail() {
    // SAFETY: no file has that number.
    unsafe { close(-1) };
}

unsafe extern "C" {
    fn close(file: core::ffi::c_int) -> core::ffi::c_int;
}

#[hpy_method]
fn last_os_error<'ctx>(ctx: Context<'ctx>, files: Vec<Handle<'ctx>>) -> Result<()> {
    fail();
    Err(match files.as_slice() {
        [] => Error::last_os_error::<OSError>(ctx, Some(c"by name")),
        [first, others @ ..] => {
            Error::last_os_error_with_files::<OSError>(ctx, first, others.first())
        }
    })
}

#[hpy_method]
fn no_memory() -> Result<()> {
    Err(MemoryError::new(""))
}

// Capsules

/// Counts itself, so that it is seen when it ends.
struct Counted(u32);

static ALIVE: AtomicUsize = AtomicUsize::new(0);

impl Drop for Counted {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
        if self.0 == 13 {
            panic!("dropped as it should be");
        }
    }
}

#[hpy_method]
fn capsule_of(ctx: Context<'_>, number: u32) -> Result<Handle<'_, Capsule<Counted>>> {
    ALIVE.fetch_add(1, Ordering::Relaxed);
    ctx.capsule(c"objects.counted", Counted(number))
}

/// Calls a function when it ends, where Python can be entered from outside.
struct Farewell(Option<Persistent>);

impl Drop for Farewell {
    fn drop(&mut self) {
        let function = self.0.take();
        // The function's exceptions are its own affair.
        let _ = hpy::attach(|ctx| {
            function.map(|function| -> Result<()> { function.get(ctx)?.call0().map(drop) })
        });
    }
}

#[hpy_method]
fn capsule_that_calls(
    ctx: Context<'_>,
    function: Persistent,
) -> Result<Handle<'_, Capsule<Farewell>>> {
    ctx.capsule(c"objects.farewell", Farewell(Some(function)))
}

#[hpy_method]
fn capsule_of_text<'ctx>(
    ctx: Context<'ctx>,
    text: String,
) -> Result<Handle<'ctx, Capsule<String>>> {
    ctx.capsule(c"objects.text", text)
}

#[hpy_method]
fn capsule_value(capsule: &Handle<'_, Capsule<Counted>>) -> Result<(u32, String)> {
    let name = capsule.name().to_str()?;
    Ok((capsule.value().0, name.to_owned()))
}

#[hpy_method]
fn capsule_text<'a>(capsule: &'a Handle<'_, Capsule<String>>) -> &'a str {
    capsule.value()
}

#[hpy_method]
fn capsules_alive() -> usize {
    ALIVE.load(Ordering::Relaxed)
}

#[hpy_method]
fn any_capsule(
    capsule: &Handle<'_, AnyCapsule>,
    name: &str,
) -> Result<(Option<String>, bool, bool)> {
    let wanted = CString::new(name)?;
    let name = capsule.name()?.map(|name| name.into_string()).transpose()?;
    let pointer = capsule.pointer(&wanted).map(|pointer| !pointer.is_null());
    let valid = capsule.is_valid(&wanted);
    Ok((name, valid, pointer.unwrap_or(false)))
}

#[hpy_method]
fn capsule_pointer_by_wrong_name(capsule: &Handle<'_, AnyCapsule>) -> Result<bool> {
    Ok(capsule.pointer(c"wrong")?.is_null())
}

// Context variables

#[hpy_method]
fn context_var<'ctx>(
    ctx: Context<'ctx>,
    default: Option<&Handle<'ctx>>,
) -> Result<Handle<'ctx, ContextVar>> {
    match default {
        Some(default) => ctx.context_var_with_default(c"objects.variable", default),
        None => ctx.context_var(c"objects.variable"),
    }
}

#[hpy_method]
fn context_var_get<'ctx>(
    variable: &Handle<'ctx, ContextVar>,
    default: &Handle<'ctx>,
) -> Result<(Option<Handle<'ctx>>, Handle<'ctx>)> {
    Ok((variable.get()?, variable.get_or(default)?))
}

#[hpy_method]
fn context_var_set<'ctx>(
    variable: &Handle<'ctx, ContextVar>,
    value: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    variable.set(value)
}

#[hpy_method]
fn context_var_reset<'ctx>(
    variable: &Handle<'ctx, ContextVar>,
    token: &Handle<'ctx>,
) -> Result<()> {
    variable.reset(token)
}

// CPython's C API

/// The object and back again. Only a function of Python's C API gives the reference up, and a
/// universal binary can't name it. The reference stays: the test's object lives for ever.
#[hpy_method]
fn there_and_back<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let pointer = object.to_py_object()?;
    // SAFETY: the object is alive.
    unsafe { object.ctx().handle_from_py_object(pointer) }
}

hpy_module! {
    /// Typed handles, and what any object can do.
    name: objects,
    methods: [
        by_interned_name, getattr_opt, dir, is_truthy, to_bytes, format_with, dump, pow_assign,
        is_exactly, int_as,
        complex_parts, encode, decode, str_from_wide, bytes_from_c_str, lengths, substring, join,
        formatted, formatted_badly, bytearray_of, bytearray_change, memoryview_parts, range_parts,
        callable_names, first_and_rest, class_parts, is_subclass, module_parts, exception_parts,
        raise_again, last_os_error, no_memory, capsule_of, capsule_that_calls, capsule_of_text,
        capsule_value, capsule_text, capsules_alive, any_capsule, capsule_pointer_by_wrong_name,
        context_var, context_var_get, context_var_set, context_var_reset, there_and_back,
    ],
}
