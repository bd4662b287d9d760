//! Text and bytes that outlive their call: see `test_texts.py`.

use crate::{joined, put, taken};
use hpy::prelude::*;
use hpy::{PersistentBytes, PersistentStr};
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::thread;

static TEXTS: Mutex<Vec<PersistentStr>> = Mutex::new(Vec::new());
static BYTES: Mutex<Vec<PersistentBytes>> = Mutex::new(Vec::new());

/// Whether it is no copy.
#[hpy_method]
pub fn keep_text(text: PersistentStr) -> bool {
    let borrowed = text.is_borrowed();
    put(&TEXTS, text);
    borrowed
}

/// The texts as they are seen by another thread, the GIL held or not.
#[hpy_method]
pub fn kept_texts(ctx: Context<'_>) -> Vec<String> {
    ctx.detach(|| {
        let texts = TEXTS
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        texts.iter().map(String::from).collect()
    })
}

/// The texts for Python.
#[hpy_method]
pub fn texts_back() -> Vec<PersistentStr> {
    let texts = TEXTS
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    texts.clone()
}

#[hpy_method]
pub fn drop_texts_on_a_thread() -> Result<()> {
    let (texts, bytes) = (taken(&TEXTS), taken(&BYTES));
    joined(thread::spawn(move || drop((texts, bytes))))
}

#[hpy_method]
pub fn keep_bytes(bytes: PersistentBytes) -> bool {
    let borrowed = bytes.is_borrowed();
    put(&BYTES, bytes);
    borrowed
}

#[hpy_method]
pub fn kept_bytes(ctx: Context<'_>) -> Vec<Vec<u8>> {
    ctx.detach(|| {
        let bytes = BYTES
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        bytes.iter().map(Vec::from).collect()
    })
}

#[hpy_method]
pub fn bytes_back() -> Vec<PersistentBytes> {
    let bytes = BYTES
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    bytes.clone()
}

/// As keys, and what is found by a `&str`.
#[hpy_method]
pub fn count_words(words: Vec<PersistentStr>, word: &str) -> (HashMap<PersistentStr, u32>, u32) {
    let mut counts = HashMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    let count = counts.get(word).copied().unwrap_or(0);
    (counts, count)
}

/// Sorted by the bytes, whatever they came from.
#[hpy_method]
pub fn sorted_bytes(bytes: Vec<PersistentBytes>) -> Vec<PersistentBytes> {
    let sorted: BTreeMap<_, _> = bytes.into_iter().map(|bytes| (bytes, ())).collect();
    sorted.into_keys().collect()
}

/// What traits say.
#[hpy_method]
pub fn compared(a: PersistentStr, b: PersistentStr) -> (bool, bool, String) {
    let copy = PersistentStr::from(&*a);
    assert!(copy == a && !copy.is_borrowed() && a == *copy.as_str() && a.as_ref() == &*copy);
    assert!(PersistentStr::default().is_empty() && PersistentBytes::default().is_empty());
    (a == b, a < b, format!("{a:>4}{b:?}"))
}
