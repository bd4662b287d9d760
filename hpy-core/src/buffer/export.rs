//! The other side: memory in Rust that Python reads and writes.

use super::{Element, held};
use crate::exceptions::{BufferError, SystemError, ValueError};
use crate::object::handle::Borrowed;
use crate::{Context, Error, Result, backend};
use core::cell::{Cell, UnsafeCell};
use core::ffi::{CStr, c_int, c_void};
use core::fmt;
use core::sync::atomic::{Ordering, fence};
use hpy_sys::{HPy, HPy_buffer};
use std::sync::Arc;

/// Items that Python can have a share in: `memoryview`, numpy and whatever else asks for an
/// object's memory see these very items, and write them. `__buffer__` in `#[hpy_methods]` hands
/// them out. PyO3's `__getbuffer__` and `__releasebuffer__` by hand.
///
/// While somebody has a view of them, the items neither move nor end, also when the object does or
/// takes another `Memory` in its place: a view has a share of its own. Until the last one is gone
/// they cannot be lent as a slice, as Python may write them at any time, nor be resized.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::buffer::{Export, Memory};
///
/// #[hpy_type]
/// struct Samples {
///     items: Memory<f64>,
/// }
///
/// #[hpy_methods]
/// impl Samples {
///     #[new]
///     fn new(count: usize) -> Self {
///         Samples { items: Memory::from(vec![0.0; count]) }
///     }
///
///     fn sum(&self) -> f64 {
///         self.items.iter().sum()
///     }
///
///     /// BufferError while there is a view.
///     fn append(&mut self, value: f64) -> Result<()> {
///         self.items.as_vec_mut()?.push(value);
///         Ok(())
///     }
///
///     fn __buffer__(&mut self) -> Export {
///         self.items.export()
///     }
/// }
/// # fn main() {}
/// ```
pub struct Memory<T> {
    items: Arc<Items<T>>,
}

struct Items<T>(UnsafeCell<Vec<T>>);

// SAFETY: numbers. What is shared is read and written by atomic operations; slices and the vector
// are had by the one owner alone.
unsafe impl<T: Element> Send for Items<T> {}
// SAFETY: as above.
unsafe impl<T: Element> Sync for Items<T> {}

impl<T: Element> Memory<T> {
    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        // SAFETY: the vector itself is written by its one owner alone, through an exclusive
        // reference.
        unsafe { (&*self.items.0.get()).len() }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether there is a view of it.
    #[must_use]
    pub fn is_exported(&self) -> bool {
        Arc::strong_count(&self.items) != 1
    }

    fn start(&self) -> *mut T {
        // SAFETY: as for `len`; the pointer may be written through, as it does not come from a
        // reference to the items.
        unsafe { (&*self.items.0.get()).as_ptr().cast_mut() }
    }

