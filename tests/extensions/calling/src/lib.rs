//! Imports, calls by macro, and source text: see `test_calling.py`.

use hpy::CompileMode;
use hpy::exceptions::{LookupError, ValueError};
use hpy::prelude::*;
use hpy::types::Code;

static ORDERED_DICT: Imported<Type> = Imported::new("collections", "OrderedDict");
static JOIN: Imported = Imported::new("os.path", "join");
static MISSING: Imported = Imported::new("calling_later", "answer");
static NOT_A_TYPE: Imported<Type> = Imported::new("os", "sep");

#[hpy_method]
fn import_from<'ctx>(ctx: Context<'ctx>, module: &str, name: &str) -> Result<Handle<'ctx>> {
    ctx.import_from(module, name)
}

/// Each of the statics above.
#[hpy_method]
fn imported<'ctx>(ctx: Context<'ctx>, which: &str) -> Result<Handle<'ctx>> {
    match which {
        "OrderedDict" => ORDERED_DICT.get(ctx).map(Handle::into_object),
        "join" => JOIN.get(ctx),
        "later" => MISSING.get(ctx),
        "sep" => NOT_A_TYPE.get(ctx).map(Handle::into_object),
        _ => Err(LookupError::new("no such static")),
    }
}

static ONCE: Cached = Cached::new();

/// What `make` returned when it was called first.
#[hpy_method]
fn once<'ctx>(ctx: Context<'ctx>, make: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    ONCE.get_or_init(ctx, || make.call0())
}

/// What `once` has kept, if anything.
#[hpy_method]
fn kept<'ctx>(ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
    ONCE.get(ctx)
}

/// The function's results for arguments in every form.
#[hpy_method]
fn call_in_every_form<'ctx>(function: &Handle<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    let (one, text) = (1, String::from("two"));
    Ok(vec![
        call!(function)?,
        call!(function,)?,
        call!(function, one)?,
        call!(function, one, &text,)?,
        call!(function, key = one)?,
        call!(function, one, text, a = 1.5, b = [1, 2], type = (), r#fn = one == 1,)?,
        call!(function, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, l = 12)?,
    ])
}

/// The same for a method of the name `method`.
#[hpy_method]
fn call_method_in_every_form<'ctx>(object: &Handle<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    Ok(vec![
        call_method!(object, "method")?,
        call_method!(object, "method", 1)?,
        call_method!(object, "method", 1, "two",)?,
        call_method!(object, "method", key = 1)?,
        call_method!(object, "method", 1, key = 1, other = object)?,
    ])
}

/// A list sorted by the macros, from handles of known types.
#[hpy_method]
fn sorted_words<'ctx>(ctx: Context<'ctx>, text: &Handle<'ctx, Str>) -> Result<Handle<'ctx>> {
    let words = call_method!(text, "split", maxsplit = 3)?.downcast_into::<List>()?;
    call_method!(words, "sort", reverse = true, key = ctx.none())?;
    call!(ctx.import_from("builtins", "list")?, words)
}

#[hpy_method(signature = (code, globals = None, locals = None))]
fn eval<'ctx>(
    ctx: Context<'ctx>,
    code: &str,
    globals: Option<&Handle<'ctx, Dict>>,
    locals: Option<&Handle<'ctx>>,
) -> Result<Handle<'ctx>> {
    ctx.eval(code, globals, locals)
}

#[hpy_method(signature = (code, globals = None, locals = None))]
fn run<'ctx>(
    ctx: Context<'ctx>,
    code: &str,
    globals: Option<&Handle<'ctx, Dict>>,
    locals: Option<&Handle<'ctx>>,
) -> Result<()> {
    ctx.run(code, globals, locals)
}

#[hpy_method]
fn compile<'ctx>(
    ctx: Context<'ctx>,
    source: &str,
    filename: &str,
    mode: &str,
) -> Result<Handle<'ctx, Code>> {
    let mode = match mode {
        "eval" => CompileMode::Eval,
        "exec" => CompileMode::Exec,
        "single" => CompileMode::Single,
        _ => return Err(ValueError::new("no such mode")),
    };
    ctx.compile(source, filename, mode)
}

#[hpy_method(signature = (code, globals = None, locals = None))]
fn eval_code<'ctx>(
    code: &Handle<'ctx, Code>,
    globals: Option<&Handle<'ctx, Dict>>,
    locals: Option<&Handle<'ctx>>,
) -> Result<Handle<'ctx>> {
    code.eval(globals, locals)
}

hpy_module! {
    name: calling,
    methods: [
        import_from, imported, once, kept, call_in_every_form, call_method_in_every_form,
        sorted_words, eval, run, compile, eval_code,
    ],
}
