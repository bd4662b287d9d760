//! numpy's arrays, seen from Rust and made there. The feature `numpy`.
//!
//! Nothing of numpy is needed when an extension is compiled: it is imported at run time, where an
//! array is made or asked for. One binary works with numpy 1 and numpy 2.
//!
//! An [`ArrayView`] is what a function takes. rust-numpy's `PyReadonlyArray` and
//! `PyReadwriteArray`:
//!
//! ```
//! use hpy::numpy::{ArrayView, NdArray};
//! use hpy::prelude::*;
//!
//! /// The sum of each row.
//! #[hpy_method]
//! fn row_sums<'ctx>(
//!     ctx: Context<'ctx>,
//!     table: ArrayView<'ctx, f64, 2>,
//! ) -> Result<Handle<'ctx, NdArray>> {
//!     let [rows, columns] = table.shape();
//!     let sum = |row| (0..columns).filter_map(|column| table.get([row, column])).sum();
//!     let sums: Vec<f64> = (0..rows).map(sum).collect();
//!     NdArray::from_vec(ctx, sums)
//! }
//! # fn main() {}
//! ```

mod dtypes;
mod make;
pub(crate) mod open;
mod view;

pub use dtypes::{Datetime64, Float16, Timedelta64};
pub use make::NdArray;
#[cfg(feature = "ndarray")]
pub(crate) use make::make;
pub use view::ArrayView;