    /// An item as it is now; None beyond the end.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<T> {
        // SAFETY: the index is within the items, which are aligned.
        (index < self.len()).then(|| unsafe { super::cells::load_shared(self.start().add(index)) })
    }

    /// Replaces an item: whether there is one.
    #[inline]
    pub fn set(&mut self, index: usize, value: T) -> bool {
        let is_there = index < self.len();
        if is_there {
            // SAFETY: the index is within the items, which are aligned; who reads them meanwhile
            // expects that they change.
            unsafe { super::cells::store_shared(self.start().add(index), value) }
        }
        is_there
    }

    /// The items, each as it is when its turn comes.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = T> {
        let start = self.start();
        // SAFETY: the index is within the items, which stay where they are while the memory is
        // borrowed.
        (0..self.len()).map(move |index| unsafe { super::cells::load_shared(start.add(index)) })
    }

    /// The items as a slice, for which nobody else may have a view: None then. None can come while
    /// the slice is there.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> Option<&[T]> {
        if self.is_exported() {
            return None;
        }
        // What was written through a view is seen after its end.
        fence(Ordering::Acquire);
        // SAFETY: this is the only owner, and another one is made by an exclusive reference alone.
        Some(unsafe { &*self.items.0.get() })
    }

    /// The items as a slice to write; None while there is a view.
    #[inline]
    pub fn as_mut_slice(&mut self) -> Option<&mut [T]> {
        Arc::get_mut(&mut self.items).map(|items| items.0.get_mut().as_mut_slice())
    }

    /// The vector, to add and remove items.
    ///
    /// # Errors
    /// BufferError while there is a view.
    pub fn as_vec_mut(&mut self) -> Result<&mut Vec<T>> {
        match Arc::get_mut(&mut self.items) {
            Some(items) => Ok(items.0.get_mut()),
            None => Err(BufferError::new(
                "existing views of the data: the object cannot be resized",
            )),
        }
    }

    /// A copy of the items.
    #[must_use]
    pub fn to_vec(&self) -> Vec<T> {
        match self.as_slice() {
            Some(items) => items.to_vec(),
            None => self.iter().collect(),
        }
    }

    /// A share of the items, for `__buffer__`: one dimension, writable.
    pub fn export(&mut self) -> Export {
        self.share()
    }

    /// As [`export`](Self::export), for memory of which nobody has a slice.
    pub(crate) fn share(&self) -> Export {
        let (start, len) = (self.start(), self.len());
        let owner: Arc<Items<T>> = self.items.clone();
        Export::new::<T>(start, len, owner, false)
    }
}

impl<T: Element> From<Vec<T>> for Memory<T> {
    fn from(items: Vec<T>) -> Self {
        Memory {
            items: Arc::new(Items(UnsafeCell::new(items))),
        }
    }
}

impl<T: Element> FromIterator<T> for Memory<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Vec::from_iter(items).into()
    }
}

impl<T: Element> Default for Memory<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T: Element + fmt::Debug> fmt::Debug for Memory<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// What `__buffer__` hands out: a share of some memory, and how its items lie. Made by
/// [`Memory::export`], or of items that never change.
pub struct Export {
    /// Where the memory begins, and how many items it has.
    memory: (*mut c_void, usize),
    /// Where the view begins, and how many items it has.
    start: *mut c_void,
    len: usize,
    itemsize: usize,
    format: &'static CStr,
    readonly: bool,
    shape: Vec<isize>,
    strides: Vec<isize>,
    _owner: Box<dyn Send + Sync>,
}

// SAFETY: the pointer is to what the owner holds, and that may be used on every thread.
unsafe impl Send for Export {}
// SAFETY: as above.
unsafe impl Sync for Export {}

impl Export {
    fn new<T: Element>(
        start: *mut T,
        len: usize,
        owner: impl Send + Sync + 'static,
        readonly: bool,
    ) -> Self {
        let owner: Box<dyn Send + Sync> = Box::new(owner);
        // PyPy 8 tells views apart by where they begin, and no items begin nowhere.
        let start = match len {
            0 => (&raw const *owner).cast::<c_void>().cast_mut(),
            _ => start.cast(),
        };
        Export {
            memory: (start, len),
            start,
            len,
            itemsize: size_of::<T>(),
            format: T::FORMAT,
            readonly,
            shape: vec![len as isize],
            strides: vec![size_of::<T>() as isize],
            _owner: owner,
        }
    }

    #[inline]
    pub(super) fn start(&self) -> *mut c_void {
        self.start
    }

    /// Items that never change, of which many objects may have a share.
    pub fn of<T: Element>(items: Arc<[T]>) -> Self {
        Self::new(items.as_ptr().cast_mut(), items.len(), items, true)
    }

    /// Lets nobody write the items through this view.
    #[must_use]
    #[inline]
    pub fn read_only(mut self) -> Self {
        self.readonly = true;
        self
    }

