//! Lists and tuples of numbers, read and written in one go.

mod bulk;
mod number;

pub use number::{Number, Packed};

use crate::backend;
use crate::convert::std::sources::held_back;
use crate::exceptions::ValueError;
use crate::types::downcast::exactly;
use crate::types::{List, Tuple};
use crate::{Context, Error, Handle, Result};
use core::mem::MaybeUninit;
use hpy_sys::capi::PyObject;

impl<'ctx> Handle<'ctx, List> {
    /// The items, which are all numbers, in a vector.
    ///
    /// Each interpreter's quickest way is taken: on CPython the items' memory is read, on PyPy and
    /// GraalPy one call converts all. What a [`Vec`] as an argument takes from any iterable, this
    /// takes from the list alone.
    ///
    /// # Errors
    /// What the conversion of an item raises; where that is a TypeError, OverflowError or
    /// ValueError, the message begins with the index: "item 3: …". MemoryError.
    ///
    /// ```
    /// # use hpy::exceptions::TypeError;
    /// # use hpy::prelude::*;
    /// #[hpy_method]
    /// fn mean(values: &Handle<'_, List>) -> Result<f64> {
    ///     let values = values.to_vec::<f64>()?;
    ///     Ok(values.iter().sum::<f64>() / values.len() as f64)
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let mean = hpy_mock::method::<mean>(ctx);
    /// #     assert_eq!(mean.call1(([1.5, 2.5],))?.extract::<f64>()?, 2.0);
    /// #     let error = mean.call1((("x",),)).unwrap_err();
    /// #     assert!(error.is_instance_of::<TypeError>(ctx));
    /// #     Ok(())
    /// # });
    /// ```
    pub fn to_vec<T: Number>(&self) -> Result<Vec<T>> {
        Items::of_list(self).to_vec()
    }

    /// Writes the items, which are all numbers, into the slice, which has as many.
    ///
    /// # Errors
    /// As for [`to_vec`](Self::to_vec); ValueError where the lengths differ. The slice may be
    /// filled in part then.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn point(list: &Handle<'_, List>) -> Result<[f64; 3]> {
    ///     let mut point = [0.0; 3];
    ///     list.copy_to_slice(&mut point)?;
    ///     Ok(point)
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     assert_eq!(point(&ctx.list([1.0, 2.0, 3.5])?)?, [1.0, 2.0, 3.5]);
    /// #     assert!(point(&ctx.list([1.0])?).is_err());
    /// #     Ok(())
    /// # });
    /// ```
    pub fn copy_to_slice<T: Number>(&self, target: &mut [T]) -> Result<()> {
        Items::of_list(self).copy_to(target)
    }

    /// Replaces the items by the numbers of the slice, which has as many.
    ///
    /// On CPython, floats that are the list's alone get other values, instead of new ones in their
    /// places.
    ///
    /// # Errors
    /// ValueError where the lengths differ; MemoryError. The list is as it was then.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// # hpy_mock::run(|ctx| {
    /// let list = ctx.list([1.0, 2.0])?;
    /// list.copy_from_slice(&[0.5, 1.5])?;
    /// assert_eq!(list.to_vec::<f64>()?, [0.5, 1.5]);
    /// assert!(list.copy_from_slice(&[0.5]).is_err());
    /// # Ok(())
    /// # });
    /// ```
    pub fn copy_from_slice<T: Number>(&self, values: &[T]) -> Result<()> {
        if self.len() != values.len() {
            return Err(other_length(self.len(), values.len()));
        }
        // A subclass may have a say in it.
        if exactly::<List>(self.as_object()).is_none() {
            return self.splice(0, values);
        }
        // SAFETY: an open handle of a list.
        if unsafe { backend::overwrites_floats(self.ctx(), self.as_raw(), values) } {
            return Ok(());
        }
        let new = self.ctx().list_from_slice(values)?;
        // SAFETY: open handles of lists; the new one is nobody else's, so it may have any items at
        // its end.
        if unsafe { backend::swaps_items(self.ctx(), self.as_raw(), new.as_raw()) } {
            return Ok(());
        }
        self.as_object().set_slice(0, isize::MAX, new)
    }

