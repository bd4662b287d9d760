//! The rows of the benchmark with hpy, as a user would write them.

use hpy::exceptions::OverflowError;
use hpy::prelude::*;
use hpy::types::Sequence;

/// Nothing.
#[hpy_method]
fn noargs() {}

/// The argument.
#[hpy_method]
fn identity<'ctx>(x: &Handle<'ctx>) -> Handle<'ctx> {
    x.dup()
}

/// a + b.
#[hpy_method]
fn add<'ctx>(a: &Handle<'ctx>, b: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    a.add(b)
}

/// The sum of two integers of 64 bits.
#[hpy_method]
fn add_ints(a: i64, b: i64) -> Result<i64> {
    a.checked_add(b)
        .ok_or_else(|| OverflowError::new("the sum does not fit 64 bits"))
}

/// a + b + c.
#[hpy_method(signature = (a, b = 10, *, c = 20))]
fn keywords(a: i64, b: i64, c: i64) -> i64 {
    a.wrapping_add(b).wrapping_add(c)
}

/// The number of bytes in UTF-8.
#[hpy_method]
fn str_len(text: &str) -> usize {
    text.len()
}

/// A text.
#[hpy_method]
fn str_made() -> &'static str {
    "a text of some thirty letters"
}

/// The sum of a list of integers.
#[hpy_method]
fn list_sum(items: &Handle<'_, List>) -> Result<i64> {
    let mut sum = 0i64;
    for item in items.iter() {
        sum = sum.wrapping_add(item.extract()?);
    }
    Ok(sum)
}

/// The sum of a sequence of integers.
#[hpy_method]
fn sequence_sum(items: &Handle<'_, Sequence>) -> Result<i64> {
    let mut sum = 0i64;
    for index in 0..items.len()? {
        sum = sum.wrapping_add(items.get_item(index)?.extract()?);
    }
    Ok(sum)
}

/// x.real, by a name that is kept.
#[hpy_method]
fn attribute<'ctx>(x: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    x.getattr(hpy::intern!("real"))
}

/// A dict of so many ints.
#[hpy_method]
fn dict_made<'ctx>(ctx: Context<'ctx>, count: i64) -> Result<Handle<'ctx, Dict>> {
    let dict = ctx.dict()?;
    for key in 0..count {
        dict.set_item(key, key + 1000)?;
    }
    Ok(dict)
}

/// function(x).
#[hpy_method]
fn call_back<'ctx>(function: &Handle<'ctx>, x: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function.call1((x,))
}

hpy_module! {
    /// The rows of the benchmark.
    name: rows,
    methods: [
        noargs, identity, add, add_ints, keywords, str_len, str_made, list_sum, sequence_sum,
        attribute, dict_made, call_back,
    ],
}
