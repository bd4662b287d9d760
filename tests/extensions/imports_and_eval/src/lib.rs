//! Imports and source text from Rust: see `test_imports_and_eval.py`.

use hpy::CompileMode;
use hpy::exceptions::{LookupError, ValueError};
use hpy::prelude::*;
use hpy::types::Code;

static ORDERED_DICT: Imported<Type> = Imported::new("collections", "OrderedDict");
static JOIN: Imported = Imported::new("os.path", "join");
static MISSING: Imported = Imported::new("imported_later", "answer");
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

#[hpy_method]
fn module_from_code<'ctx>(
    ctx: Context<'ctx>,
    source: &str,
    filename: &str,
    name: &str,
) -> Result<Handle<'ctx, Module>> {
    ctx.module_from_code(source, filename, name)
}

hpy_module! {
    name: imports_and_eval,
    methods: [
        import_from, imported, once, kept, eval, run, compile, eval_code, module_from_code,
    ],
}
