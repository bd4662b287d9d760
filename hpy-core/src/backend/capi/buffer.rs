//! The memory of an object, as its exporter shows it.

use crate::buffer::Layout;
use crate::exceptions::BufferError;
use crate::types::Bytes;
use crate::types::downcast::exactly;
use crate::{Context, Error, Handle, Result};
use core::ffi::{CStr, c_int};
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use hpy_sys::capi::{self, Py_buffer, PyObject};
use hpy_sys::cpython;
use std::borrow::Cow;

/// A view that is released when it is dropped, which must be where the thread is attached: whoever
/// has it has a context's lifetime too.
#[derive(Debug)]
pub(crate) struct View {
    /// Of `Py_buffer` alone unless it has room.
    room: NonNull<Room>,
    has_room: bool,
    /// The view of the object that this one is of in its turn.
    owner: Option<Box<View>>,
}

/// PyPy's struct has room for shapes and formats within it, and ends later. Others have none, and
/// making it takes longer than asking for the view.
#[repr(C)]
struct Room {
    view: Py_buffer,
    more: MaybeUninit<[usize; 256]>,
}

/// Format, shape and strides are asked for; writing is not, an exporter says whether that can be.
const RECORDS_RO: c_int = 0x1c;

/// A view of the object's memory; None where the interpreter shows none that can be relied on.
///
/// A view of a memoryview on GraalPy is of the memory that the owner had when somebody asked first,
/// which may be freed.
pub(crate) fn view(handle: &Handle<'_>) -> Result<Option<(View, Box<Layout>)>> {
    let moves = memory_moves(handle.ctx()) && exactly::<Bytes>(handle).is_none();
    if moves && handle.ctx().is_on_graalpy() {
        return Ok(None);
    }
    let owner = if moves {
        owner_elsewhere(handle)?
    } else {
        None
    };
    let Some(owner) = owner else {
        return open(handle).map(Some);
    };
    // The owner goes first: it may run Python code, and what is but a view does not.
    let (whole, all) = open(&owner)?;
    let (mut found, layout) = open(handle)?;
    // PyPy's memoryviews with strides or several dimensions keep their shape when an array gets
    // shorter.
    if !layout.lies_within(&all) {
        return Err(BufferError::new(
            "the memory has become smaller than the view of it",
        ));
    }
    found.owner = Some(Box::new(whole));
    Ok(Some((found, layout)))
}

/// The object whose memory a memoryview, or what is like one, is a view of; None for an object that
/// has its own.
#[inline(never)]
fn owner_elsewhere<'ctx>(handle: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    // SAFETY: a direct context's handles are objects' addresses; a new reference, or null with an
    // exception.
    let owner = unsafe {
        let owner = cpython::owner_of_memory(handle.as_raw()._i as *mut PyObject);
        let raw = hpy_sys::HPy { _i: owner as isize };
        handle.ctx().made_handle(raw)?
    };
    Ok((!owner.is(handle)).then_some(owner))
}

fn open(handle: &Handle<'_>) -> Result<(View, Box<Layout>)> {
    let object = handle.as_raw()._i as *mut PyObject;
    let has_room = handle.ctx().is_on_pypy();
    let view = if has_room {
        Box::into_raw(Box::new(MaybeUninit::<Room>::zeroed())).cast()
    } else {
        Box::into_raw(Box::new(MaybeUninit::<Py_buffer>::zeroed())).cast::<Py_buffer>()
    };
    // SAFETY: the memory is for a view, which zeros are, and is not moved; it is freed if there is
    // none. The object is alive.
    unsafe {
        if capi::PyObject_GetBuffer(object, view, RECORDS_RO) != 0 {
            free(view, has_room);
            return Err(Error::fetch_as_it_is(handle.ctx()));
        }
        let found = View {
            room: NonNull::new_unchecked(view).cast(),
            has_room,
            owner: None,
        };
        Ok((found, Layout::of(&*view)?))
    }
}

/// # Safety
/// The memory is a box's, of a view with or without room, and is not used again.
unsafe fn free(view: *mut Py_buffer, has_room: bool) {
    // SAFETY: as promised by the caller.
    unsafe {
        if has_room {
            drop(Box::from_raw(view.cast::<MaybeUninit<Room>>()));
        } else {
            drop(Box::from_raw(view.cast::<MaybeUninit<Py_buffer>>()));
        }
    }
}

/// The format, without an allocation if it is that of bytes.
fn known(format: &CStr) -> Cow<'static, str> {
    match format.to_bytes() {
        b"B" => Cow::Borrowed("B"),
        b"b" => Cow::Borrowed("b"),
        b"d" => Cow::Borrowed("d"),
        _ => Cow::Owned(format.to_string_lossy().into_owned()),
    }
}

/// Whether an object may move or free its memory while there is a view of it.
///
/// PyPy 8 counts no views of arrays and maps, neither it nor GraalPy 25 those through a memoryview
/// that is released, and `bytearray.__init__` looks at none.
#[inline(always)]
pub(crate) fn memory_moves(ctx: Context<'_>) -> bool {
    ctx.is_on_pypy() || ctx.is_on_graalpy()
}

impl Drop for View {
    fn drop(&mut self) {
        let (view, has_room) = (self.room.as_ptr().cast(), self.has_room);
        let release = move || {
            // SAFETY: the view is ours, the thread attached; the memory came from a box.
            unsafe {
                capi::PyBuffer_Release(view);
                free(view, has_room);
            }
        };
        if let Some(release) = crate::thread::detached::put_off(release) {
            release();
        }
    }
}

impl Layout {
    /// # Safety
    /// An exporter has filled the view.
    unsafe fn of(view: &Py_buffer) -> Result<Box<Self>> {
        let ndim = view.ndim.max(0) as usize;
        // SAFETY: as promised by the caller; shape and strides have been asked for, and have as
        // many numbers as there are dimensions.
        unsafe {
            let numbers = |numbers: *mut isize| match numbers.is_null() || ndim == 0 {
                true => &[][..],
                false => core::slice::from_raw_parts(numbers, ndim),
            };
            let format = match view.format.is_null() {
                true => Cow::Borrowed("B"),
                false => known(CStr::from_ptr(view.format)),
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