    /// Appends the numbers of the slice.
    ///
    /// # Errors
    /// MemoryError.
    ///
    /// ```
    /// # hpy_mock::run(|ctx| {
    /// let list = ctx.list_from_slice(&[1, 2])?;
    /// list.extend_from_slice(&[3, 4])?;
    /// assert_eq!(list.to_vec::<u8>()?, [1, 2, 3, 4]);
    /// # Ok(())
    /// # });
    /// ```
    pub fn extend_from_slice<T: Number>(&self, values: &[T]) -> Result<()> {
        self.splice(self.len(), values)
    }

    /// Puts numbers in place of the items from `start` on.
    fn splice<T: Number>(&self, start: usize, values: &[T]) -> Result<()> {
        let new = self.ctx().list_from_slice(values)?;
        let start = isize::try_from(start)?;
        self.as_object().set_slice(start, isize::MAX, new)
    }
}

impl Handle<'_, Tuple> {
    /// As [`to_vec`](Handle::<List>::to_vec) of a list.
    ///
    /// # Errors
    /// Likewise.
    pub fn to_vec<T: Number>(&self) -> Result<Vec<T>> {
        Items::of_tuple(self).to_vec()
    }

    /// As [`copy_to_slice`](Handle::<List>::copy_to_slice) of a list.
    ///
    /// # Errors
    /// Likewise.
    pub fn copy_to_slice<T: Number>(&self, target: &mut [T]) -> Result<()> {
        Items::of_tuple(self).copy_to(target)
    }
}

impl<'ctx> Context<'ctx> {
    /// A list of the numbers. A `Vec` or slice that a method returns is made into a list the same
    /// way (of `u8`, into bytes).
    ///
    /// # Errors
    /// MemoryError.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// #[hpy_method]
    /// fn cumulated<'ctx>(values: &Handle<'ctx, List>) -> Result<Handle<'ctx, List>> {
    ///     let mut numbers = values.to_vec::<f64>()?;
    ///     let mut sum = 0.0;
    ///     for number in &mut numbers {
    ///         sum += *number;
    ///         *number = sum;
    ///     }
    ///     values.ctx().list_from_slice(&numbers)
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let cumulated = hpy_mock::method::<cumulated>(ctx).call1(([1.0, 2.0, 3.0],))?;
    /// #     assert_eq!(cumulated.extract::<Vec<f64>>()?, [1.0, 3.0, 6.0]);
    /// #     Ok(())
    /// # });
    /// ```
    pub fn list_from_slice<T: Number>(self, values: &[T]) -> Result<Handle<'ctx, List>> {
        if let Some(made) = bulk::write(self, values) {
            return Ok(made);
        }
        // SAFETY: a new list or null with an exception.
        unsafe { self.made_handle(backend::list_of_numbers(self, values)) }
    }

    /// A tuple of the numbers.
    ///
    /// # Errors
    /// MemoryError.
    pub fn tuple_from_slice<T: Number>(self, values: &[T]) -> Result<Handle<'ctx, Tuple>> {
        // SAFETY: a new tuple or null with an exception.
        unsafe { self.made_handle(backend::tuple_of_numbers(self, values)) }
    }
}

/// The items of a list or a tuple.
struct Items<'a, 'ctx> {
    sequence: &'a Handle<'ctx>,
    is_list: bool,
}

/// How much is reserved on the word of an object under a foreign context, where a subclass may
/// answer anything.
const TRUSTED_LEN: usize = 4096;

impl<'a, 'ctx> Items<'a, 'ctx> {
    #[inline]
    fn of_list(list: &'a Handle<'ctx, List>) -> Self {
        Self {
            sequence: list.as_object(),
            is_list: true,
        }
    }

    #[inline]
    fn of_tuple(tuple: &'a Handle<'ctx, Tuple>) -> Self {
        Self {
            sequence: tuple.as_object(),
            is_list: false,
        }
    }

