//! Buffers of memory that somebody else keeps in its place.

use super::{Buffer, Element, Layout, Source, element, has_items_of};
use crate::{Handle, Result};
use core::marker::PhantomData;

impl<'ctx, T: Element> Buffer<'ctx, T> {
    /// A buffer of an array whose items lie so.
    ///
    /// # Errors
    /// BufferError where the items are others.
    ///
    /// # Safety
    /// The items lie there until the buffer is dropped.
    #[inline]
    pub(crate) unsafe fn pinned(object: &Handle<'ctx>, mut layout: Box<Layout>) -> Result<Self> {
        has_items_of::<T>(&layout)?;
        layout.readonly |= element::is_narrower(&layout.format);
        Ok(Buffer {
            layout,
            source: Source::Pinned,
            immutable: false,
            object: object.dup(),
            _items: PhantomData,
        })
    }

    /// Notes that the items are about to be written.
    pub(crate) fn prepare_to_write(&self) -> Result<()> {
        self.for_writing()
    }

    /// The item whose indices are all 0.
    pub(crate) fn start(&self) -> *mut T {
        self.layout.start.cast()
    }
}

/// What numpy's arrays need beside.
#[cfg(feature = "numpy")]
impl<'ctx, T> Buffer<'ctx, T> {
    /// The same items, read as another type.
    ///
    /// # Safety
    /// The types have one size and one alignment.
    pub(crate) unsafe fn read_as<U: Element>(self) -> Buffer<'ctx, U> {
        let this = core::mem::ManuallyDrop::new(self);
        // SAFETY: the fields are moved once, out of what is not dropped.
        unsafe {
            Buffer {
                layout: core::ptr::read(&this.layout),
                source: core::ptr::read(&this.source),
                immutable: this.immutable,
                object: core::ptr::read(&this.object),
                _items: PhantomData,
            }
        }
    }

    /// Lets nobody write the items here.
    pub(crate) fn forbid_writing(&mut self) {
        self.layout.readonly = true;
    }

    /// Whether this is a copy that somebody may have written, and not written back.
    pub(crate) fn is_changed(&self) -> bool {
        matches!(&self.source, Source::Copy(copied) if copied.changed.get())
    }

    /// As [`write_back`](Self::write_back).
    pub(crate) fn write_back_items(&self) -> Result<()> {
        match &self.source {
            Source::Copy(copied) => copied.write_back(),
            _ => Ok(()),
        }
    }

    pub(crate) fn object_of(&self) -> &Handle<'ctx> {
        &self.object
    }
}
