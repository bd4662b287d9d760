//! Where the items of a buffer lie.

use crate::exceptions::BufferError;
use crate::{Error, Result};
use core::ops::{Deref, DerefMut};
use std::borrow::Cow;

/// A number for each dimension. Nearly all objects have few, which take no allocation.
#[derive(Debug, PartialEq)]
pub(super) enum Dimensions<T> {
    /// How many they are, and as many numbers.
    Few(usize, [T; FEW]),
    Many(Box<[T]>),
}

const FEW: usize = 3;

impl<T: Copy + Default> Dimensions<T> {
    #[inline]
    fn of(numbers: impl ExactSizeIterator<Item = T>) -> Self {
        let count = numbers.len();
        if count > FEW {
            return Self::Many(numbers.collect());
        }
        let mut few = [T::default(); FEW];
        for (place, number) in few.iter_mut().zip(numbers) {
            *place = number;
        }
        Self::Few(count, few)
    }
}

impl<T> Deref for Dimensions<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Self::Few(count, few) => few.get(..*count).unwrap_or(few),
            Self::Many(numbers) => numbers,
        }
    }
}

impl<T> DerefMut for Dimensions<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::Few(count, few) => few.split_at_mut((*count).min(FEW)).0,
            Self::Many(numbers) => numbers,
        }
    }
}

/// Where the items lie, and what is said of them. Always in a box: moving it from one result into
/// the next takes longer than an allocation.
#[derive(Debug)]
pub(crate) struct Layout {
    /// The item whose indices are all 0.
    pub(super) start: *mut u8,
    pub(super) itemsize: usize,
    pub(super) format: Cow<'static, str>,
    pub(super) readonly: bool,
    pub(super) shape: Dimensions<usize>,
    /// In bytes.
    pub(super) strides: Dimensions<isize>,
    /// How many items there are.
    pub(super) len: usize,
}

impl Layout {
    /// Shape and strides may be empty: then the items lie one behind the other.
    #[inline]
    pub(crate) fn new(
        start: *mut u8,
        bytes: isize,
        itemsize: isize,
        format: Cow<'static, str>,
        readonly: bool,
        (ndim, shape, strides): (usize, &[isize], &[isize]),
    ) -> Result<Box<Self>> {
        let itemsize = usize::try_from(itemsize).ok().filter(|size| *size > 0);
        let itemsize = itemsize.ok_or_else(contradiction)?;
        let bytes = usize::try_from(bytes).map_err(|_| contradiction())?;
        let shape = match (ndim, shape) {
            (1, []) => Dimensions::of(core::iter::once(bytes / itemsize)),
            _ => Dimensions::of(shape.iter().map(|size| (*size).max(0) as usize)),
        };
        let items = shape
            .iter()
            .try_fold(1usize, |all, size| all.checked_mul(*size));
        let len = items.filter(|len| len.checked_mul(itemsize) == Some(bytes));
        let len = len
            .filter(|_| shape.len() == ndim)
            .ok_or_else(contradiction)?;
        let strides = match strides {
            [] => one_behind_the_other(&shape, itemsize),
            strides => Dimensions::of(strides.iter().copied()),
        };
        Ok(Box::new(Self {
            start,
            itemsize,
            format,
            readonly,
            shape,
            strides,
            len,
        }))
    }

    /// How many items there are along each dimension.
    #[cfg(feature = "numpy")]
    #[inline]
    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Whether all items lie between the first and the last of the other layout.
    pub(crate) fn lies_within(&self, whole: &Self) -> bool {
        let (Some(own), Some(all)) = (self.extent(), whole.extent()) else {
            return self.len == 0;
        };
        own.0 >= all.0 && own.1 <= all.1
    }

    /// The addresses where the first byte of any item lies, and the last one ends; None without
    /// items.
    fn extent(&self) -> Option<(i128, i128)> {
        if self.len == 0 {
            return None;
        }
        let start = self.start.addr() as i128;
        let (mut first, mut end) = (start, start + self.itemsize as i128);
        for (size, stride) in self.shape.iter().zip(&*self.strides) {
            let way = (*size as i128 - 1) * *stride as i128;
            first += way.min(0);
            end += way.max(0);
        }
        Some((first, end))
    }

