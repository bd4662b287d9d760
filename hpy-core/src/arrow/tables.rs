//! Record batches, tables, columns in several pieces, and streams of batches.

use super::arrays::{schema_of, struct_of};
use super::check;
use super::import;
use super::objects;
use super::stream::Chunks;
use crate::exceptions::ValueError;
use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Result};
use arrow_array::{Array, ArrayRef, RecordBatch, RecordBatchReader, StructArray, make_array};
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, FieldRef, SchemaRef};
use core::fmt;
use std::sync::Arc;

/// Batches of one schema: what pyarrow calls a `Table`, and polars a `DataFrame`.
///
/// As a parameter it takes any object with `__arrow_c_stream__`, and reads all of it, without
/// copying; a record batch is a table too. As a result it is an object that every library with
/// Arrow's interface takes: `pyarrow.table(result)`, `polars.DataFrame(result)`.
///
/// ```
/// use hpy::arrow::Table;
/// use hpy::prelude::*;
///
/// /// The first batches, and no more than so many rows.
/// #[hpy_method]
/// fn head(table: Table, rows: usize) -> Result<Table> {
///     let (schema, mut batches) = table.into_parts();
///     let mut left = rows;
///     for batch in &mut batches {
///         *batch = batch.slice(0, left.min(batch.num_rows()));
///         left -= batch.num_rows();
///     }
///     Table::new(schema, batches)
/// }
/// # fn main() {}
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Table {
    /// A table of these batches.
    ///
    /// # Errors
    /// ValueError where a batch has other columns than the schema.
    pub fn new(schema: SchemaRef, batches: Vec<RecordBatch>) -> Result<Self> {
        for batch in &batches {
            let own = batch.schema_ref();
            if !Arc::ptr_eq(own, &schema) && own.fields() != schema.fields() {
                return Err(ValueError::new("a batch has other columns than the table"));
            }
        }
        Ok(Self { schema, batches })
    }

    /// Names, types and metadata of the columns.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The batches, one after the other.
    #[must_use]
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// The rows of all batches.
    #[must_use]
    pub fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Schema and batches.
    #[must_use]
    pub fn into_parts(self) -> (SchemaRef, Vec<RecordBatch>) {
        (self.schema, self.batches)
    }
}

impl From<RecordBatch> for Table {
    fn from(batch: RecordBatch) -> Self {
        Self {
            schema: batch.schema(),
            batches: vec![batch],
        }
    }
}

/// A column in several pieces: what pyarrow calls a `ChunkedArray`, and polars a `Series`.
///
/// As a parameter it takes a column or an array. It knows the column's [`field`](Self::field), with
/// the name and the metadata that say of which extension type it is.
#[derive(Debug, Clone)]
pub struct ChunkedArray {
    field: FieldRef,
    chunks: Vec<ArrayRef>,
}

impl ChunkedArray {
    /// A column of these arrays.
    ///
    /// # Errors
    /// ValueError where an array has another type.
    pub fn new(field: impl Into<FieldRef>, chunks: Vec<ArrayRef>) -> Result<Self> {
        let field = field.into();
        match chunks
            .iter()
            .all(|chunk| chunk.data_type() == field.data_type())
        {
            true => Ok(Self { field, chunks }),
            false => Err(ValueError::new("an array has another type than the column")),
        }
    }

    /// Name, type and metadata.
    #[must_use]
    pub fn field(&self) -> &FieldRef {
        &self.field
    }

    /// The pieces.
    #[must_use]
    pub fn chunks(&self) -> &[ArrayRef] {
        &self.chunks
    }

    /// The items of all pieces.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Field and pieces.
    #[must_use]
    pub fn into_parts(self) -> (FieldRef, Vec<ArrayRef>) {
        (self.field, self.chunks)
    }
}

