//! `slice`.

use crate::types::Slice;
use crate::{Context, Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// `slice(start, stop, step)`: `ctx.slice(1, 10, ())`, where `()` is None. HPy's
    /// `HPySlice_New`.
    ///
    /// # Errors
    /// What a conversion raises, or MemoryError.
    pub fn slice<A, B, C>(self, start: A, stop: B, step: C) -> Result<Handle<'ctx, Slice>>
    where
        A: IntoHandle<'ctx>,
        B: IntoHandle<'ctx>,
        C: IntoHandle<'ctx>,
    {
        let (start, stop) = (start.into_argument(self)?, stop.into_argument(self)?);
        let step = step.into_argument(self)?;
        // SAFETY: the handles are open; a new slice or null with an exception.
        unsafe {
            let slice = HPySlice_New(self.as_ptr(), start.as_raw(), stop.as_raw(), step.as_raw());
            self.made_handle(slice)
        }
    }
}

/// What a slice selects from a sequence of some length: see [`indices`](Handle::indices).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SliceIndices {
    /// The first index.
    pub start: isize,
    /// Where it ends, exclusive; -1 where it ends before the first item.
    pub stop: isize,
    /// The distance, never 0; negative where it goes backwards.
    pub step: isize,
    /// How many items are selected.
    pub len: usize,
}

impl SliceIndices {
    /// The indices of the items selected.
    ///
    /// ```
    /// # use hpy::types::SliceIndices;
    /// let backwards = SliceIndices { start: 4, stop: -1, step: -2, len: 3 };
    /// assert_eq!(backwards.iter().collect::<Vec<_>>(), [4, 2, 0]);
    /// ```
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..self.len as isize).map(move |place| {
            let index = self.start.wrapping_add(place.wrapping_mul(self.step));
            index as usize
        })
    }
}

impl<'ctx> Handle<'ctx, Slice> {
    /// `start`, as it was given: an int, None or anything.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn start(&self) -> Result<Handle<'ctx>> {
        self.getattr(c"start")
    }

    /// `stop`, likewise.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn stop(&self) -> Result<Handle<'ctx>> {
        self.getattr(c"stop")
    }

    /// `step`, likewise.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn step(&self) -> Result<Handle<'ctx>> {
        self.getattr(c"step")
    }

    /// What the slice selects from a sequence of `len` items: Python's `slice.indices`. HPy's
    /// `HPySlice_Unpack` and `HPySlice_AdjustIndices`.
    ///
    /// # Errors
    /// TypeError if a part is no int, ValueError for a step of 0.
    ///
    /// ```
    /// use hpy::prelude::*;
    /// use hpy::types::Slice;
    ///
    /// const COLOURS: [&str; 4] = ["red", "green", "blue", "white"];
    ///
    /// #[hpy_method]
    /// fn colours(slice: &Handle<'_, Slice>) -> Result<Vec<&'static str>> {
    ///     let selected = slice.indices(COLOURS.len())?;
    ///     Ok(selected.iter().filter_map(|index| COLOURS.get(index).copied()).collect())
    /// }
    /// ```
    #[inline]
    pub fn indices(&self, len: usize) -> Result<SliceIndices> {
        let (mut start, mut stop, mut step) = (0, 0, 0);
        let ctx = self.ctx();
        // SAFETY: the handle is an open slice, the places are valid.
        let result = unsafe {
            HPySlice_Unpack(
                ctx.as_ptr(),
                self.as_raw(),
                &mut start,
                &mut stop,
                &mut step,
            )
        };
        ctx.check(result)?;
        let len = HPy_ssize_t::try_from(len).unwrap_or(HPy_ssize_t::MAX);
        let len = HPySlice_AdjustIndices(len, &mut start, &mut stop, step);
        Ok(SliceIndices {
            start,
            stop,
            step,
            len: len.max(0) as usize,
        })
    }
}
