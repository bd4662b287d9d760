//! Buffers: the memory of bytes, bytearray, memoryview, arrays.

mod cells;
mod copied;
#[cfg(any(feature = "dlpack", feature = "numpy"))]
mod dimensional;
mod element;
mod export;
mod held;
mod layout;
#[cfg(any(feature = "dlpack", feature = "numpy"))]
mod pinned;
mod view_key;

pub use cells::{ItemCell, ReadOnlyCell};
#[cfg(any(feature = "dlpack", feature = "numpy"))]
pub use dimensional::Dimensional;
pub use element::Element;
#[cfg(any(feature = "dlpack", feature = "numpy"))]
pub(crate) use element::Kind;
#[cfg(feature = "numpy")]
pub(crate) use element::sealed;
pub use export::{Export, Memory};
pub(crate) use export::{fill, hand_out};
pub(crate) use held::release;
pub(crate) use layout::Layout;
pub(crate) use view_key::ViewKey;

use crate::exceptions::{BufferError, IndexError, ValueError};
use crate::object::variance::Invariant;
use crate::types::Bytes;
use crate::types::downcast::exactly;
use crate::{Error, FromHandle, Handle, Result, backend};
#[cfg(feature = "dlpack")]
pub(crate) use cells::load_shared;
use cells::{load_anywhere, shared_now, store_anywhere};
use copied::Copied;
use core::marker::PhantomData;

/// The items of an object's memory: of `bytes`, `bytearray`, `memoryview`, `array.array`, numpy's
/// arrays, and whatever else has Python's buffer protocol. PyO3's `PyBuffer<T>`, HPy's `HPy_buffer`
/// from the other side.
///
/// On CPython no item is copied. PyPy and GraalPy either show no memory or may move it while a
/// buffer is open, and HPy's debug and trace modes show none. There the items are copied once; only
/// `bytes` of PyPy 8 and GraalPy 25 are not. What was written is put back by
/// [`write_back`](Self::write_back) or when the buffer is dropped. [`is_copy`](Self::is_copy)
/// tells.
///
/// Python code, and other threads, may change the items between two reads, so they are slices of
/// cells; only the items of an immutable object are a plain slice, see
/// [`as_immutable`](Self::as_immutable). While it is open, the object keeps its size (a bytearray
/// cannot grow). It is released when it is dropped, in the call that it was made in.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::buffer::Buffer;
///
/// #[hpy_method]
/// fn sum(data: Buffer<'_, f64>) -> Result<f64> {
///     Ok(data.as_slice()?.iter().map(|item| item.get()).sum())
/// }
///
/// #[hpy_method]
/// fn scale(data: Buffer<'_, f64>, factor: f64) -> Result<()> {
///     for item in data.as_mut_slice()? {
///         item.set(item.get() * factor);
///     }
///     data.write_back()
/// }
/// # fn main() {}
/// ```
///
/// It cannot outlive the call, nor leave the thread:
///
/// ```compile_fail
/// fn keep<'ctx>(data: hpy::buffer::Buffer<'ctx, u8>) -> hpy::buffer::Buffer<'static, u8> {
///     data
/// }
/// ```
///
/// ```compile_fail,E0277
/// fn send<'ctx>(data: hpy::buffer::Buffer<'ctx, u8>) {
///     std::thread::scope(|scope| {
///         scope.spawn(move || drop(data));
///     });
/// }
/// ```
#[derive(Debug)]
pub struct Buffer<'ctx, T> {
    layout: Box<Layout>,
    source: Source<'ctx>,
    /// Whether nobody can write while the buffer is open.
    immutable: bool,
    object: Handle<'ctx>,
    _items: Invariant<T>,
}

