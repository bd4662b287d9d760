//! `Tensor`: memory of Rust that other libraries take.

use super::object;
use super::raw::{CPU, DataType, IS_COPIED, Layout, READ_ONLY, Unversioned, VERSION, Versioned};
use crate::buffer::Element;
use crate::exceptions::ValueError;
use crate::{Context, Handle, IntoHandle, Result};
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::fmt;
use core::ptr::NonNull;
use std::sync::Arc;

/// Memory of Rust with a shape, as a result of a function: every library with DLPack takes it, by
/// `numpy.from_dlpack(result)`, `torch.from_dlpack(result)` and the like, as often as they wish.
/// None of them copies it. It is freed when the last of them is done.
///
/// ```
/// use hpy::dlpack::Tensor;
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn table(rows: usize, columns: usize) -> Result<Tensor> {
///     let items: Vec<f32> = (0..rows * columns).map(|item| item as f32).collect();
///     Tensor::from_shape_vec([rows, columns], items)
/// }
/// # fn main() {}
/// ```
pub struct Tensor {
    memory: Arc<Memory>,
}

/// The items, and how they lie.
pub(super) struct Memory {
    data: *mut c_void,
    dtype: DataType,
    shape: Box<[i64]>,
    /// In items.
    strides: Box<[i64]>,
    readonly: bool,
    /// Copies all items.
    copy: fn(&Memory) -> Tensor,
    _items: Box<dyn Send + Sync>,
}

// SAFETY: the pointer is to the items, which are numbers that are behind cells or never written.
unsafe impl Send for Memory {}
// SAFETY: as above.
unsafe impl Sync for Memory {}

/// A vector that others write.
struct Written<T>(UnsafeCell<Vec<T>>);

// SAFETY: nobody in Rust reads the items, but to copy them, item by item.
unsafe impl<T: Element> Sync for Written<T> {}

impl Tensor {
    /// A tensor of these items, the last index moving quickest. It gets the vector's memory, which
    /// others may write.
    ///
    /// # Errors
    /// ValueError where the shape has more or fewer items.
    pub fn from_shape_vec<T: Element, const N: usize>(
        shape: [usize; N],
        items: Vec<T>,
    ) -> Result<Self> {
        let count = items.len();
        let items = Box::new(Written(UnsafeCell::new(items)));
        // SAFETY: nobody else has the vector.
        let data = unsafe { (*items.0.get()).as_mut_ptr() };
        // SAFETY: so many items lie there, which the box keeps.
        unsafe { Self::new::<T>(data, count, &shape, items, false) }
    }

    /// A tensor of items that nobody writes any more, of which Rust keeps a share. Libraries that
    /// know no read-only tensors, from before DLPack 1.0, are refused.
    ///
    /// # Errors
    /// ValueError where the shape has more or fewer items.
    pub fn from_shared<T: Element, const N: usize>(
        shape: [usize; N],
        items: Arc<[T]>,
    ) -> Result<Self> {
        let (data, count) = (items.as_ptr().cast_mut(), items.len());
        // SAFETY: so many items lie there, which the share keeps; nobody writes them.
        unsafe { Self::new::<T>(data, count, &shape, Box::new(items), true) }
    }

    /// # Safety
    /// So many items lie there as long as the last parameter but one lives, and may be written
    /// unless they are read-only.
    unsafe fn new<T: Element>(
        data: *mut T,
        count: usize,
        shape: &[usize],
        items: Box<dyn Send + Sync>,
        readonly: bool,
    ) -> Result<Self> {
        let all = shape
            .iter()
            .try_fold(1usize, |all, one| all.checked_mul(*one));
        if all != Some(count) || shape.iter().any(|size| *size > isize::MAX as usize) {
            return Err(ValueError::new(format!(
                "{count} items cannot have the shape {shape:?}"
            )));
        }
        let mut strides = vec![0; shape.len()];
        let mut stride = 1i64;
        for (place, size) in strides.iter_mut().zip(shape).rev() {
            *place = stride;
            stride = stride.saturating_mul((*size).max(1) as i64);
        }
        let memory = Memory {
            data: data.cast(),
            dtype: DataType::of::<T>(),
            shape: shape.iter().map(|size| *size as i64).collect(),
            strides: strides.into(),
            readonly,
            copy: copied::<T>,
            _items: items,
        };
        Ok(Self {
            memory: Arc::new(memory),
        })
    }

    pub(super) fn from_memory(memory: &Arc<Memory>) -> Self {
        Self {
            memory: memory.clone(),
        }
    }

    /// All items elsewhere, where only the new tensor's owner writes them.
    pub(super) fn copied(&self) -> Self {
        (self.memory.copy)(&self.memory)
    }

    pub(super) fn is_readonly(&self) -> bool {
        self.memory.readonly
    }

    fn layout(&self) -> Layout {
        Layout {
            data: self.memory.data,
            device: CPU,
            ndim: self.memory.shape.len() as i32,
            dtype: self.memory.dtype,
            // Nobody writes them, though the interface has no word for that.
            shape: self.memory.shape.as_ptr().cast_mut(),
            strides: self.memory.strides.as_ptr().cast_mut(),
            byte_offset: 0,
        }
    }

    /// For consumers that know DLPack 1.
    pub(super) fn versioned(self, is_copied: bool) -> NonNull<Versioned> {
        let readonly = if self.is_readonly() { READ_ONLY } else { 0 };
        leaked(Versioned {
            version: VERSION,
            flags: readonly | if is_copied { IS_COPIED } else { 0 },
            tensor: self.layout(),
            context: Arc::into_raw(self.memory).cast_mut().cast(),
            deleter: Some(delete_versioned),
        })
    }

    /// For those that do not.
    pub(super) fn unversioned(self) -> NonNull<Unversioned> {
        leaked(Unversioned {
            tensor: self.layout(),
            context: Arc::into_raw(self.memory).cast_mut().cast(),
            deleter: Some(delete_unversioned),
        })
    }
}

fn leaked<T>(value: T) -> NonNull<T> {
    NonNull::from(Box::leak(Box::new(value)))
}

fn copied<T: Element>(memory: &Memory) -> Tensor {
    let count = memory.shape.iter().product::<i64>() as usize;
    let start = memory.data.cast::<T>();
    // SAFETY: so many items lie there, one behind the other and aligned; others may write them.
    let item = |index| unsafe { crate::buffer::load_shared(start.add(index)) };
    let items: Vec<T> = (0..count).map(item).collect();
    let items = Box::new(Written(UnsafeCell::new(items)));
    // SAFETY: nobody else has the vector.
    let data = unsafe { (*items.0.get()).as_mut_ptr() };
    Tensor {
        memory: Arc::new(Memory {
            data: data.cast(),
            dtype: memory.dtype,
            shape: memory.shape.clone(),
            strides: memory.strides.clone(),
            readonly: false,
            copy: memory.copy,
            _items: items,
        }),
    }
}

unsafe extern "C" fn delete_versioned(this: *mut Versioned) {
    // SAFETY: whoever owns the struct calls it once, with what `versioned` has made.
    unsafe { freed(Box::from_raw(this).context) }
}

unsafe extern "C" fn delete_unversioned(this: *mut Unversioned) {
    // SAFETY: as above, of `unversioned`.
    unsafe { freed(Box::from_raw(this).context) }
}

/// Whether the deleter is that of a tensor made here.
pub(super) fn is_own(deleter: usize) -> bool {
    let own = [
        delete_versioned as *const () as usize,
        delete_unversioned as *const () as usize,
    ];
    own.contains(&deleter)
}

/// # Safety
/// A share of a tensor's memory, which is given up.
unsafe fn freed(context: *mut c_void) {
    // SAFETY: as promised by the caller. Numbers are freed, on whatever thread this is.
    drop(unsafe { Arc::from_raw(context.cast::<Memory>()) });
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tensor")
            .field("dtype", &self.memory.dtype.name())
            .field("shape", &self.memory.shape)
            .finish_non_exhaustive()
    }
}

/// A `DLPackTensor`.
impl<'ctx> IntoHandle<'ctx> for Tensor {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        object::new(ctx, self.memory)
    }
}
