//! `ndarray`: numpy's arrays as those of Rust, and back.

use crate::buffer::{Dimensional, Element};
use crate::exceptions::BufferError;
use crate::numpy::open::open;
use crate::numpy::{NdArray, make};
use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Result};
use ndarray::{Array, Axis, Dim, Dimension, IntoDimension, IxDyn, ShapeBuilder};

const ANNOTATION: Annotation = Annotation::name("numpy.ndarray");

/// A copy of a numpy array of such items, and as many dimensions unless they are dynamic.
impl<'a, 'ctx, T: Element, D: Dimension> FromHandle<'a, 'ctx> for Array<T, D> {
    const ANNOTATION: Annotation = ANNOTATION;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let dimensions = match D::NDIM {
            Some(dimensions) => dimensions,
            None => handle.downcast::<NdArray>()?.getattr(c"ndim")?.extract()?,
        };
        let opened = open::<T>(handle, dimensions)?;
        array(opened.buffer.shape(), opened.buffer.to_vec()?)
    }
}

/// A numpy array that has the memory of this one, which is copied only if its items have gaps or
/// lie in neither C's nor Fortran's order.
impl<'ctx, T: Element, D: Dimension> IntoHandle<'ctx> for Array<T, D> {
    const ANNOTATION: Annotation = ANNOTATION;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let shape = self.shape().to_vec();
        let is_fortran = !self.is_standard_layout() && self.t().is_standard_layout();
        let len = self.len();
        let (array, order) = match is_fortran {
            true => (self.reversed_axes(), "F"),
            false => (self, "C"),
        };
        let items = if array.is_standard_layout() {
            match array.into_raw_vec_and_offset() {
                // A slice of a larger array keeps what it does not show.
                (items, Some(0) | None) if items.len() == len => items,
                (mut items, offset) => {
                    items.drain(..offset.unwrap_or(0));
                    items.truncate(len);
                    items
                }
            }
        } else {
            array.iter().copied().collect()
        };
        make(ctx, &shape, order, items).map(Handle::into_object)
    }
}

fn array<T, D: Dimension>(shape: &[usize], items: Vec<T>) -> Result<Array<T, D>> {
    let array = Array::from_shape_vec(IxDyn(shape), items).map_err(|_| disagrees())?;
    array.into_dimensionality().map_err(|_| disagrees())
}

#[cold]
fn disagrees() -> crate::Error {
    BufferError::new("the array's items and shape do not fit together")
}

impl<T: Element, const N: usize> Dimensional<'_, T, N>
where
    Dim<[usize; N]>: Dimension,
    [usize; N]: IntoDimension<Dim = Dim<[usize; N]>>,
{
    /// A copy of the items. rust-numpy's `to_owned_array`.
    ///
    /// # Errors
    /// MemoryError.
    pub fn to_ndarray(&self) -> Result<Array<T, Dim<[usize; N]>>> {
        array(&self.shape(), self.to_vec()?)
    }

    /// The items themselves, without cells. rust-numpy's `as_array`.
    ///
    /// # Errors
    /// BufferError where the items lie at odd addresses, or not at a distance of whole items.
    ///
    /// # Safety
    /// As for [`as_plain_slice`](Self::as_plain_slice): as long as it is used, nobody writes the
    /// items. [`to_ndarray`](Self::to_ndarray) is the safe way.
    pub unsafe fn as_ndarray(&self) -> Result<ndarray::ArrayView<'_, T, Dim<[usize; N]>>> {
        let (shape, mut strides) = (self.shape(), self.strides());
        let mut start = self.start();
        let size = size_of::<T>() as isize;
        if !start.is_aligned() || strides.iter().any(|stride| stride % size != 0) {
            return Err(BufferError::new("the array's items lie at odd addresses"));
        }
        if self.is_empty() {
            let empty = ndarray::ArrayView::from_shape(shape.into_dimension(), &[]);
            return empty.map_err(|_| disagrees());
        }
        let mut backwards = [false; N];
        for (axis, stride) in strides.iter_mut().enumerate() {
            if *stride < 0 {
                start = start.wrapping_byte_offset(*stride * (shape[axis] as isize - 1));
                *stride = -*stride;
                backwards[axis] = true;
            }
        }
        let strides = strides.map(|stride| (stride / size) as usize);
        let layout = shape.into_dimension().strides(strides.into_dimension());
        // SAFETY: the items lie there, as numpy says, and are aligned; nobody writes them, as
        // promised by the caller.
        let mut view = unsafe { ndarray::ArrayView::from_shape_ptr(layout, start) };
        for axis in (0..N).filter(|axis| backwards[*axis]) {
            view.invert_axis(Axis(axis));
        }
        Ok(view)
    }
}
