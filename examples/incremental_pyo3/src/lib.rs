//! An extension with PyO3 that becomes one with hpy, one function at a time. Each step is a module
//! here, so that all of them stay tested.

mod bridge;
mod old;

use bridge::{add_all, with_bound};
use hpy::bail;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use old::Words;
use pyo3::PyRef;
use pyo3::prelude::PyAnyMethods;

/// The first step: what PyO3's module has is put into this one.
fn fill(module: &Handle<'_, Module>) -> Result<()> {
    add_all(module, |py| pyo3::wrap_pymodule!(old::words_old)(py))
}

/// How many words there are.
#[hpy_method]
fn count(words: &Handle<'_>) -> Result<usize> {
    with_bound(words, |words| {
        Ok(words.extract::<PyRef<Words>>()?.words.len())
    })
}

/// The longest word; ValueError if there is none.
#[hpy_method]
fn longest(words: &Handle<'_>) -> Result<String> {
    let longest = with_bound(words, |words| {
        let words: PyRef<Words> = words.extract()?;
        Ok(words.words.iter().max_by_key(|word| word.len()).cloned())
    })?;
    match longest {
        Some(longest) => Ok(longest),
        None => bail!(ValueError, "there are no words"),
    }
}

/// The same words in capitals, an object of PyO3's class.
#[hpy_method]
fn upper<'ctx>(words: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let upper = with_bound(words, |words| {
        let old: PyRef<Words> = words.extract()?;
        let upper = old.words.iter().map(|word| word.to_uppercase()).collect();
        pyo3::Py::new(words.py(), Words { words: upper })
    })?;
    // SAFETY: it is a new reference.
    unsafe {
        words
            .ctx()
            .handle_from_new_py_object(upper.into_ptr().cast())
    }
}

hpy_module! {
    /// The first step: all is with PyO3 still, and hpy makes the module.
    name: words_0,
    exec: fill,
    gil: used,
}

/// What has not moved yet.
fn fill_but_moved(module: &Handle<'_, Module>) -> Result<()> {
    add_all(module, |py| pyo3::wrap_pymodule!(old::words_left)(py))
}

hpy_module! {
    /// Functions have moved, and take and make objects of PyO3's class.
    name: incremental_pyo3,
    methods: [count, longest, upper],
    exec: fill_but_moved,
    gil: used,
}

hpy_module! {
    /// A step forgotten: `count` is in both halves.
    name: words_twice,
    methods: [count],
    exec: fill,
    gil: used,
}
