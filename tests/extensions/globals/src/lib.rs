//! Objects kept in statics: declared by the module that uses them, or by none.

use hpy::prelude::*;

static ANY: Global = Global::new();
static TEXT: Global<Str> = Global::new();
static FORGOTTEN: Global = Global::new();

#[hpy_method]
fn store(object: &Handle<'_>) -> Result<()> {
    ANY.store(object)
}

#[hpy_method]
fn load<'ctx>(ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
    ANY.load(ctx)
}

#[hpy_method]
fn clear(ctx: Context<'_>) -> Result<()> {
    ANY.clear(ctx)
}

#[hpy_method]
fn is_empty(ctx: Context<'_>) -> Result<bool> {
    Ok(ANY.load(ctx)?.is_none())
}

/// Puts the object in, and gives what was there.
#[hpy_method]
fn swap<'ctx>(object: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    let before = ANY.load(object.ctx())?;
    ANY.store(object)?;
    Ok(before)
}

#[hpy_method]
fn store_text(text: &Handle<'_, Str>) -> Result<()> {
    TEXT.store(text)
}

/// The text in upper case: a global of a type has the type's methods.
#[hpy_method]
fn load_text(ctx: Context<'_>) -> Result<Option<String>> {
    match TEXT.load(ctx)? {
        Some(text) => Ok(Some(text.to_str()?.to_uppercase())),
        None => Ok(None),
    }
}

#[hpy_method]
fn clear_text(ctx: Context<'_>) -> Result<()> {
    TEXT.clear(ctx)
}

#[hpy_method]
fn store_forgotten(object: &Handle<'_>) -> Result<()> {
    FORGOTTEN.store(object)
}

#[hpy_method]
fn load_forgotten<'ctx>(ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
    FORGOTTEN.load(ctx)
}

#[hpy_method]
fn clear_forgotten(ctx: Context<'_>) -> Result<()> {
    FORGOTTEN.clear(ctx)
}

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    TEXT.store(&module.ctx().str("from exec")?)
}

hpy_module! {
    name: globals,
    methods: [
        store, load, clear, is_empty, swap, store_text, load_text, clear_text, store_forgotten,
        load_forgotten, clear_forgotten,
    ],
    globals: [ANY, TEXT],
    exec: fill,
}
