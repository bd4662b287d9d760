//! A function of every calling convention and shape of signature. Each returns its arguments as
//! they came: see `test_signatures.py`.

mod by_keyword;
mod classes;

use hpy::prelude::*;
use std::borrow::Cow;
use std::path::PathBuf;

type Object<'ctx> = Handle<'ctx>;

/// Takes nothing.
#[hpy_method]
fn noargs() -> &'static str {
    "noargs"
}

/// Takes nothing from Python.
#[hpy_method]
fn noargs_context<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    ctx.handle("noargs_context")
}

/// Takes one.
#[hpy_method]
fn one<'ctx>(x: &Object<'ctx>) -> Handle<'ctx> {
    x.dup()
}

/// Takes one, by a signature.
#[hpy_method(signature = (x, /))]
fn one_written<'ctx>(x: &Object<'ctx>) -> Handle<'ctx> {
    x.dup()
}

/// Takes two.
///
/// Neither by name.
#[hpy_method]
fn two<'ctx>(a: &Object<'ctx>, b: &Object<'ctx>) -> Result<Handle<'ctx>> {
    a.ctx().handle((a, b))
}

/// The context may stand anywhere.
#[hpy_method]
fn two_context<'ctx>(
    a: &Object<'ctx>,
    ctx: Context<'ctx>,
    b: &Object<'ctx>,
) -> Result<Handle<'ctx>> {
    ctx.handle((a, b))
}

#[hpy_method]
#[allow(clippy::too_many_arguments)]
fn eight(a: i64, b: i64, c: i64, d: i64, e: i64, f: i64, g: i64, h: i64) -> Vec<i64> {
    vec![a, b, c, d, e, f, g, h]
}

#[hpy_method(signature = (a, b = 2, c = 3, /))]
fn defaults<'ctx>(ctx: Context<'ctx>, a: i64, b: i64, c: i64) -> Result<Handle<'ctx>> {
    ctx.handle((a, b, c))
}

#[hpy_method(signature = (*args))]
fn rest<'ctx>(args: Handle<'ctx, Tuple>) -> Handle<'ctx, Tuple> {
    args
}

#[hpy_method(signature = (a, b = 2, /, *args))]
fn some_and_rest<'ctx>(
    ctx: Context<'ctx>,
    a: i64,
    b: i64,
    args: Args<'_, 'ctx>,
) -> Result<Handle<'ctx>> {
    let rest = ctx.list(args.iter())?;
    ctx.handle((a, b, rest))
}

#[hpy_method(signature = (*numbers))]
fn rest_of_numbers(numbers: Vec<f64>) -> f64 {
    numbers.iter().sum()
}

#[hpy_method(signature = (a, b))]
fn by_name<'ctx>(a: &Object<'ctx>, b: &Object<'ctx>) -> Result<Handle<'ctx>> {
    a.ctx().handle((a, b))
}

/// Names that can be misspelt.
#[hpy_method(signature = (hidden, /, colour = 0, *, background = 0))]
fn painted(hidden: i64, colour: i64, background: i64) -> i64 {
    hidden + colour + background
}

#[hpy_method(signature = (a, /, b))]
fn half_by_name<'ctx>(a: &Object<'ctx>, b: &Object<'ctx>) -> Result<Handle<'ctx>> {
    a.ctx().handle((a, b))
}

#[hpy_method(signature = (a = None))]
fn optional<'ctx>(ctx: Context<'ctx>, a: Option<&Object<'ctx>>) -> Result<Handle<'ctx>> {
    match a {
        Some(a) => ctx.handle(("given", a)),
        None => ctx.handle(("missing",)),
    }
}

#[hpy_method(signature = (a, b = 1, c = "x", *, d, e = None))]
fn mixed<'ctx>(
    a: &Object<'ctx>,
    b: i64,
    c: &str,
    d: &Object<'ctx>,
    e: Option<&Object<'ctx>>,
) -> Result<Handle<'ctx>> {
    a.ctx().handle((a, b, c, d, e))
}

#[hpy_method(signature = (*, a, b = 2, c))]
fn keyword_only<'ctx>(ctx: Context<'ctx>, a: i64, b: i64, c: i64) -> Result<Handle<'ctx>> {
    ctx.handle((a, b, c))
}

#[hpy_method(signature = (**kw))]
fn keywords<'ctx>(kw: &Handle<'ctx, Dict>) -> Handle<'ctx, Dict> {
    kw.dup()
}

#[hpy_method(signature = (a, /, **kw))]
fn one_and_keywords<'ctx>(a: &Object<'ctx>, kw: &Handle<'ctx, Dict>) -> Result<Handle<'ctx>> {
    a.ctx().handle((a, kw))
}

