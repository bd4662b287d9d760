//! Arrow's arrays and tables, from Python and to it.

use hpy::arrow::arrow_array::builder::StringBuilder;
use hpy::arrow::arrow_array::types::Int32Type;
use hpy::arrow::arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, RecordBatch,
    RecordBatchIterator, StringArray, StringViewArray, StructArray,
};
use hpy::arrow::arrow_data::ArrayData;
use hpy::arrow::arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use hpy::arrow::{BatchReader, ChunkedArray, PyArrow, Table, Unvalidated, array_as};
use hpy::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

macro_rules! echoes {
    ($($name:ident: $type:ty;)*) => {$(
        #[hpy_method]
        fn $name(value: $type) -> $type {
            value
        }
    )*};
}

echoes! {
    echo_array: ArrayRef;
    echo_data: ArrayData;
    echo_floats: Float64Array;
    echo_bools: BooleanArray;
    echo_texts: StringArray;
    echo_struct: StructArray;
    echo_batch: RecordBatch;
    echo_table: Table;
    echo_column: ChunkedArray;
    echo_stream: BatchReader;
    echo_schema: Schema;
    echo_field: Field;
    echo_type: DataType;
}

#[hpy_method]
fn sum(values: Float64Array) -> f64 {
    values.iter().flatten().sum()
}

#[hpy_method]
fn texts(values: StringArray) -> Vec<Option<String>> {
    values.iter().map(|text| text.map(str::to_owned)).collect()
}

#[hpy_method]
fn view_texts(values: StringViewArray) -> Vec<Option<String>> {
    values.iter().map(|text| text.map(str::to_owned)).collect()
}

/// All of an array, as Rust shows it.
#[hpy_method]
fn show(array: ArrayRef) -> (String, usize, usize, String) {
    let shown = format!("{array:?}");
    (
        array.data_type().to_string(),
        array.len(),
        array.null_count(),
        shown,
    )
}

/// Where the first buffer lies.
#[hpy_method]
fn address(array: ArrayData) -> usize {
    array
        .buffers()
        .first()
        .map_or(0, |buffer| buffer.as_ptr().addr())
}

#[hpy_method]
fn as_type<'ctx>(array: &Handle<'ctx>, data_type: DataType) -> Result<ArrayRef> {
    array_as(array, &data_type)
}

#[hpy_method]
fn unvalidated(array: Unvalidated) -> (String, String) {
    let field = array.field();
    (field.name().clone(), field.data_type().to_string())
}

#[hpy_method]
fn numbers(count: i64) -> Int64Array {
    (0..count).collect()
}

/// Each third is null.
#[hpy_method]
fn words(count: usize) -> StringArray {
    let mut words = StringBuilder::new();
    for index in 0..count {
        words.append_option((index % 3 != 2).then(|| format!("word {index}")));
    }
    words.finish()
}

#[hpy_method]
fn dictionary() -> ArrayRef {
    Arc::new(DictionaryArray::<Int32Type>::from_iter(["a", "b", "a"]))
}

#[hpy_method]
fn int8_type() -> DataType {
    DataType::Int8
}

fn numbered(first: i64, rows: i64) -> RecordBatch {
    let numbers: Int64Array = (first..first + rows).collect();
    let texts: StringArray = (first..first + rows)
        .map(|n| Some(format!("t{n}")))
        .collect();
    RecordBatch::try_new(schema(), vec![Arc::new(numbers), Arc::new(texts)]).unwrap()
}

fn schema() -> SchemaRef {
    let number = Field::new("number", DataType::Int64, false);
    let text = Field::new("text", DataType::Utf8, true);
    let metadata = HashMap::from([("made".to_owned(), "in Rust".to_owned())]);
    Arc::new(Schema::new_with_metadata(vec![number, text], metadata))
}

#[hpy_method]
fn batch(rows: i64) -> RecordBatch {
    numbered(0, rows)
}

