//! Objects of pyarrow itself, where it is installed.

use super::tables::{BatchReader, ChunkedArray, Table};
use crate::storage::lookup::Lookup;
use crate::{Annotation, Context, Handle, IntoHandle, Result};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_data::ArrayData;
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};

/// Makes the value an object of pyarrow, for callers who expect one: `PyArrow<RecordBatch>` is a
/// `pyarrow.RecordBatch` in Python. Without it, the object is one of this library, which pyarrow,
/// polars, duckdb and others take as well, and nothing needs to be installed.
///
/// ```
/// use hpy::arrow::{PyArrow, Table};
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn as_pyarrow(table: Table) -> PyArrow<Table> {
///     PyArrow(table)
/// }
/// # fn main() {}
/// ```
///
/// Converting it is a ModuleNotFoundError where there is no pyarrow.
#[derive(Debug, Clone)]
pub struct PyArrow<T>(pub T);

macro_rules! made_by {
    ($($type:ty, $function:literal, $name:literal;)*) => {$(
        #[doc = concat!("A `", $name, "`.")]
        impl<'ctx> IntoHandle<'ctx> for PyArrow<$type> {
            const ANNOTATION: Annotation = Annotation::name($name);

            fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                static FUNCTION: Lookup = Lookup::new($function);
                FUNCTION.get(ctx)?.call1((self.0.into_handle(ctx)?,))
            }
        }
    )*};
}

made_by! {
    ArrayRef, c"pyarrow:array", "pyarrow.Array";
    ArrayData, c"pyarrow:array", "pyarrow.Array";
    RecordBatch, c"pyarrow:record_batch", "pyarrow.RecordBatch";
    Table, c"pyarrow:table", "pyarrow.Table";
    ChunkedArray, c"pyarrow:chunked_array", "pyarrow.ChunkedArray";
    BatchReader, c"pyarrow:RecordBatchReader.from_stream", "pyarrow.RecordBatchReader";
    Schema, c"pyarrow:schema", "pyarrow.Schema";
    SchemaRef, c"pyarrow:schema", "pyarrow.Schema";
    Field, c"pyarrow:field", "pyarrow.Field";
    FieldRef, c"pyarrow:field", "pyarrow.Field";
}

/// A `pyarrow.DataType`.
impl<'ctx> IntoHandle<'ctx> for PyArrow<DataType> {
    const ANNOTATION: Annotation = Annotation::name("pyarrow.DataType");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let field = Field::new("", self.0, true);
        PyArrow(field).into_handle(ctx)?.getattr(c"type")
    }
}
