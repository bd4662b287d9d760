//! Iterators.

use hpy::RustIterator;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use hpy::types::PyIterator;
use std::sync::atomic::{AtomicU64, Ordering};

#[hpy_method]
pub fn squares(count: u64) -> RustIterator<u64> {
    RustIterator::new((0..count).map(|number| number * number))
}

#[hpy_method]
pub fn words<'ctx>(ctx: Context<'ctx>, text: String) -> Result<Handle<'ctx, PyIterator>> {
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    ctx.iterator(words)
}

/// An error for each odd number.
#[hpy_method]
pub fn results(count: u64) -> Result<RustIterator<Result<u64>>> {
    Ok(RustIterator::new((0..count).map(|number| {
        match number % 2 {
            0 => Ok(number),
            _ => Err(ValueError::new(format!("{number} is odd"))),
        }
    })))
}

#[hpy_method]
pub fn unknown_length(count: u64) -> RustIterator<u64> {
    RustIterator::new((0..count).filter(|number| number % 2 == 0))
}

/// Panics at the second item.
#[hpy_method]
pub fn panics() -> RustIterator<u64> {
    RustIterator::new((0..5u64).inspect(|number| assert!(*number < 1, "no second item")))
}

#[hpy_method]
pub fn endless() -> RustIterator<Option<&'static str>> {
    RustIterator::new(std::iter::repeat(Some("again")))
}

/// As many as there are numbers: more than Python takes for a length.
#[hpy_method]
pub fn huge() -> RustIterator<usize> {
    RustIterator::new(0..usize::MAX)
}

/// Each item calls the function, which may ask for the next one.
#[hpy_method]
pub fn reentrant(function: Persistent) -> RustIterator<Result<String>> {
    RustIterator::new((0..3).map(move |number| {
        hpy::attach(|ctx| {
            let text = function.get(ctx)?.call1((number,))?.str()?.to_string();
            Ok(text)
        })
        .unwrap_or_else(Err)
    }))
}

/// Items that are made into objects by code that runs Python.
pub struct Lent(Persistent);

impl<'ctx> IntoHandle<'ctx> for Lent {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.0.get(ctx)?.call0()
    }
}

/// What a function returns, again and again.
#[hpy_method]
pub fn lends(function: &Handle<'_>) -> Result<RustIterator<Lent>> {
    let lent = |_| Ok(Lent(Persistent::new(function)?));
    let functions: Result<Vec<Lent>> = (0..3).map(lent).collect();
    Ok(RustIterator::new(functions?))
}

/// The items of any iterable, as numbers, as long as they are some.
#[hpy_method]
pub fn numbers_of(iterable: &Handle<'_>) -> Result<RustIterator<f64>> {
    let numbers: Result<Vec<f64>> = iterable.iter()?.map(|item| item?.extract()).collect();
    Ok(RustIterator::new(numbers?))
}

/// A Python iterator that Rust has begun.
#[hpy_method]
pub fn after_first<'ctx>(iterable: &Handle<'ctx>) -> Result<hpy::Iter<'ctx>> {
    let mut items = iterable.iter()?;
    items.next().transpose()?;
    Ok(items)
}

/// An iterator of its own class, whose `__iter__` returns nothing: that is the object itself.
#[hpy_type]
pub struct Countdown {
    left: u64,
}

#[hpy_methods(keywords)]
impl Countdown {
    #[new]
    fn new(left: u64) -> Self {
        Countdown { left }
    }

    fn __iter__(&self) {}

    fn __next__(&mut self) -> Option<u64> {
        self.left = self.left.checked_sub(1)?;
        Some(self.left)
    }
}

static DROPPED: AtomicU64 = AtomicU64::new(0);

struct Counted(u64);

impl Iterator for Counted {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.0)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// How many of the bags' iterators are gone.
#[hpy_method]
pub fn dropped_iterators() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// What can be iterated, by a new iterator each time.
#[hpy_type]
pub struct Bag {
    count: u64,
}

#[hpy_methods]
impl Bag {
    #[new]
    fn new(count: u64) -> Self {
        Bag { count }
    }

    fn __iter__(&self) -> RustIterator<u64> {
        RustIterator::new(Counted(self.count))
    }
}
