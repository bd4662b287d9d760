//! The owner of a memoryview's memory on PyPy.

use super::python_source::define;
use crate::capi::*;
use core::ffi::CStr;
use core::sync::atomic::{AtomicPtr, Ordering};

/// The `obj` of a memoryview of this object, as a new reference. It may be Python's None. Null with
/// an exception.
///
/// Written in Python, because passing a memoryview of a closed mmap to C code aborts.
///
/// # Safety
/// `o` is an object, and the thread is attached.
pub(crate) unsafe fn owner_of_view(o: *mut PyObject) -> *mut PyObject {
    static VIEWED: AtomicPtr<PyObject> = AtomicPtr::new(core::ptr::null_mut());
    // The view is released at once, because a bytearray cannot be resized while a view exists.
    const SOURCE: &CStr = c"\
def owner_of_view(o, memoryview=memoryview):
    with memoryview(o) as view:
        return view.obj
";
    // SAFETY: as promised by the caller; the function is kept for ever.
    unsafe {
        let mut viewed = VIEWED.load(Ordering::Relaxed);
        if viewed.is_null() {
            let Some([made]) = define(SOURCE, [c"viewed"]) else {
                return core::ptr::null_mut();
            };
            VIEWED.store(made, Ordering::Relaxed);
            viewed = made;
        }
        let args = [o];
        PyObject_VectorcallDict(viewed, args.as_ptr(), 1, core::ptr::null_mut())
    }
}