    #[inline]
    fn ctx(&self) -> Context<'ctx> {
        self.sequence.ctx()
    }

    #[inline]
    fn len(&self) -> usize {
        let (ctx, raw) = (self.ctx(), self.sequence.as_raw());
        if self.is_list {
            backend::list_len(ctx, raw)
        } else {
            backend::tuple_len(ctx, raw)
        }
    }

    #[inline]
    fn get(&self, index: usize) -> Option<Handle<'ctx>> {
        let (ctx, raw) = (self.ctx(), self.sequence.as_raw());
        if self.is_list {
            backend::list_get(ctx, raw, index)
        } else {
            backend::tuple_get(ctx, raw, index)
        }
    }

    /// Reads numbers as long as they can be seen without a call: how many.
    #[inline(always)]
    fn run<T: Number>(&self, from: usize, target: &mut [MaybeUninit<T>]) -> usize {
        let read = |items: &[*mut PyObject]| {
            let items = items.get(from..).unwrap_or(&[]);
            let mut count = 0;
            for (item, place) in items.iter().zip(target) {
                // SAFETY: an item is an object, the thread attached; one that is null is no item
                // yet.
                match unsafe { (!item.is_null()).then(|| T::seen(*item)).flatten() } {
                    Some(value) => _ = place.write(value),
                    None => break,
                }
                count += 1;
            }
            count
        };
        let (ctx, raw) = (self.ctx(), self.sequence.as_raw());
        // SAFETY: the handle is open and of what it is said to be; the items are only looked at.
        unsafe { backend::with_items_in_line(ctx, raw, self.is_list, read) }
    }

    /// The number at `index`, by way of Python code if need be; None if there is no such item (any
    /// more).
    #[inline(always)]
    fn number<T: Number>(&self, index: usize) -> Result<Option<T>> {
        let item = match self.get(index) {
            Some(item) => item,
            None => match held_back(self.sequence, index, self.len()) {
                Some(item) => item?,
                None => return Ok(None),
            },
        };
        T::from_handle(&item)
            .map(Some)
            .map_err(|error| error.in_item(self.ctx(), index))
    }

    fn to_vec<T: Number>(&self) -> Result<Vec<T>> {
        let len = self.len();
        let mut values = Vec::new();
        let is_direct = self.ctx().raw.is_direct();
        values.try_reserve_exact(if is_direct { len } else { len.min(TRUSTED_LEN) })?;
        if let Some(numbers) = bulk::read::<T>(self, len)?
            && bulk::unpack(&numbers, |value| {
                values.try_reserve(1).ok()?;
                values.push(value);
                Some(())
            })
        {
            return Ok(values);
        }
        values.clear();
        loop {
            let index = values.len();
            let count = self.run(index, values.spare_capacity_mut());
            // SAFETY: so many values behind the others have just been written.
            unsafe { values.set_len(index + count) };
            match self.number(values.len())? {
                Some(value) => {
                    values.try_reserve(1)?;
                    values.push(value);
                }
                None => return Ok(values),
            }
        }
    }

    fn copy_to<T: Number>(&self, target: &mut [T]) -> Result<()> {
        let len = self.len();
        if len != target.len() {
            return Err(other_length(len, target.len()));
        }
        if let Some(numbers) = bulk::read::<T>(self, len)?
            && numbers.as_slice().len() == len
        {
            let mut places = target.iter_mut();
            if bulk::unpack(&numbers, |value| places.next().map(|place| *place = value)) {
                return Ok(());
            }
        }
        let mut index = 0;
        while index < len {
            // SAFETY: a value is a value that may be uninitialised; `run` writes nothing but
            // values.
            let places = unsafe {
                let rest = &mut target[index..];
                &mut *(core::ptr::from_mut(rest) as *mut [MaybeUninit<T>])
            };
            index += self.run(index, places);
            if index < len {
                match self.number(index)? {
                    Some(value) => target[index] = value,
                    None => return Err(other_length(self.len(), len)),
                }
                index += 1;
            }
        }
        Ok(())
    }
}

#[cold]
#[inline]
fn other_length(found: usize, expected: usize) -> Error {
    ValueError::new(format!("{found} items, where {expected} are expected"))
}

/// The numbers of an object that is exactly a list or a tuple: for conversions.
pub(crate) fn numbers_of<T: Number>(object: &Handle<'_>) -> Option<Result<Vec<T>>> {
    if let Some(list) = exactly::<List>(object) {
        return Some(list.to_vec());
    }
    exactly::<Tuple>(object).map(Handle::<Tuple>::to_vec)
}
