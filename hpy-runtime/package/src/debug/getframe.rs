//! The Python line that runs, by `sys._getframe`: on PyPy, whose C API has no function for it.

use super::frames::Position;
use super::slots::with_table;
use core::ptr;
use hpy::sys::Static;
use hpy::sys::capi::{self, PyObject};
use std::collections::BTreeSet;

/// Each code object that was seen, with a reference. PyPy frees what C sees of an object when C has
/// no reference to it, though the object lives on.
static SEEN: Static<BTreeSet<usize>> = Static::new(BTreeSet::new());

/// The position of the running line, or none.
#[cold]
pub(super) fn current() -> Position {
    // SAFETY: the thread is attached. Objects are owned until they are released below. A pending
    // exception is put back.
    unsafe {
        let (mut kind, mut value, mut traceback) =
            (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        capi::PyErr_Fetch(&mut kind, &mut value, &mut traceback);
        let function = capi::PySys_GetObject(c"_getframe".as_ptr());
        let position = if function.is_null() {
            None
        } else {
            let frame = capi::PyObject_CallObject(function, ptr::null_mut());
            let position = of(frame);
            capi::xdecref(frame);
            position
        };
        capi::PyErr_Clear();
        capi::PyErr_Restore(kind, value, traceback);
        position.unwrap_or(Position::NONE)
    }
}

/// # Safety
/// The thread is attached. The frame is alive, or null.
unsafe fn of(frame: *mut PyObject) -> Option<Position> {
    if frame.is_null() {
        return None;
    }
    // SAFETY: as promised by the caller.
    unsafe {
        let number = capi::PyObject_GetAttrString(frame, c"f_lineno".as_ptr());
        if number.is_null() {
            return None;
        }
        let line = capi::PyLong_AsLongLong(number);
        capi::xdecref(number);
        let code = capi::PyObject_GetAttrString(frame, c"f_code".as_ptr());
        if code.is_null() || line <= 0 {
            capi::xdecref(code);
            return None;
        }
        // SAFETY: the table's lock is held.
        if !with_table(|_| (*SEEN.as_ptr()).insert(code as usize)) {
            capi::xdecref(code);
        }
        Some(Position::of_line(code, isize::try_from(line).ok()?))
    }
}