    /// Lays all the items out in several dimensions, the last of which varies fastest.
    ///
    /// # Errors
    /// ValueError if they are more or fewer items, for more than 64 dimensions, and where a zero
    /// stands beside numbers that no memory has.
    #[inline]
    pub fn shaped(mut self, shape: &[usize]) -> Result<Self> {
        let (start, len) = self.memory;
        if count_of(shape, self.itemsize) != Some(len) {
            return Err(ValueError::new(format!(
                "{len} items cannot have the shape {shape:?}"
            )));
        }
        (self.start, self.len) = (start, len);
        self.shape = shape.iter().map(|count| *count as isize).collect();
        self.strides = vec![0; shape.len()];
        let mut stride = self.itemsize as isize;
        for (place, count) in self.strides.iter_mut().zip(&self.shape).rev() {
            *place = stride;
            stride *= (*count).max(1);
        }
        Ok(self)
    }

    /// Shows some of the items, in any order: the view begins at the item `offset`, and one step
    /// along a dimension is as many items as `strides` says, backwards where that is negative. A
    /// view of every second item, of a column, of a matrix in Fortran's order.
    ///
    /// ```
    /// use hpy::buffer::{Export, Memory};
    /// use hpy::prelude::*;
    ///
    /// /// The columns of a matrix of two by three, the last one first.
    /// fn turned(cells: &mut Memory<f64>) -> Result<Export> {
    ///     cells.export().strided(2, &[3, 2], &[-1, 3])
    /// }
    /// # hpy_mock::run(|_| {
    /// #     let mut cells = Memory::from(vec![0.0; 6]);
    /// #     assert!(turned(&mut cells).is_ok());
    /// #     assert!(turned(&mut Memory::from(vec![0.0; 5])).is_err());
    /// #     Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// ValueError if an item of the view is none of the memory's, if there are not as many strides
    /// as dimensions, and for more than 64 dimensions.
    #[inline]
    pub fn strided(mut self, offset: usize, shape: &[usize], strides: &[isize]) -> Result<Self> {
        let (start, len) = self.memory;
        let count = count_of(shape, self.itemsize);
        let (Some(count), true) = (count, is_within(offset, shape, strides, len)) else {
            return Err(ValueError::new(format!(
                "{len} items have no view at {offset} of the shape {shape:?} with the strides \
                 {strides:?}"
            )));
        };
        self.start = match count {
            0 => start,
            // SAFETY: the offset is that of one of the items.
            _ => unsafe { start.byte_add(offset * self.itemsize) },
        };
        self.len = count;
        self.shape = shape.iter().map(|count| *count as isize).collect();
        // No overflow where anything is reached; of what is not, strides say nothing.
        let itemsize = self.itemsize as isize;
        self.strides = strides
            .iter()
            .map(|stride| stride.wrapping_mul(itemsize))
            .collect();
        Ok(self)
    }

    /// Whether items follow each other without gaps in the order of the dimensions given.
    #[inline]
    fn is_contiguous(&self, mut dimensions: impl Iterator<Item = (isize, isize)>) -> bool {
        let mut expected = self.itemsize as isize;
        self.len == 0
            || dimensions.all(|(count, stride)| {
                let fits = count == 1 || stride == expected;
                expected *= count;
                fits
            })
    }

    /// Whether a view with these flags can be had.
    #[inline]
    fn check(&self, flags: c_int) -> Result<()> {
        if self.readonly && flags & WRITABLE != 0 {
            return Err(BufferError::new("the memory is read-only"));
        }
        let asks = |wanted: c_int| flags & wanted == wanted;
        let dimensions = || self.shape.iter().copied().zip(self.strides.iter().copied());
        let is_c = self.is_contiguous(dimensions().rev());
        let is_f = self.is_contiguous(dimensions());
        let refusal = if asks(ANY_CONTIGUOUS) && !is_c && !is_f {
            "the memory is not contiguous"
        } else if asks(C_CONTIGUOUS) && !is_c {
            "the memory is not C-contiguous"
        } else if asks(F_CONTIGUOUS) && !is_f {
            "the memory is not Fortran contiguous"
        } else if !asks(STRIDES) && !is_c {
            "the memory is not C-contiguous, and no strides are asked for"
        } else {
            return Ok(());
        };
        Err(BufferError::new(refusal))
    }
}

