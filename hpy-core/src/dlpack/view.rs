//! `TensorView`: the items of a tensor, by their indices.

use super::open::Taken;
use crate::buffer::{Buffer, Dimensional, Element};
use crate::{FromHandle, Handle, Result};
use core::ops::Deref;

/// A tensor of `N` dimensions with items of type `T`, as a parameter of a function: the producer's
/// own memory, not a copy. It takes every object with `__dlpack__`, and capsules.
///
/// The items are read and written by the methods of [`Dimensional`]: `shape`, `at`, `set`, `row`;
/// those of [`Buffer`] are there too. All are cells, as the producer may write them at any time.
/// Slices without cells are `unsafe`.
///
/// `T` is an integer, `f32`, `f64`, `numpy::Float16` with the feature `numpy`, or a complex number
/// with the feature `num-complex`. Tensors of bool are read as `u8`. Other types and numbers of
/// dimensions are a TypeError that names both, and tensors of other devices a BufferError.
///
/// A tensor is written only if its producer says that it may be. Producers from before DLPack 1.0
/// do not say it, so theirs are read-only: `numpy` 2.0 and earlier ones are among them.
///
/// ```
/// use hpy::dlpack::TensorView;
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn scale(tensor: TensorView<'_, f32, 1>, factor: f32) -> Result<()> {
///     for item in tensor.as_mut_slice()? {
///         item.set(item.get() * factor);
///     }
///     Ok(())
/// }
/// # fn main() {}
/// ```
///
/// A view can neither outlive the call nor leave the thread:
///
/// ```compile_fail
/// use hpy::dlpack::TensorView;
///
/// fn keep<'ctx>(tensor: TensorView<'ctx, f64, 1>) -> TensorView<'static, f64, 1> {
///     tensor
/// }
/// ```
///
/// ```compile_fail,E0277
/// fn sent<T: Send>() {}
/// sent::<hpy::dlpack::TensorView<'static, f64, 1>>();
/// ```
#[derive(Debug)]
pub struct TensorView<'ctx, T, const N: usize> {
    // Before the tensor, which keeps the memory.
    buffer: Buffer<'ctx, T>,
    _tensor: Taken<'ctx>,
}

impl<'ctx, T: Element, const N: usize> TensorView<'ctx, T, N> {
    /// A view of the tensor that an object exports, or that a capsule has, which is used then.
    ///
    /// # Errors
    /// TypeError for what exports no tensor, or one of other items or another number of dimensions;
    /// BufferError for one that is not on the CPU, or that the producer cannot export; ValueError
    /// for a capsule that was used.
    pub fn of(object: &Handle<'ctx>) -> Result<Self> {
        let tensor = Taken::of(object)?;
        Ok(Self {
            // SAFETY: fields are dropped in their order.
            buffer: unsafe { tensor.buffer(object, N)? },
            _tensor: tensor,
        })
    }
}

impl<'ctx, T, const N: usize> Deref for TensorView<'ctx, T, N> {
    type Target = Dimensional<'ctx, T, N>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        // SAFETY: a tensor of another number of dimensions was refused.
        unsafe { Dimensional::of(&self.buffer) }
    }
}

/// From an object with `__dlpack__`.
impl<'a, 'ctx, T: Element, const N: usize> FromHandle<'a, 'ctx> for TensorView<'ctx, T, N> {
    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Self::of(handle)
    }
}
