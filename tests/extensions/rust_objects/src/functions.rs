//! Functions that no module lists.

use hpy::prelude::*;
use hpy::types::Callable;

/// Doubles.
#[hpy_method]
fn double(number: f64) -> f64 {
    2.0 * number
}

/// Takes keywords.
#[hpy_method(keywords)]
fn joined(first: &str, second: &str) -> String {
    format!("{first}{second}")
}

#[hpy_method]
fn nothing() {}

#[hpy_method]
fn twice(first: i64, second: i64) -> i64 {
    first * second
}

/// Added at import, with none in the list.
#[hpy_method(name = "added")]
fn added_to_module(number: i64) -> i64 {
    number + 1
}

pub fn fill(module: &Handle<'_, Module>) -> Result<()> {
    module.add_function::<added_to_module>()?;
    module.add_function::<joined>()
}

/// `list(map(double, numbers))`
#[hpy_method]
pub fn map_double<'ctx>(ctx: Context<'ctx>, numbers: &Handle<'ctx>) -> Result<Handle<'ctx, List>> {
    let map = ctx.builtins().get_item("map")?;
    map.call1((ctx.function::<double>()?, numbers))?.to_list()
}

/// By its name.
#[hpy_method]
pub fn function_of<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Option<Handle<'ctx, Callable>>> {
    match name {
        "double" => ctx.function::<double>().map(Some),
        "joined" => ctx.function::<joined>().map(Some),
        "nothing" => ctx.function::<nothing>().map(Some),
        "twice" => ctx.function::<twice>().map(Some),
        _ => Ok(None),
    }
}

/// Whether the same function is the same object, and another is another.
#[hpy_method]
pub fn same_functions(ctx: Context<'_>) -> Result<(bool, bool)> {
    let (first, second) = (ctx.function::<double>()?, ctx.function::<double>()?);
    let other = ctx.function::<nothing>()?;
    Ok((first.is(&second), first.is(&other)))
}
