//! Arrow's and numpy's arrays, with hpy.

use hpy::arrow::arrow_array::{Array, ArrayRef, Int64Array, RecordBatch};
use hpy::arrow::{Table, Unvalidated};
use hpy::numpy::ArrayView;
use hpy::prelude::*;

#[hpy_method]
fn array(array: ArrayRef) -> usize {
    array.len()
}

/// As pyo3-arrow takes it: nothing is checked.
#[hpy_method]
fn unvalidated(array: Unvalidated) -> usize {
    // SAFETY: the benchmark's arrays are pyarrow's.
    unsafe { array.assume_valid() }.len()
}

#[hpy_method]
fn batch(batch: RecordBatch) -> usize {
    batch.num_rows()
}

#[hpy_method]
fn table(table: Table) -> usize {
    table.num_rows()
}

#[hpy_method]
fn make() -> Int64Array {
    (0..3).collect()
}

#[hpy_method]
fn view(array: ArrayView<'_, f64, 2>) -> usize {
    array.len()
}

hpy_module! {
    name: arrays_hpy,
    methods: [array, unvalidated, batch, table, make, view],
}
