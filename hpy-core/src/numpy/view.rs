//! `ArrayView`: the items of an array, by their indices.

use super::open::{Opened, dtype_of, open};
use super::{Datetime64, NdArray, Timedelta64};
use crate::buffer::{Dimensional, Element};
use crate::{Annotation, FromHandle, Handle, Result};
use core::ops::Deref;

/// A numpy array of `N` dimensions with items of type `T`, as a parameter of a function: the
/// array's own memory, not a copy. rust-numpy's `PyReadonlyArray` and `PyReadwriteArray`.
///
/// The items are read and written one by one or by slices of cells, as Python code may write them
/// at any time. There is no borrow to fail: two views of one array are fine. While there is a view,
/// numpy does not resize the array.
///
/// `T` is an integer, `f32`, `f64`, [`Float16`](super::Float16), [`Datetime64`], [`Timedelta64`],
/// or a complex number with the feature `num-complex`. Arrays of bool are read as `u8`. Other types
/// and numbers of dimensions are a TypeError that names both.
///
/// The items are read and written by the methods of [`Dimensional`]: `shape`, `at`, `set`, `row`.
/// All that a [`Buffer`](crate::buffer::Buffer) has is here too: `len`, `is_c_contiguous`,
/// `to_vec`, `as_slice`. A `Buffer` also takes arrays of any number of dimensions, and other
/// objects that have memory.
///
/// ```
/// use hpy::numpy::ArrayView;
/// use hpy::prelude::*;
///
/// /// Adds the columns of the first row to those of each.
/// #[hpy_method]
/// fn add_first_row(table: ArrayView<'_, f64, 2>) -> Result<()> {
///     let [rows, columns] = table.shape();
///     for row in 1..rows {
///         for column in 0..columns {
///             let first = table.at([0, column])?;
///             table.set([row, column], table.at([row, column])? + first)?;
///         }
///     }
///     table.write_back()
/// }
/// # fn main() {}
/// ```
///
/// A view can neither outlive the call nor leave the thread, as a `Buffer`:
///
/// ```compile_fail,E0277
/// fn sent<T: Send>() {}
/// sent::<hpy::numpy::ArrayView<'static, f64, 1>>();
/// ```
///
/// ```compile_fail,E0277
/// fn shared<T: Sync>() {}
/// shared::<hpy::numpy::ArrayView<'static, f64, 1>>();
/// ```
#[derive(Debug)]
pub struct ArrayView<'ctx, T, const N: usize> {
    opened: Opened<'ctx, T>,
    /// None if the buffer is of the array itself.
    array: Option<Handle<'ctx>>,
}

impl<'ctx, T: Element, const N: usize> ArrayView<'ctx, T, N> {
    /// A view of an array.
    ///
    /// # Errors
    /// TypeError for what is no array, or one of other items or another number of dimensions.
    pub fn of(array: &Handle<'ctx>) -> Result<Self> {
        let opened = open(array, N)?;
        let is_of_array = opened.buffer.object().is(array);
        Ok(Self {
            opened,
            array: (!is_of_array).then(|| array.dup()),
        })
    }

    /// The array.
    #[must_use]
    pub fn array(&self) -> &Handle<'ctx> {
        let own = self.array.as_ref();
        own.unwrap_or_else(|| self.opened.buffer.object())
    }

    /// Puts what was written into the array, where the view is of a copy, as
    /// [`Buffer::write_back`](crate::buffer::Buffer::write_back). Dropping the view does so too,
    /// but cannot return an error.
    ///
    /// # Errors
    /// What numpy or the array's memory raises.
    pub fn write_back(&self) -> Result<()> {
        self.opened.write_back()
    }
}

/// The unit of times.
macro_rules! units {
    ($($time:ty)*) => {$(
        impl<const N: usize> ArrayView<'_, $time, N> {
            /// What one stands for, as numpy writes it: `ns`, `D`, `25s`; `generic` without one.
            ///
            /// # Errors
            /// What numpy raises.
            pub fn unit(&self) -> Result<String> {
                unit(self.array().downcast()?)
            }
        }
    )*};
}

units! { Datetime64 Timedelta64 }

fn unit(array: &Handle<'_, NdArray>) -> Result<String> {
    let name = dtype_of(array)?.str()?.extract::<String>()?;
    let unit = name
        .split_once('[')
        .map(|(_, unit)| unit.trim_end_matches(']'));
    Ok(unit.unwrap_or("generic").to_owned())
}

impl<'ctx, T, const N: usize> Deref for ArrayView<'ctx, T, N> {
    type Target = Dimensional<'ctx, T, N>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        // SAFETY: an array of another number of dimensions was refused.
        unsafe { Dimensional::of(&self.opened.buffer) }
    }
}

/// From a numpy array of such items and as many dimensions.
impl<'a, 'ctx, T: Element, const N: usize> FromHandle<'a, 'ctx> for ArrayView<'ctx, T, N> {
    const ANNOTATION: Annotation = Annotation::name("numpy.ndarray");

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Self::of(handle)
    }
}
