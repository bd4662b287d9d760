//! What data consists of, told apart, read and made: see `test_plain_data.py`.

use hpy::prelude::*;
use hpy::types::Kind;
use std::ffi::CString;

/// The name of the object's kind, and what the typed handle says of its value.
#[hpy_method]
fn kind<'ctx>(object: &Handle<'ctx>) -> Result<(&'static str, Handle<'ctx>)> {
    let ctx = object.ctx();
    Ok(match object.kind() {
        Kind::None => ("None", ctx.none().into_object()),
        Kind::Bool(truth) => ("bool", ctx.handle(truth)?),
        Kind::Int(int) => ("int", int.add(0)?),
        Kind::Float(float) => ("float", ctx.handle(float.value())?),
        Kind::Str(text) => ("str", ctx.handle(text.to_str()?)?),
        Kind::Bytes(bytes) => ("bytes", ctx.handle(bytes.as_bytes())?),
        Kind::List(list) => ("list", ctx.handle(list.len())?),
        Kind::Tuple(tuple) => ("tuple", ctx.handle(tuple.len())?),
        Kind::Dict(dict) => ("dict", dict.keys()?.into_object()),
        _ => ("other", object.dup()),
    })
}

#[hpy_method]
fn encode<'ctx>(
    text: &Handle<'ctx, Str>,
    encoding: &str,
    errors: &str,
) -> Result<Handle<'ctx, Bytes>> {
    text.encode(encoding, errors)
}

#[hpy_method]
fn decode<'ctx>(
    bytes: &Handle<'ctx, Bytes>,
    encoding: &str,
    errors: &str,
) -> Result<Handle<'ctx, Str>> {
    bytes.decode(&CString::new(encoding)?, &CString::new(errors)?)
}

#[hpy_method]
fn of_code_points(ctx: Context<'_>, points: Vec<u32>) -> Result<Handle<'_, Str>> {
    ctx.str_from_code_points(&points)
}

hpy_module! {
    name: plain_data,
    methods: [kind, encode, decode, of_code_points],
}
