//! The owner of the memory that a memoryview shows.

#[cfg(feature = "universal")]
use super::types::has_only_hpy_types;
use crate::capi::{self, PyObject};

/// The object that owns the memory of a memoryview or a similar view, as a new reference. Null with
/// an exception.
///
/// This is the object itself if it owns its memory. It is also the object itself if the memory
/// cannot move while a view exists: bytes, and types of HPy, which may refuse a second view.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[cfg(feature = "universal")]
pub unsafe fn owner_of_memory(o: *mut PyObject) -> *mut PyObject {
    /// A memoryview of a ctypes object is a view of another memoryview.
    const DEPTH: usize = 8;
    // SAFETY: as promised by the caller. Each reference is released or passed on once.
    unsafe {
        let mut found = capi::new_ref(o);
        for _ in 0..DEPTH {
            if has_only_hpy_types(found) {
                break;
            }
            let next = capi::pypy::memory_view::owner_of_view(found);
            if next.is_null() {
                capi::xdecref_cold(found);
                return next;
            }
            if next == capi::_Py_NoneStruct() || next == found {
                capi::xdecref_cold(next);
                break;
            }
            capi::xdecref_cold(found);
            found = next;
        }
        let stays = capi::has_type_flag(found, capi::Py_TPFLAGS_BYTES_SUBCLASS)
            || has_only_hpy_types(found);
        if stays && found != o {
            capi::xdecref_cold(found);
            return capi::new_ref(o);
        }
        found
    }
}

/// A new reference to the object itself. Only PyPy needs to find another owner.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[cfg(not(feature = "universal"))]
pub unsafe fn owner_of_memory(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { capi::new_ref(o) }
}
