//! A drop-in for PyPI's `ujson` 6: JSON to Python objects and back.

#![forbid(unsafe_code)]

mod decode;
mod encode;
mod options;
mod words;

use hpy::exceptions::TypeError;
use hpy::prelude::*;
use options::{Options, Truth};

/// Converts arbitrary object recursively into JSON.
///
/// ensure_ascii escapes what is not ASCII, encode_html_chars the characters < > &,
/// escape_forward_slashes slashes. indent puts items on lines of their own. allow_nan=False refuses
/// NaN and the infinities, reject_bytes=False takes bytes for strings of UTF-8. default is called
/// with what has no JSON form, and returns something that has. separators is a tuple of the strings
/// after an item and after a key.
#[hpy_method(signature = (
    obj, ensure_ascii = Truth::YES, encode_html_chars = Truth::NO,
    escape_forward_slashes = Truth::YES, sort_keys = Truth::NO, indent = 0, allow_nan = Truth::YES,
    reject_bytes = Truth::YES, default = None, separators = None
), text_signature = "(obj, ensure_ascii=True, encode_html_chars=False, \
    escape_forward_slashes=True, sort_keys=False, indent=0, allow_nan=True, reject_bytes=True, \
    default=None, separators=None)")]
#[allow(clippy::too_many_arguments)]
fn dumps<'ctx>(
    obj: &Handle<'ctx>,
    ensure_ascii: Truth,
    encode_html_chars: Truth,
    escape_forward_slashes: Truth,
    sort_keys: Truth,
    indent: i32,
    allow_nan: Truth,
    reject_bytes: Truth,
    default: Option<&Handle<'ctx>>,
    separators: Option<&Handle<'ctx>>,
) -> Result<Handle<'ctx, Str>> {
    let options = Options::new(
        [
            ensure_ascii,
            encode_html_chars,
            escape_forward_slashes,
            sort_keys,
            allow_nan,
            reject_bytes,
        ],
        indent,
        default,
        separators,
    )?;
    encode::to_str(obj, &options)
}

/// Converts arbitrary object recursively into JSON, and writes it to a file.
///
/// The options are those of dumps.
#[hpy_method(signature = (
    obj, fp, /, *, ensure_ascii = Truth::YES, encode_html_chars = Truth::NO,
    escape_forward_slashes = Truth::YES, sort_keys = Truth::NO, indent = 0, allow_nan = Truth::YES,
    reject_bytes = Truth::YES, default = None, separators = None
), text_signature = "(obj, fp, /, *, ensure_ascii=True, encode_html_chars=False, \
    escape_forward_slashes=True, sort_keys=False, indent=0, allow_nan=True, reject_bytes=True, \
    default=None, separators=None)")]
#[allow(clippy::too_many_arguments)]
fn dump<'ctx>(
    obj: &Handle<'ctx>,
    fp: &Handle<'ctx>,
    ensure_ascii: Truth,
    encode_html_chars: Truth,
    escape_forward_slashes: Truth,
    sort_keys: Truth,
    indent: i32,
    allow_nan: Truth,
    reject_bytes: Truth,
    default: Option<&Handle<'ctx>>,
    separators: Option<&Handle<'ctx>>,
) -> Result<()> {
    let write = method_of_file(fp, c"write")?;
    let text = dumps(
        obj,
        ensure_ascii,
        encode_html_chars,
        escape_forward_slashes,
        sort_keys,
        indent,
        allow_nan,
        reject_bytes,
        default,
        separators,
    )?;
    write.call1((text,)).map(drop)
}

/// Converts JSON as string to dict object structure.
#[hpy_method(signature = (obj))]
fn loads<'ctx>(obj: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    decode::from_object(obj)
}

/// Converts JSON as file to dict object structure.
#[hpy_method(signature = (fp, /))]
fn load<'ctx>(fp: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    decode::from_object(&method_of_file(fp, c"read")?.call0()?)
}

fn method_of_file<'ctx>(file: &Handle<'ctx>, name: &core::ffi::CStr) -> Result<Handle<'ctx>> {
    match file.getattr(name) {
        Ok(method) if method.is_callable() => Ok(method),
        _ => Err(TypeError::new("expected file")),
    }
}

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    let ctx = module.ctx();
    // Other names of the same functions.
    module.add("encode", module.getattr("dumps")?)?;
    module.add("decode", module.getattr("loads")?)?;
    module.add("JSONDecodeError", decode::error::make(ctx)?)?;
    encode::other::prepare(ctx)
}

hpy_module! {
    name: ujson,
    methods: [dumps, dump, loads, load],
    constants: {
        __version__: env!("CARGO_PKG_VERSION"),
    },
    globals: [decode::error::JSON_DECODE_ERROR, encode::other::DECIMAL],
    exec: fill,
    interpreters: many,
}
