//! `bytearray`, `memoryview`, `range`: through the Python level.

use crate::types::{ByteArray, MemoryView, Range, TypeObject};
use crate::{Context, Handle, IntoHandle, Result};

impl<'ctx> Context<'ctx> {
    /// A bytearray with a copy of the data.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn bytearray(self, data: &[u8]) -> Result<Handle<'ctx, ByteArray>> {
        ByteArray::type_object(self)?
            .call1((data,))?
            .downcast_into()
    }

    /// `memoryview(object)`.
    ///
    /// # Errors
    /// TypeError for objects without a buffer.
    #[inline]
    pub fn memoryview(self, object: &Handle<'ctx>) -> Result<Handle<'ctx, MemoryView>> {
        MemoryView::type_object(self)?
            .call1((object,))?
            .downcast_into()
    }

    /// `range(start, stop, step)`. The ints may be of any size.
    ///
    /// # Errors
    /// ValueError for a step of 0, TypeError for what are no ints, what a conversion raises, or
    /// MemoryError.
    pub fn range<A, B, C>(self, start: A, stop: B, step: C) -> Result<Handle<'ctx, Range>>
    where
        A: IntoHandle<'ctx>,
        B: IntoHandle<'ctx>,
        C: IntoHandle<'ctx>,
    {
        Range::type_object(self)?
            .call1((start, stop, step))?
            .downcast_into()
    }
}

impl<'ctx> Handle<'ctx, ByteArray> {
    /// A copy of the bytes. HPy's `HPy_Bytes`.
    ///
    /// # Errors
    /// MemoryError; what a subclass raises.
    #[inline]
    pub fn to_vec(&self) -> Result<Vec<u8>> {
        Ok(self.to_bytes()?.as_bytes().to_vec())
    }

    /// Appends a byte.
    ///
    /// # Errors
    /// BufferError where the bytes are in use by somebody else, or MemoryError.
    #[inline]
    pub fn append(&self, byte: u8) -> Result<()> {
        self.call_method1(c"append", (byte,)).map(drop)
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// As for [`append`](Self::append).
    #[inline]
    pub fn extend(&self, bytes: &[u8]) -> Result<()> {
        self.call_method1(c"extend", (bytes,)).map(drop)
    }

    /// Removes all bytes.
    ///
    /// # Errors
    /// BufferError where the bytes are in use by somebody else.
    #[inline]
    pub fn clear(&self) -> Result<()> {
        self.call_method0(c"clear").map(drop)
    }
}

impl<'ctx> Handle<'ctx, MemoryView> {
    /// A copy of the bytes, in C's order: Python's `tobytes`.
    ///
    /// # Errors
    /// ValueError if the view is released, or MemoryError.
    #[inline]
    pub fn to_vec(&self) -> Result<Vec<u8>> {
        self.call_method0(c"tobytes")?.extract()
    }

    /// Bytes in all.
    ///
    /// # Errors
    /// ValueError if the view is released; so it is for all that follow.
    #[inline]
    pub fn nbytes(&self) -> Result<usize> {
        self.getattr(c"nbytes")?.extract()
    }

    /// Bytes of an item.
    ///
    /// # Errors
    /// As for [`nbytes`](Self::nbytes).
    #[inline]
    pub fn itemsize(&self) -> Result<usize> {
        self.getattr(c"itemsize")?.extract()
    }

    /// The items' type, in the notation of the `struct` module.
    ///
    /// # Errors
    /// As for [`nbytes`](Self::nbytes).
    #[inline]
    pub fn format(&self) -> Result<String> {
        self.getattr(c"format")?.extract()
    }

    /// The number of items along each dimension.
    ///
    /// # Errors
    /// As for [`nbytes`](Self::nbytes).
    #[inline]
    pub fn shape(&self) -> Result<Vec<usize>> {
        self.getattr(c"shape")?.extract()
    }

    /// Whether the memory may not be written.
    ///
    /// # Errors
    /// As for [`nbytes`](Self::nbytes).
    #[inline]
    pub fn readonly(&self) -> Result<bool> {
        self.getattr(c"readonly")?.extract()
    }

    /// Lets go of the memory: the view can't be used afterwards.
    ///
    /// # Errors
    /// BufferError where something else still uses the view.
    #[inline]
    pub fn release(&self) -> Result<()> {
        self.call_method0(c"release").map(drop)
    }
}

impl<'ctx> Handle<'ctx, Range> {
    /// The first number.
    ///
    /// # Errors
    /// OverflowError for a number that does not fit; so it is for all that follow.
    #[inline]
    pub fn start(&self) -> Result<isize> {
        self.getattr(c"start")?.extract()
    }

    /// Where it ends, exclusive.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    #[inline]
    pub fn stop(&self) -> Result<isize> {
        self.getattr(c"stop")?.extract()
    }

    /// The distance.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    #[inline]
    pub fn step(&self) -> Result<isize> {
        self.getattr(c"step")?.extract()
    }
}
