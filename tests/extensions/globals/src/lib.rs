//! Objects kept in statics: declared by the module that uses them, or by none.

use hpy::State;
use hpy::ensure;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

static ANY: Global = Global::new();
static TEXT: Global<Str> = Global::new();
static FORGOTTEN: Global = Global::new();
static WORDS: State<Mutex<BTreeMap<String, u64>>> = State::new(|_| Ok(Mutex::default()));
/// Cannot be made before it is allowed.
static LATE: State<AtomicU64> = State::new(make_late);
static ALLOWED: AtomicBool = AtomicBool::new(false);

fn make_late(ctx: Context<'_>) -> Result<AtomicU64> {
    // What is made may come from Python code.
    let sum: u64 = ctx.eval("sum(range(10))", None, None)?.extract()?;
    ensure!(ALLOWED.load(Ordering::Relaxed), ValueError, "not yet");
    Ok(AtomicU64::new(sum))
}

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

/// Counts the word; all counts.
#[hpy_method]
fn count_word(ctx: Context<'_>, word: String) -> Result<BTreeMap<String, u64>> {
    let words = WORDS.get(ctx)?;
    let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
    *words.entry(word).or_default() += 1;
    Ok(words.clone())
}

#[hpy_method]
fn allow() {
    ALLOWED.store(true, Ordering::Relaxed);
}

#[hpy_method]
fn next_late(ctx: Context<'_>) -> Result<u64> {
    Ok(LATE.get(ctx)?.fetch_add(1, Ordering::Relaxed))
}

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    TEXT.store(&module.ctx().str("from exec")?)
}

hpy_module! {
    name: globals,
    methods: [
        store, load, clear, is_empty, swap, store_text, load_text, clear_text, store_forgotten,
        load_forgotten, clear_forgotten, count_word, allow, next_late,
    ],
    globals: [ANY, TEXT],
    exec: fill,
}
