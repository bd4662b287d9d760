//! The memory of an object, as its exporter shows it.

use crate::buffer::Layout;
use crate::{Error, Handle, Result};
use core::ffi::{CStr, c_int};
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use hpy_sys::capi::{self, Py_buffer, PyObject};

/// A view that is released when it is dropped, which must be where the thread is attached: whoever has it has a context's
/// lifetime too.
#[derive(Debug)]
pub(crate) struct View(NonNull<Room>);

/// PyPy's struct has room for shapes and formats within it, and ends later.
#[repr(C)]
struct Room {
    view: Py_buffer,
    more: MaybeUninit<[usize; 256]>,
}

/// Format, shape and strides are asked for; writing is not, an exporter says whether that can be.
const RECORDS_RO: c_int = 0x1c;

/// A view of the object's memory.
pub(crate) fn view(handle: &Handle<'_>) -> Result<Option<(View, Layout)>> {
    let object = handle.as_raw()._i as *mut PyObject;
    let room = Box::into_raw(Box::new(MaybeUninit::<Room>::zeroed()));
    // SAFETY: the memory is for a view, which zeros are, and is not moved; it is freed if there is none. The object is
    // alive.
    unsafe {
        let room = NonNull::new_unchecked(room.cast::<Room>());
        let view = &raw mut (*room.as_ptr()).view;
        if capi::PyObject_GetBuffer(object, view, RECORDS_RO) != 0 {
            drop(Box::from_raw(room.as_ptr()));
            return Err(Error::fetch(handle.ctx()));
        }
        let (found, layout) = (View(room), Layout::of(&*view)?);
        Ok(Some((found, layout)))
    }
}

impl Drop for View {
    fn drop(&mut self) {
        // SAFETY: the view is ours, the thread attached; the memory came from a box.
        unsafe {
            capi::PyBuffer_Release(&raw mut (*self.0.as_ptr()).view);
            drop(Box::from_raw(self.0.as_ptr()));
        }
    }
}

impl Layout {
    /// # Safety
    /// An exporter has filled the view.
    unsafe fn of(view: &Py_buffer) -> Result<Self> {
        let ndim = view.ndim.max(0) as usize;
        // SAFETY: as promised by the caller; shape and strides have been asked for, and have as many numbers as there
        // are dimensions.
        unsafe {
            let numbers = |numbers: *mut isize| match numbers.is_null() || ndim == 0 {
                true => &[][..],
                false => core::slice::from_raw_parts(numbers, ndim),
            };
            let format = match view.format.is_null() {
                true => "B".into(),
                false => CStr::from_ptr(view.format).to_string_lossy().into(),
            };
            Self::new(
                view.buf.cast(),
                view.len,
                view.itemsize,
                format,
                view.readonly != 0,
                (ndim, numbers(view.shape), numbers(view.strides)),
            )
        }
    }
}
