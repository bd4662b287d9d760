//! `Dimensional`: the items of a buffer by as many indices as it has dimensions.

use super::{Buffer, Element, ItemCell, ReadOnlyCell};
use crate::Result;
use crate::exceptions::{BufferError, IndexError};
use core::ops::Deref;

/// A [`Buffer`] whose number of dimensions is known when this is compiled: what views of arrays and
/// tensors have in common.
///
/// ```
/// # use hpy::buffer::Dimensional;
/// fn corner(table: &Dimensional<'_, f64, 2>) -> Option<f64> {
///     let [rows, columns] = table.shape();
///     table.get([rows.checked_sub(1)?, columns.checked_sub(1)?])
/// }
/// ```
///
/// It belongs to the thread of the call:
///
/// ```compile_fail,E0277
/// fn sent<T: Send>() {}
/// sent::<hpy::buffer::Dimensional<'static, f64, 2>>();
/// ```
#[derive(Debug)]
#[repr(transparent)]
pub struct Dimensional<'ctx, T, const N: usize>(Buffer<'ctx, T>);

impl<'ctx, T, const N: usize> Dimensional<'ctx, T, N> {
    /// # Safety
    /// The buffer has `N` dimensions.
    #[inline]
    pub(crate) unsafe fn of<'a>(buffer: &'a Buffer<'ctx, T>) -> &'a Self {
        // SAFETY: nothing but the buffer is in it.
        unsafe { &*core::ptr::from_ref(buffer).cast() }
    }
}

impl<'ctx, T, const N: usize> Deref for Dimensional<'ctx, T, N> {
    type Target = Buffer<'ctx, T>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T: Element, const N: usize> Dimensional<'_, T, N> {
    /// The number of items along each dimension.
    #[inline]
    #[must_use]
    pub fn shape(&self) -> [usize; N] {
        let mut shape = [0; N];
        shape.copy_from_slice(self.0.shape());
        shape
    }

    /// The bytes from one item to the next along each dimension.
    #[inline]
    #[must_use]
    pub fn strides(&self) -> [isize; N] {
        let mut strides = [0; N];
        strides.copy_from_slice(self.0.strides());
        strides
    }

    /// The item at the indices; None where there is none.
    #[inline]
    #[must_use]
    pub fn get(&self, indices: [usize; N]) -> Option<T> {
        self.0.get(&indices)
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
        self.0.set(&indices, value)
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

    /// The items along the last dimension, where the other indices are these: a row of a matrix.
    ///
    /// ```
    /// # use hpy::buffer::Dimensional;
    /// # use hpy::prelude::*;
    /// fn first_row(table: &Dimensional<'_, f64, 2>) -> Result<f64> {
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
        let shape = self.0.shape();
        IndexError::new(format!(
            "an array of shape {shape:?} has nothing at {indices:?}"
        ))
    }
}