#[derive(Debug)]
enum Source<'ctx> {
    /// The object's own memory, as long as the view is not dropped.
    Memory(#[allow(dead_code)] backend::View),
    /// The object's own memory, which whoever has this buffer keeps in its place.
    #[cfg(any(feature = "dlpack", feature = "numpy"))]
    Pinned,
    Copy(Box<Copied<'ctx>>),
}

impl<'ctx> Handle<'ctx> {
    /// The object's memory, as items of type `T`. CPython's `PyObject_GetBuffer`.
    ///
    /// Bools are read as `u8`, and not written.
    ///
    /// # Errors
    /// TypeError for an object without a buffer; BufferError where its items are others, or it lies
    /// elsewhere than its items (arrays of pointers).
    pub fn buffer<T: Element>(&self) -> Result<Buffer<'ctx, T>> {
        let (source, mut layout) = match backend::view(self)? {
            Some((view, layout)) => {
                has_items_of::<T>(&layout)?;
                // Where memory moves while there is a view, only that of `bytes` stays where it is.
                if backend::memory_moves(self.ctx()) && exactly::<Bytes>(self).is_none() {
                    let (copied, layout) = Copied::of_view(self, layout)?;
                    drop(view);
                    (Source::Copy(Box::new(copied)), layout)
                } else {
                    (Source::Memory(view), layout)
                }
            }
            None => {
                let (copied, layout) = Copied::new(self)?;
                has_items_of::<T>(&layout)?;
                (Source::Copy(Box::new(copied)), layout)
            }
        };
        layout.readonly |= element::is_narrower(&layout.format);
        let is_private = layout.readonly && matches!(source, Source::Copy(_));
        let immutable = is_private || exactly::<Bytes>(self).is_some();
        Ok(Buffer {
            layout,
            source,
            immutable,
            object: self.dup(),
            _items: PhantomData,
        })
    }
}

#[inline]
fn has_items_of<T: Element>(layout: &Layout) -> Result<()> {
    match element::is_format_of::<T>(&layout.format, layout.itemsize) {
        true => Ok(()),
        false => Err(other_items(layout, T::NAME)),
    }
}

#[cold]
#[inline]
fn other_items(layout: &Layout, expected: &str) -> Error {
    let found = &layout.format;
    let size = layout.itemsize;
    BufferError::new(format!(
        "the buffer has items of format '{found}' ({size} bytes), not {expected}"
    ))
}

#[cold]
#[inline]
fn has_gaps() -> Error {
    BufferError::new("the buffer's items do not lie one behind the other")
}

impl<'ctx, T: Element> Buffer<'ctx, T> {
    /// The number of items, in all dimensions.
    #[must_use]
    pub fn len(&self) -> usize {
        self.layout.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.layout.len == 0
    }

    /// The number of dimensions.
    #[must_use]
    pub fn ndim(&self) -> usize {
        self.layout.shape.len()
    }