    /// Whether all items lie where there can be memory.
    #[cfg(feature = "dlpack")]
    pub(crate) fn is_in_memory(&self) -> bool {
        self.extent().is_none_or(|(first, end)| {
            first > 0 && end - first <= isize::MAX as i128 && end <= usize::MAX as i128
        })
    }

    /// Bytes of all items.
    #[inline]
    pub(super) fn bytes(&self) -> usize {
        self.len * self.itemsize
    }

    /// Copies all items into C order.
    ///
    /// # Safety
    /// The items can be read, and `target` has room for all of them.
    pub(super) unsafe fn copy_out(&self, mut target: *mut u8) {
        // SAFETY: as promised by the caller. Each item is copied once.
        unsafe {
            if self.is_c_contiguous() {
                return target.copy_from(self.start, self.bytes());
            }
            self.for_each(|place| {
                target.copy_from(place, self.itemsize);
                target = target.add(self.itemsize);
            });
        }
    }

    /// Copies all items from C order to where they lie.
    ///
    /// # Safety
    /// The items can be written, and `source` has as many.
    pub(super) unsafe fn copy_in(&self, mut source: *const u8) {
        // SAFETY: as promised by the caller. Each item is copied once.
        unsafe {
            if self.is_c_contiguous() {
                return self.start.copy_from(source, self.bytes());
            }
            self.for_each(|place| {
                place.copy_from(source, self.itemsize);
                source = source.add(self.itemsize);
            });
        }
    }

    /// Whether the items lie one behind the other, the last index moving quickest.
    #[inline]
    pub(super) fn is_c_contiguous(&self) -> bool {
        self.is_dense(self.shape.iter().zip(&*self.strides).rev())
    }

    /// Whether the items lie one behind the other, the first index moving quickest.
    #[inline]
    pub(super) fn is_f_contiguous(&self) -> bool {
        self.is_dense(self.shape.iter().zip(&*self.strides))
    }

    fn is_dense<'a>(&self, quickest_first: impl Iterator<Item = (&'a usize, &'a isize)>) -> bool {
        let mut expected = self.itemsize;
        self.len == 0
            || quickest_first.into_iter().all(|(size, stride)| {
                // Along a dimension of one item nobody moves.
                let dense = *size == 1 || *stride == expected as isize;
                expected *= size;
                dense
            })
    }

    /// The place of the item at the indices, if it is in the shape.
    #[inline]
    pub(super) fn place(&self, indices: &[usize]) -> Option<*mut u8> {
        if indices.len() != self.shape.len() {
            return None;
        }
        let mut offset = 0isize;
        for (index, (size, stride)) in indices.iter().zip(self.shape.iter().zip(&*self.strides)) {
            if index >= size {
                return None;
            }
            offset = offset.wrapping_add((*index as isize).wrapping_mul(*stride));
        }
        Some(self.start.wrapping_offset(offset))
    }

    /// Calls `each` with the place of each item, the last index moving quickest.
    pub(super) fn for_each(&self, mut each: impl FnMut(*mut u8)) {
        if self.is_c_contiguous() {
            for index in 0..self.len {
                each(self.start.wrapping_add(index * self.itemsize));
            }
            return;
        }
        let mut indices = vec![0usize; self.shape.len()];
        for _ in 0..self.len {
            if let Some(place) = self.place(&indices) {
                each(place);
            }
            for (index, size) in indices.iter_mut().zip(&*self.shape).rev() {
                *index += 1;
                if *index < *size {
                    break;
                }
                *index = 0;
            }
        }
    }
}

/// The strides of items that lie one behind the other, the last index moving quickest.
#[inline]
fn one_behind_the_other(shape: &[usize], itemsize: usize) -> Dimensions<isize> {
    let mut strides = Dimensions::of(core::iter::repeat_n(0, shape.len()));
    let mut stride = itemsize as isize;
    for (place, size) in strides.iter_mut().zip(shape).rev() {
        *place = stride;
        stride = stride.wrapping_mul(*size as isize);
    }
    strides
}

#[cold]
#[inline]
fn contradiction() -> Error {
    BufferError::new(
        "the object's buffer contradicts itself: items, shape and length do not fit together",
    )
}