/// All that there is.
#[hpy_method(signature = (a, /, b, c = 3, *args, d, e = 5, **kw))]
#[allow(clippy::too_many_arguments)]
fn everything<'ctx>(
    ctx: Context<'ctx>,
    a: &Object<'ctx>,
    b: &Object<'ctx>,
    c: i64,
    args: &Handle<'ctx, Tuple>,
    d: &Object<'ctx>,
    e: i64,
    kw: &Handle<'ctx, Dict>,
) -> Result<Handle<'ctx>> {
    ctx.handle((a, b, c, args, d, e, kw))
}

/// The defaults as Python shows them.
#[hpy_method(signature = (a = -1, b = 2.5, c = "it's", d = true, e = None, f = 1 + 1))]
fn shown<'ctx>(
    ctx: Context<'ctx>,
    a: i64,
    b: f64,
    c: &str,
    d: bool,
    e: Option<i64>,
    f: i64,
) -> Result<Handle<'ctx>> {
    ctx.handle((a, b, c, d, e, f))
}

const LIMIT: i64 = 10;
const NO_LIMIT: Option<i64> = None;

/// Defaults of options, without `Some`.
#[hpy_method(signature = (a = "x", b = "y", c = "z", d = "p", e = b"b", f = None))]
fn optional_texts<'ctx>(
    ctx: Context<'ctx>,
    a: Option<String>,
    b: Option<&str>,
    c: Option<Handle<'ctx, Str>>,
    d: Option<Handle<'ctx>>,
    e: Option<&[u8]>,
    f: Option<String>,
) -> Result<Handle<'ctx>> {
    ctx.handle((a, b, c, d, e.map(<[u8]>::to_vec), f))
}

/// The same of numbers, and by name.
#[hpy_method(signature = (a = 1, b = -1.5, c = true, d = LIMIT, e = NO_LIMIT, f = Some(2)))]
fn optional_numbers<'ctx>(
    ctx: Context<'ctx>,
    a: Option<u8>,
    b: Option<f64>,
    c: Option<bool>,
    d: Option<i64>,
    e: Option<i64>,
    f: Option<i64>,
) -> Result<Handle<'ctx>> {
    ctx.handle((a, b, c, d, e, f))
}

/// Texts that the parameter owns.
#[hpy_method(signature = (a = "a", b = "b", c = "c", d = "d", e = "e"))]
fn owned_texts<'ctx>(
    ctx: Context<'ctx>,
    a: String,
    b: Cow<'_, str>,
    c: Handle<'ctx, Str>,
    d: Handle<'ctx>,
    e: PathBuf,
) -> Result<Handle<'ctx>> {
    ctx.handle((a, b, c, d, e.display().to_string()))
}

/// Rust has no function of this name.
#[hpy_method(name = "type")]
fn type_<'ctx>(object: &Object<'ctx>) -> Handle<'ctx, Type> {
    object.type_()
}

/// A raw identifier is Python's plain one.
#[hpy_method(signature = (r#type, r#match = 0))]
fn raw_names<'ctx>(r#type: &Object<'ctx>, r#match: i64) -> Result<Handle<'ctx>> {
    r#type.ctx().handle((r#type, r#match))
}

/// The module itself.
#[hpy_method(pass_module)]
fn its_module<'ctx>(module: &Handle<'ctx, Module>) -> Handle<'ctx, Module> {
    module.dup()
}

#[hpy_method(pass_module, signature = (*, name))]
fn from_module<'ctx>(module: &Handle<'ctx, Module>, name: &str) -> Result<Handle<'ctx>> {
    module.getattr(name)
}

#[hpy_method]
fn undocumented(_x: i64) {}

hpy_module! {
    name: signatures,
    methods: [
        noargs, noargs_context, one, one_written, two, two_context, eight, defaults, rest,
        some_and_rest, rest_of_numbers, by_name, half_by_name, optional, mixed, keyword_only,
        keywords, one_and_keywords, everything, shown, optional_texts,
        optional_numbers, owned_texts, type_, raw_names, its_module, from_module,
        undocumented, painted,
        by_keyword::functions::pair, by_keyword::functions::single,
        by_keyword::functions::options, by_keyword::functions::written,
        by_keyword::functions::nothing, by_keyword::functions::of_module,
        by_keyword::alone, by_keyword::positional, by_keyword::sequence,
    ],
    types: [
        classes::ThingPy, by_keyword::functions::Inner, by_keyword::Vector, by_keyword::Partly,
    ],
}
