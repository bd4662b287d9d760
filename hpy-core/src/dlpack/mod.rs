//! DLPack's tensors, from Python and to it, without copying. The feature `dlpack`.
//!
//! Whatever has `__dlpack__` goes in and takes what comes out: numpy, PyTorch, JAX, CuPy and
//! others, as long as the memory is the processor's own. None of them is needed when an extension
//! is compiled, or when it runs.
//!
//! A [`TensorView`] is what a function takes, a [`Tensor`] what it returns.
//!
//! ```
//! use hpy::dlpack::{Tensor, TensorView};
//! use hpy::prelude::*;
//!
//! /// The sum of each row.
//! #[hpy_method]
//! fn row_sums(table: TensorView<'_, f64, 2>) -> Result<Tensor> {
//!     let [rows, columns] = table.shape();
//!     let sum = |row| (0..columns).filter_map(|column| table.get([row, column])).sum();
//!     let sums: Vec<f64> = (0..rows).map(sum).collect();
//!     Tensor::from_shape_vec([rows], sums)
//! }
//! # fn main() {}
//! ```

mod export;
mod object;
mod open;
mod raw;
mod view;

pub use export::Tensor;
pub use view::TensorView;