/// Batches that are computed or fetched one after the other, in either direction: pyarrow's
/// `RecordBatchReader`.
///
/// As a parameter it takes any object with `__arrow_c_stream__`, of which nothing is read yet. It
/// is an iterator, and may go to another thread. The producer may wait for other Python threads,
/// or be one: iterate while the thread is detached.
///
/// As a result it is an object whose batches are asked for when somebody reads it, once.
///
/// ```
/// use hpy::arrow::BatchReader;
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn count_rows(ctx: Context<'_>, batches: BatchReader) -> Result<usize> {
///     ctx.detach(move || {
///         let mut rows = 0;
///         for batch in batches {
///             rows += batch?.num_rows();
///         }
///         Ok(rows)
///     })
/// }
/// # fn main() {}
/// ```
pub struct BatchReader(Box<dyn RecordBatchReader + Send>);

impl BatchReader {
    /// Of a reader in Rust: a file's, say, or `arrow_array::RecordBatchIterator`.
    ///
    /// Whoever reads it in Python calls it on any thread. What panics ends the stream with an
    /// error.
    pub fn new(reader: impl RecordBatchReader + Send + 'static) -> Self {
        Self(Box::new(reader))
    }
}

impl Iterator for BatchReader {
    type Item = core::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl RecordBatchReader for BatchReader {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }
}

impl fmt::Debug for BatchReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BatchReader")
    }
}

/// The batches of somebody else's stream.
struct Read {
    chunks: Chunks,
    schema: SchemaRef,
}

impl Iterator for Read {
    type Item = core::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.chunks.next_unvalidated();
        let batch = batch.and_then(|array| match array {
            Some(array) => Ok(Some(batch_of(array.into_parts()?.1, &self.schema)?)),
            None => Ok(None),
        });
        batch.transpose()
    }
}

impl RecordBatchReader for Read {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

/// A record batch comes as an array of structs.
fn batch_of(data: ArrayData, schema: &SchemaRef) -> check::Result<RecordBatch> {
    let array = StructArray::from(data);
    if array.null_count() != 0 {
        let why = "an array of structs with nulls is no record batch: take a StructArray";
        return Err(ArrowError::InvalidArgumentError(why.to_owned()));
    }
    let batch = RecordBatch::from(array);
    batch.with_schema(schema.clone())
}

fn structs_of(batch: &RecordBatch) -> ArrayData {
    StructArray::from(batch.clone()).into()
}

/// From a record batch, an array of structs, or a table in one piece.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for RecordBatch {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let (field, data) = import::single(handle, None)?.into_parts()?;
        Ok(batch_of(data, &Arc::new(schema_of(&field)?))?)
    }
}

/// An `ArrowArray`, which pyarrow and polars take for a record batch or a table.
impl<'ctx> IntoHandle<'ctx> for RecordBatch {
    const ANNOTATION: Annotation = objects::ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let field = struct_of(self.schema_ref());
        objects::array(ctx, Arc::new(field), StructArray::from(self).into())
    }
}

/// From a table, or a record batch.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Table {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let schema = |field: FieldRef| Ok(Arc::new(schema_of(&field)?));
        let (schema, batches) = import::chunks(handle, "an Arrow table", schema, batch_of)?;
        Ok(Self { schema, batches })
    }
}

/// An `ArrowStream`, which may be read any number of times.
impl<'ctx> IntoHandle<'ctx> for Table {
    const ANNOTATION: Annotation = objects::ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let arrays = self.batches.iter().map(structs_of).collect();
        objects::kept_stream(ctx, Arc::new(struct_of(&self.schema)), arrays)
    }
}

/// From a column, or an array.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for ChunkedArray {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let made = |data, _: &_| Ok(make_array(data));
        let (field, chunks) = import::chunks(handle, "an Arrow array or column", Ok, made)?;
        Ok(Self { field, chunks })
    }
}

/// An `ArrowStream`, which may be read any number of times.
impl<'ctx> IntoHandle<'ctx> for ChunkedArray {
    const ANNOTATION: Annotation = objects::ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let arrays = self.chunks.iter().map(|chunk| chunk.to_data()).collect();
        objects::kept_stream(ctx, self.field, arrays)
    }
}

/// From an object with `__arrow_c_stream__`, or a record batch.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for BatchReader {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if let Some(chunks) = import::stream(handle, None)? {
            let schema = Arc::new(schema_of(chunks.field())?);
            return Ok(Self::new(Read { chunks, schema }));
        }
        let batch = RecordBatch::from_handle(handle)?;
        let schema = batch.schema();
        let batches = arrow_array::RecordBatchIterator::new([Ok(batch)], schema);
        Ok(Self::new(batches))
    }
}

/// An `ArrowStream`, which may be read once.
impl<'ctx> IntoHandle<'ctx> for BatchReader {
    const ANNOTATION: Annotation = objects::ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let field = struct_of(&self.schema());
        let arrays = self.0.map(|batch| batch.map(|batch| structs_of(&batch)));
        objects::stream_once(ctx, Arc::new(field), Box::new(arrays))
    }
}