    /// The number of items along each dimension.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.layout.shape
    }

    /// The bytes from one item to the next along each dimension; those of the copy, if there is
    /// one.
    #[must_use]
    pub fn strides(&self) -> &[isize] {
        &self.layout.strides
    }

    /// Bytes of an item.
    #[must_use]
    pub fn itemsize(&self) -> usize {
        self.layout.itemsize
    }

    /// The items' type in the notation of Python's `struct`.
    #[must_use]
    pub fn format(&self) -> &str {
        &self.layout.format
    }

    /// Whether the items must not be written here.
    #[must_use]
    pub fn is_readonly(&self) -> bool {
        self.layout.readonly
    }

    /// Whether the items lie one behind the other, the last index moving quickest, as C's arrays
    /// do.
    #[must_use]
    pub fn is_c_contiguous(&self) -> bool {
        self.layout.is_c_contiguous()
    }

    /// Whether the items lie one behind the other, the first index moving quickest, as Fortran's
    /// arrays do.
    #[must_use]
    pub fn is_f_contiguous(&self) -> bool {
        self.layout.is_f_contiguous()
    }

    /// Whether these are not the object's own items but a copy, as the interpreter shows no memory
    /// that stays where it is.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        matches!(self.source, Source::Copy(_))
    }

    /// Whether the object's own items lie one behind the other, the last index moving quickest.
    /// Those of a copy always do.
    #[must_use]
    pub fn is_object_c_contiguous(&self) -> bool {
        match &self.source {
            Source::Copy(copied) => copied.was_c_contiguous,
            _ => self.layout.is_c_contiguous(),
        }
    }

    /// The object.
    #[must_use]
    pub fn object(&self) -> &Handle<'ctx> {
        &self.object
    }

    /// The items, to be read.
    ///
    /// # Errors
    /// BufferError where they do not lie one behind the other, the last index moving quickest
    /// ([`to_vec`](Self::to_vec) and
    /// [`get`](Self::get) read those), or lie at odd addresses.
    pub fn as_slice(&self) -> Result<&[ReadOnlyCell<T>]> {
        let start = self.dense()?;
        // SAFETY: so many items lie there, aligned, as long as the buffer is open; others may write
        // them, which cells allow.
        Ok(unsafe { core::slice::from_raw_parts(start.cast(), self.len()) })
    }

    /// The items, to be read and written.
    ///
    /// # Errors
    /// As for [`as_slice`](Self::as_slice); BufferError where the items must not be written.
    pub fn as_mut_slice(&self) -> Result<&[ItemCell<T>]> {
        self.for_writing()?;
        let start = self.dense()?;
        // SAFETY: as above, and the memory may be written.
        Ok(unsafe { core::slice::from_raw_parts(start.cast(), self.len()) })
    }

    /// The items of an object whose memory nobody can write: of `bytes`, and of copies of what is
    /// read-only.
    #[must_use]
    pub fn as_immutable(&self) -> Option<&[T]> {
        let start = self.immutable.then(|| self.dense().ok())??;
        // SAFETY: as above, and nobody writes as long as the object lives, which the buffer holds.
        Some(unsafe { core::slice::from_raw_parts(start, self.len()) })
    }

    /// The item at the indices, one for each dimension; None where there is none.
    #[must_use]
    pub fn get(&self, indices: &[usize]) -> Option<T> {
        let place = self.layout.place(indices)?;
        // SAFETY: the item is in the buffer's shape.
        Some(unsafe { load_anywhere(place.cast()) })
    }

    /// Replaces the item at the indices.
    ///
    /// # Errors
    /// IndexError where there is none; BufferError where the items must not be written.
    pub fn set(&self, indices: &[usize], value: T) -> Result<()> {
        self.for_writing()?;
        let place = self.layout.place(indices);
        let place = place.ok_or_else(|| IndexError::new("no such item in the buffer"))?;
        // SAFETY: the item is in the buffer's shape, and may be written.
        unsafe { store_anywhere(place.cast(), value) };
        Ok(())
    }

    /// All items, the last index moving quickest, however they lie.
    ///
    /// # Errors
    /// MemoryError.
    pub fn to_vec(&self) -> Result<Vec<T>> {
        let mut items: Vec<T> = Vec::new();
        items.try_reserve_exact(self.len())?;
        if self.is_one_block() {
            // SAFETY: the items can be read, and there is room for them. Every pattern of bits is a
            // `T`.
            unsafe {
                self.layout.copy_out(items.as_mut_ptr().cast());
                items.set_len(self.len());
            }
            return Ok(items);
        }
        self.layout.for_each(|place| {
            // SAFETY: an item of the buffer.
            items.push(unsafe { load_anywhere(place.cast()) });
        });
        Ok(items)
    }

    /// Writes all items, the last index moving quickest, into a slice that has as many.
    ///
    /// # Errors
    /// ValueError where the lengths differ.
    pub fn copy_to_slice(&self, target: &mut [T]) -> Result<()> {
        self.has_length(target.len())?;
        if self.is_one_block() {
            // SAFETY: the items can be read, and the slice has as many.
            unsafe { self.layout.copy_out(target.as_mut_ptr().cast()) };
            return Ok(());
        }
        let mut places = target.iter_mut();
        self.layout.for_each(|place| {
            if let Some(target) = places.next() {
                // SAFETY: an item of the buffer.
                *target = unsafe { load_anywhere(place.cast()) };
            }
        });
        Ok(())
    }

    /// As [`copy_to_slice`](Self::copy_to_slice), for as many items as the slice has, from the one
    /// at `first` on, counted with the last index moving quickest: to work on a large object piece
    /// by piece, without a copy of all of it.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// # use hpy::buffer::Buffer;
    /// #[hpy_method]
    /// fn sum(data: Buffer<'_, u8>) -> Result<u64> {
    ///     let mut sum = 0;
    ///     let mut room = [0; 4096];
    ///     for first in (0..data.len()).step_by(room.len()) {
    ///         let piece = &mut room[..(data.len() - first).min(4096)];
    ///         data.copy_part_to_slice(first, piece)?;
    ///         sum += piece.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    ///     }
    ///     Ok(sum)
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// IndexError where there are fewer items; BufferError where they do not lie one behind the
    /// other.
    pub fn copy_part_to_slice(&self, first: usize, target: &mut [T]) -> Result<()> {
        let rest = self.len().checked_sub(first);
        if rest.is_none_or(|rest| rest < target.len()) {
            return Err(IndexError::new("the buffer has fewer items"));
        }
        if !self.is_c_contiguous() {
            return Err(has_gaps());
        }
        let start = self.layout.start.cast::<T>().wrapping_add(first);
        if self.is_one_block() {
            // SAFETY: so many items can be read from there on, one behind the other; every pattern
            // of bits is a `T`, and nobody writes the slice.
            unsafe {
                let bytes = size_of_val(target);
                let target = target.as_mut_ptr().cast::<u8>();
                target.copy_from(start.cast(), bytes);
            }
            return Ok(());
        }
        for (index, target) in target.iter_mut().enumerate() {
            // SAFETY: an item of the buffer.
            *target = unsafe { load_anywhere(start.wrapping_add(index)) };
        }
        Ok(())
    }

    /// Replaces all items by those of a slice that has as many, the last index moving quickest.
    ///
    /// # Errors
    /// ValueError where the lengths differ; BufferError where the items must not be written.
    pub fn copy_from_slice(&self, source: &[T]) -> Result<()> {
        self.for_writing()?;
        self.has_length(source.len())?;
        if self.is_one_block() {
            // SAFETY: the items may be written, and the slice has as many.
            unsafe { self.layout.copy_in(source.as_ptr().cast()) };
            return Ok(());
        }
        let mut values = source.iter();
        self.layout.for_each(|place| {
            if let Some(value) = values.next() {
                // SAFETY: an item of the buffer, which may be written.
                unsafe { store_anywhere(place.cast(), *value) };
            }
        });
        Ok(())
    }

    /// Puts what was written into the object, where the buffer is a copy. Dropping the buffer does
    /// so too, but cannot return an error: it is lost then.
    ///
    /// # Errors
    /// What the object raises, such as ValueError for a memoryview that was released; BufferError
    /// where the memory has got another size or format. NotImplementedError and the like for views
    /// of several dimensions with gaps, which some interpreters cannot write as a whole.
    pub fn write_back(&self) -> Result<()> {
        match &self.source {
            Source::Copy(copied) => copied.write_back(),
            _ => Ok(()),
        }
    }

    /// Whether the items can be copied at once: nobody writes one of them meanwhile.
    fn is_one_block(&self) -> bool {
        !shared_now() && self.layout.is_c_contiguous()
    }

    /// The first item, where all lie one behind the other and are aligned.
    fn dense(&self) -> Result<*const T> {
        if self.is_empty() {
            return Ok(core::ptr::NonNull::dangling().as_ptr());
        }
        let start = self.layout.start.cast::<T>();
        if !self.is_c_contiguous() {
            Err(has_gaps())
        } else if !start.is_aligned() {
            Err(BufferError::new("the buffer's items lie at odd addresses"))
        } else {
            Ok(start)
        }
    }

    fn for_writing(&self) -> Result<()> {
        if self.is_readonly() {
            return Err(BufferError::new("the buffer is read-only"));
        }
        if let Source::Copy(copied) = &self.source {
            copied.changed.set(true);
        }
        Ok(())
    }

    fn has_length(&self, len: usize) -> Result<()> {
        if len == self.len() {
            return Ok(());
        }
        Err(ValueError::new(format!(
            "the buffer has {} items, the slice {len}",
            self.len()
        )))
    }
}

impl<T> Drop for Buffer<'_, T> {
    fn drop(&mut self) {
        if let Source::Copy(copied) = &self.source
            && crate::thread::detached::put_off(|| ()).is_some()
        {
            drop(copied.write_back());
            copied.release();
        }
    }
}

/// From any object with a buffer of such items.
impl<'a, 'ctx, T: Element> FromHandle<'a, 'ctx> for Buffer<'ctx, T> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("typing_extensions.Buffer");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        handle.buffer()
    }
}