#[hpy_method]
fn table(batches: i64, rows: i64) -> Result<Table> {
    Table::new(
        schema(),
        (0..batches)
            .map(|index| numbered(index * rows, rows))
            .collect(),
    )
}

/// So many batches of two rows, which are made when they are asked for. At the one that is named
/// there is an error, or a panic.
#[hpy_method(signature = (batches, fails=None, panics=None))]
fn lazily(batches: i64, fails: Option<i64>, panics: Option<i64>) -> BatchReader {
    let each = (0..batches).map(move |index| {
        assert!(Some(index) != panics, "no batch {index}");
        if Some(index) == fails {
            // The text has a NUL, which no C string has.
            return Err(ArrowError::ComputeError(format!("failed\0 at {index}")));
        }
        MADE.fetch_add(1, Ordering::Relaxed);
        Ok(numbered(2 * index, 2))
    });
    BatchReader::new(RecordBatchIterator::new(each, schema()))
}

static MADE: AtomicUsize = AtomicUsize::new(0);

#[hpy_method]
fn batches_made() -> usize {
    MADE.load(Ordering::Relaxed)
}

/// The rows of the batches that come before the limit.
#[hpy_method]
fn count_rows(ctx: Context<'_>, batches: BatchReader, limit: usize) -> Result<usize> {
    ctx.detach(move || {
        let mut rows = 0;
        for batch in batches.take(limit) {
            rows += batch?.num_rows();
        }
        Ok(rows)
    })
}

static KEPT: Mutex<Vec<ArrayRef>> = Mutex::new(Vec::new());

fn kept() -> std::sync::MutexGuard<'static, Vec<ArrayRef>> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

#[hpy_method]
fn keep(array: ArrayRef) {
    kept().push(array);
}

/// Drops what was kept, on a thread that Python does not know.
#[hpy_method]
fn drop_kept_on_a_thread(ctx: Context<'_>) -> usize {
    let kept = std::mem::take(&mut *kept());
    ctx.detach(move || {
        let dropped = std::thread::spawn(move || kept.into_iter().map(drop).count());
        dropped.join().unwrap_or_default()
    })
}

/// Consumes an argument and fails afterwards.
#[hpy_method]
fn fail_after(array: ArrayRef, other: i32) -> usize {
    array.len() + other as usize
}

#[hpy_method]
fn batch_of_pyarrow(batch: RecordBatch) -> PyArrow<RecordBatch> {
    PyArrow(batch)
}

#[hpy_method]
fn table_of_pyarrow(table: Table) -> PyArrow<Table> {
    PyArrow(table)
}

#[hpy_method]
fn array_of_pyarrow(array: ArrayRef) -> PyArrow<ArrayRef> {
    PyArrow(array)
}

#[hpy_method]
fn column_of_pyarrow(column: ChunkedArray) -> PyArrow<ChunkedArray> {
    PyArrow(column)
}

#[hpy_method]
fn reader_of_pyarrow(batches: BatchReader) -> PyArrow<BatchReader> {
    PyArrow(batches)
}

#[hpy_method]
fn types_of_pyarrow(schema: Schema) -> (PyArrow<Schema>, PyArrow<Field>, PyArrow<DataType>) {
    let field = schema.field(0).clone();
    let data_type = field.data_type().clone();
    (PyArrow(schema), PyArrow(field), PyArrow(data_type))
}

hpy_module! {
    name: arrow_data,
    methods: [
        echo_array, echo_data, echo_floats, echo_bools, echo_texts, echo_struct, echo_batch,
        echo_table, echo_column, echo_stream, echo_schema, echo_field, echo_type,
        sum, texts, view_texts, show, address, as_type, unvalidated, numbers, words,
        dictionary, int8_type, batch, table, lazily, batches_made, count_rows, keep,
        drop_kept_on_a_thread, fail_after,
        batch_of_pyarrow, table_of_pyarrow, array_of_pyarrow, column_of_pyarrow,
        reader_of_pyarrow, types_of_pyarrow,
    ],
}
