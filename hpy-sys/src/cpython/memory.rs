//! Whose memory a memoryview shows.

#[cfg(feature = "universal")]
use super::types::has_only_hpy_types;
use crate::capi::{self, PyObject};

/// The object whose memory a memoryview, or what is like one, is a view of, owned. Null with an exception.
///
/// The object itself if it has its own, and if the memory stays where it is while there is a view: that of bytes, and what
/// a type of HPy exports, which may refuse a second view.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[cfg(feature = "universal")]
pub unsafe fn owner_of_memory(o: *mut PyObject) -> *mut PyObject {
    /// A memoryview of an object of ctypes is of a memoryview.
    const DEPTH: usize = 8;
    // SAFETY: as promised by the caller; each reference is given back or given on once.
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

/// The object whose memory an object shows: asked on PyPy only, and here the object itself, owned.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[cfg(not(feature = "universal"))]
pub unsafe fn owner_of_memory(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { capi::new_ref(o) }
}
