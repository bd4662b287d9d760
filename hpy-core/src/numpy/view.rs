//! `ArrayView`: the items of an array, by their indices.

use super::open::{Opened, dtype_of, open};
use super::{Datetime64, NdArray, Timedelta64};
use crate::buffer::{Buffer, Element, ItemCell, ReadOnlyCell};
use crate::exceptions::{BufferError, IndexError};
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
/// All that a [`Buffer`] has is here too: `len`, `is_c_contiguous`, `to_vec`, `as_slice`. A
/// `Buffer` also takes arrays of any number of dimensions, and other objects that have memory.
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
    array: Handle<'ctx>,
}

impl<'ctx, T: Element, const N: usize> ArrayView<'ctx, T, N> {
    /// A view of an array.
    ///
    /// # Errors
    /// TypeError for what is no array, or one of other items or another number of dimensions.
    pub fn of(array: &Handle<'ctx>) -> Result<Self> {
        Ok(Self {
            opened: open(array, N)?,
            array: array.dup(),
        })
    }

    /// The number of items along each dimension.
    #[inline]
    #[must_use]
    pub fn shape(&self) -> [usize; N] {
        let mut shape = [0; N];
        shape.copy_from_slice(self.opened.buffer.shape());
        shape
    }

    /// The bytes from one item to the next along each dimension.
    #[inline]
    #[must_use]
    pub fn strides(&self) -> [isize; N] {
        let mut strides = [0; N];
        strides.copy_from_slice(self.opened.buffer.strides());
        strides
    }

    /// The item at the indices; None where there is none.
    #[inline]
    #[must_use]
    pub fn get(&self, indices: [usize; N]) -> Option<T> {
        self.opened.buffer.get(&indices)
    }

    /// The item at the indices.
    ///
    /// # Errors
    /// IndexError where there is none.
    #[inline]
    pub fn at(&self, indices: [usize; N]) -> Result<T> {
        self.get(indices).ok_or_else(|| self.outside(&indices))
    }

    /// Replaces the item at the indices.
    ///
    /// # Errors
    /// IndexError where there is none; BufferError where the array is read-only.
    #[inline]
    pub fn set(&self, indices: [usize; N], value: T) -> Result<()> {
        self.opened.buffer.set(&indices, value)
    }

    /// All items, the last index moving quickest, each as it is when its turn comes.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        let shape = self.shape();
        let mut next = [0; N];
        (0..self.len()).filter_map(move |_| {
            let item = self.get(next);
            for (index, size) in next.iter_mut().zip(shape).rev() {
                *index += 1;
                if *index < size {
                    break;
                }
                *index = 0;
            }
            item
        })
    }

    /// The array.
    #[must_use]
    pub fn array(&self) -> &Handle<'ctx> {
        &self.array
    }

    /// Puts what was written into the array, where the view is of a copy, as
    /// [`Buffer::write_back`]. Dropping the view does so too, but cannot return an error.
    ///
    /// # Errors
    /// What numpy or the array's memory raises.
    pub fn write_back(&self) -> Result<()> {
        self.opened.write_back()
    }

    /// The items along the last dimension, where the other indices are these: a row of a matrix.
    ///
    /// ```
    /// # use hpy::numpy::ArrayView;
    /// # use hpy::prelude::*;
    /// fn first_row(table: &ArrayView<'_, f64, 2>) -> Result<f64> {
    ///     Ok(table.row(&[0])?.iter().map(|item| item.get()).sum())
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// IndexError where there is no such row; BufferError where its items have gaps between them
    /// (those of a transposed array do), or lie at odd addresses.
    pub fn row(&self, leading: &[usize]) -> Result<&[ReadOnlyCell<T>]> {
        let (start, len) = self.row_place(leading)?;
        // SAFETY: so many items lie there, one behind the other and aligned, while the view is
        // open; others may write them, which cells allow.
        Ok(unsafe { core::slice::from_raw_parts(start.cast(), len) })
    }

    /// As [`row`](Self::row), to be written as well.
    ///
    /// # Errors
    /// As there; BufferError where the array is read-only.
    pub fn row_mut(&self, leading: &[usize]) -> Result<&[ItemCell<T>]> {
        self.prepare_to_write()?;
        let (start, len) = self.row_place(leading)?;
        // SAFETY: as above, and the memory may be written.
        Ok(unsafe { core::slice::from_raw_parts(start.cast(), len) })
    }

    fn row_place(&self, leading: &[usize]) -> Result<(*mut T, usize)> {
        let (shape, strides) = (self.shape(), self.strides());
        let [.., len] = shape[..] else {
            return Err(IndexError::new("an array without dimensions has no rows"));
        };
        let is_row = leading.len() + 1 == N && leading.iter().zip(shape).all(|(i, n)| *i < n);
        if !is_row {
            return Err(self.outside(leading));
        }
        if len == 0 {
            return Ok((core::ptr::NonNull::dangling().as_ptr(), 0));
        }
        let offset: isize = leading
            .iter()
            .zip(strides)
            .map(|(index, stride)| (*index as isize).wrapping_mul(stride))
            .fold(0, isize::wrapping_add);
        let start = self.start().wrapping_byte_offset(offset);
        if len > 1 && strides[N - 1] != size_of::<T>() as isize {
            return Err(BufferError::new(
                "the row's items do not lie one behind the other",
            ));
        }
        if !start.is_aligned() {
            return Err(BufferError::new("the array's items lie at odd addresses"));
        }
        Ok((start, len))
    }

    /// The items as a plain slice, without cells: what other crates take.
    ///
    /// # Errors
    /// BufferError where they do not lie one behind the other, or lie at odd addresses.
    ///
    /// # Safety
    /// As long as the slice is used, nobody writes the items: neither this function through another
    /// view of the same memory, nor Python code that it calls, nor another thread, which runs while
    /// this one is detached, and at any time in Python without the GIL. [`to_vec`](Buffer::to_vec)
    /// is the safe way.
    pub unsafe fn as_plain_slice(&self) -> Result<&[T]> {
        let cells = self.as_slice()?;
        // SAFETY: cells are laid out as what is in them; as promised by the caller.
        Ok(unsafe { core::slice::from_raw_parts(cells.as_ptr().cast(), cells.len()) })
    }

    /// The items as a plain slice to write.
    ///
    /// # Errors
    /// As for [`as_plain_slice`](Self::as_plain_slice); BufferError where the array is read-only.
    ///
    /// # Safety
    /// As long as the slice is used, nobody else reads or writes the items. No two of them lie at
    /// one place, as they do in what `numpy.lib.stride_tricks` makes: a slice has no such items.
    #[allow(clippy::mut_from_ref)] // What is behind cells.
    pub unsafe fn as_plain_mut_slice(&self) -> Result<&mut [T]> {
        let cells = self.as_mut_slice()?;
        // SAFETY: as above.
        Ok(unsafe {
            core::slice::from_raw_parts_mut(cells.as_ptr().cast_mut().cast(), cells.len())
        })
    }

    #[cold]
    fn outside(&self, indices: &[usize]) -> crate::Error {
        let shape = self.opened.buffer.shape();
        IndexError::new(format!(
            "an array of shape {shape:?} has nothing at {indices:?}"
        ))
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
                unit(self.array.downcast()?)
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
    type Target = Buffer<'ctx, T>;

    fn deref(&self) -> &Self::Target {
        &self.opened.buffer
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
