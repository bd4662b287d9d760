//! Arrays of floats in one dimension, as numpy has them, in one screen per file. They are made of
//! lists and of memory, take part in arithmetic, and are seen by others without a copy.

mod array;
mod operand;

use array::{Array, Items};
use hpy::bail;
use hpy::exceptions::MemoryError;
use hpy::prelude::*;

/// An array of zeros.
#[hpy_method(signature = (size, /))]
fn zeros(size: usize) -> Result<Array> {
    let mut items = Vec::new();
    if items.try_reserve_exact(size).is_err() {
        bail!(MemoryError, "no memory for {size} floats");
    }
    items.resize(size, 0.0);
    Ok(Array::of(items))
}

hpy_module! {
    /// Arrays of floats in one dimension.
    name: piconumpy,
    types: [Array, Items],
    methods: [zeros],
}