/// How many items there are; None for more dimensions or bytes than a view can have. Strides are
/// counted as if no dimension were empty.
#[inline]
fn count_of(shape: &[usize], itemsize: usize) -> Option<usize> {
    let bytes = shape.iter().try_fold(itemsize as isize, |all, one| {
        all.checked_mul(isize::try_from(*one).ok()?.max(1))
    });
    (shape.len() <= 64 && bytes.is_some()).then(|| shape.iter().product())
}

/// Whether all that a view reaches from `offset` are places among so many items.
#[inline]
fn is_within(offset: usize, shape: &[usize], strides: &[isize], len: usize) -> bool {
    if shape.contains(&0) {
        return offset <= len && shape.len() == strides.len();
    }
    let (mut first, mut last) = (offset as i128, offset as i128);
    for (count, stride) in shape.iter().zip(strides) {
        let way = (*count as i128 - 1).saturating_mul(*stride as i128);
        first = first.saturating_add(way.min(0));
        last = last.saturating_add(way.max(0));
    }
    shape.len() == strides.len() && first >= 0 && last < len as i128
}

impl fmt::Debug for Export {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export")
            .field("format", &self.format)
            .field("shape", &self.shape)
            .field("readonly", &self.readonly)
            .finish_non_exhaustive()
    }
}

/// `PyBUF_WRITABLE` and the others.
const WRITABLE: c_int = 0x1;
const FORMAT: c_int = 0x4;
const ND: c_int = 0x8;
const STRIDES: c_int = 0x18;
const C_CONTIGUOUS: c_int = 0x38;
const F_CONTIGUOUS: c_int = 0x58;
const ANY_CONTIGUOUS: c_int = 0x98;

thread_local! {
    /// From `__buffer__` to the slot that has called it, which gets no more than a number from it.
    static HANDED_OUT: Cell<Option<Export>> = const { Cell::new(None) };
}

/// Puts it where the slot finds it.
#[inline]
pub(crate) fn hand_out(export: Export) {
    HANDED_OUT.set(Some(export));
}

/// Fills a view with what `__buffer__` has handed out.
///
/// # Safety
/// `view` may be written, `this` is open.
#[inline]
pub(crate) unsafe fn fill(
    ctx: Context<'_>,
    this: HPy,
    view: *mut HPy_buffer,
    flags: c_int,
) -> Result<()> {
    let Some(export) = HANDED_OUT.take() else {
        return Err(missing());
    };
    export.check(flags)?;
    let key = backend::view_key(ctx);
    // SAFETY: as promised by the caller: a view to fill.
    let held = unsafe { held::keep(key, export, view) };
    // Consumers follow what they did not ask for under other contexts and on PyPy.
    let gives_all = key != super::ViewKey::Internal || !ctx.raw.is_direct();
    let when_asked = |wanted: c_int| gives_all || flags & wanted == wanted;
    // What has no dimension has nothing to say of them.
    let when = |wanted: c_int, of: &mut [isize]| {
        if when_asked(wanted) && !of.is_empty() {
            of.as_mut_ptr()
        } else {
            core::ptr::null_mut()
        }
    };
    // SAFETY: as promised by the caller: a view to fill, an open handle; what is held stays until
    // the view ends.
    unsafe {
        let held = &mut *held;
        *view = HPy_buffer {
            buf: held.start,
            obj: Borrowed::new(ctx, this).dup().into_raw(),
            len: (held.len * held.itemsize) as isize,
            itemsize: held.itemsize as isize,
            readonly: held.readonly.into(),
            // As CPython has it: who asks for no shape gets one dimension.
            ndim: if when_asked(ND) {
                held.shape.len() as c_int
            } else {
                1
            },
            format: if when_asked(FORMAT) {
                held.format.as_ptr().cast_mut()
            } else {
                core::ptr::null_mut()
            },
            shape: when(ND, &mut held.shape),
            strides: when(STRIDES, &mut held.strides),
            suboffsets: core::ptr::null_mut(),
            internal: core::ptr::from_mut(held).cast(),
        };
    }
    Ok(())
}

#[cold]
#[inline]
fn missing() -> Error {
    SystemError::new("`__buffer__` has handed out nothing")
}
