//! Arrow's arrays and tables, from Python and to it, without copying. The feature `arrow`.
//!
//! Whatever has Arrow's PyCapsule interface goes in and takes what comes out: pyarrow, polars,
//! pandas, duckdb, and extensions in Rust. None of them is needed when an extension is compiled, or
//! when it runs.
//!
//! In Rust they are the types of the crate `arrow-array`: an `ArrayRef`, a `RecordBatch`, or an
//! array of known type such as `Float64Array` and `StringArray`. [`Table`], [`ChunkedArray`] and
//! [`BatchReader`] are those of which there is none in that crate.
//!
//! ```
//! use hpy::arrow::arrow_array::{Array, Float64Array};
//! use hpy::prelude::*;
//!
//! /// The mean of what is not null.
//! #[hpy_method]
//! fn mean(values: Float64Array) -> Option<f64> {
//!     let count = values.len() - values.null_count();
//!     (count > 0).then(|| values.iter().flatten().sum::<f64>() / count as f64)
//! }
//!
//! #[hpy_method]
//! fn doubled(values: Float64Array) -> Float64Array {
//!     values.unary(|value| 2.0 * value)
//! }
//! # fn main() {}
//! ```
//!
//! # What is believed, and what is checked
//! A capsule's name says that a library made it, which knows Arrow's specification: the memory is
//! there, and **nobody writes it** as long as Rust has the array. That is what Arrow arrays are for
//! all libraries of a process, and what makes an `&[f64]` of one sound. An array that Python code
//! has laid over memory that it goes on writing (`pyarrow.array` of a numpy array does it) breaks
//! the promise of its producer.
//!
//! All else is checked: that the structs fit together, that offsets, keys and views point into the
//! buffers, that texts are UTF-8. [`Unvalidated`] leaves the last part to you.

mod arrays;
mod check;
mod import;
mod objects;
mod pyarrow;
mod quick_validation;
mod raw;
mod stream;
mod tables;

pub use arrays::array_as;
pub use import::Unvalidated;
pub use pyarrow::PyArrow;
pub use tables::{BatchReader, ChunkedArray, Table};
pub use {arrow_array, arrow_data, arrow_schema};
