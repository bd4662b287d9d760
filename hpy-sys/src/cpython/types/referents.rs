//! `gc.get_referents` of an instance lists what the implementation of `HPy_tp_traverse` visits, and
//! nothing else.
//!
//! An instance also owns its type, which CPython expects `tp_traverse` to visit since 3.9.
//! Otherwise a type that refers to one of its own instances is never collected. HPy's C
//! implementation does not visit it, so `gc.get_referents` does not list the type, and HPy's tests
//! check that. Here the collector sees the type, and only `gc.get_referents` does not.

use crate::capi::{self, PyObject, PyType_Slot, PyType_Spec, visitproc};
use core::ffi::{c_int, c_uint, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicUsize, Ordering};

/// The function that `gc.get_referents` passes to `tp_traverse`, or one of the two values below.
static VISIT: AtomicUsize = AtomicUsize::new(NOT_ASKED);
const NOT_ASKED: usize = 0;
/// The type is listed, too.
const UNKNOWN: usize = 1;

/// Whether this `visit` belongs to `gc.get_referents`.
#[inline]
pub(super) fn lists(visit: visitproc) -> bool {
    VISIT.load(Ordering::Relaxed) == visit as usize
}

/// Detects the function, once per process: calls `gc.get_referents` with a probe, which records its
/// `visit`.
///
/// # Safety
/// The thread is attached, and no exception is pending.
pub(super) unsafe fn learn() {
    if VISIT.load(Ordering::Relaxed) != NOT_ASKED {
        return;
    }
    // SAFETY: as promised by the caller.
    let visit = unsafe { learned_by_probe() };
    if visit.is_none() {
        // SAFETY: as above. A failure only makes the list longer.
        unsafe { capi::PyErr_Clear() };
    }
    VISIT.store(visit.unwrap_or(UNKNOWN), Ordering::Relaxed);
}

/// None if that failed, possibly with an exception.
unsafe fn learned_by_probe() -> Option<usize> {
    let header = capi::header_size();
    let mut slots = [
        PyType_Slot {
            slot: capi::Py_tp_traverse,
            pfunc: write_down as *const () as *mut c_void,
        },
        PyType_Slot {
            slot: 0,
            pfunc: null_mut(),
        },
    ];
    let mut spec = PyType_Spec {
        name: c"hpy.Probe".as_ptr(),
        basicsize: (header + size_of::<usize>()) as c_int,
        itemsize: 0,
        flags: (crate::enums::HPy_TPFLAGS_DEFAULT | capi::Py_TPFLAGS_HAVE_GC) as c_uint,
        slots: slots.as_mut_ptr(),
    };
    // SAFETY: as promised by the caller. Each new reference is released once. The probe has a
    // zeroed word after its header. The collector does not track it, so only `gc.get_referents` can
    // be recorded.
    unsafe {
        let gc = Owned::new(capi::PyImport_ImportModule(c"gc".as_ptr()))?;
        let function = capi::PyObject_GetAttrString(gc.0, c"get_referents".as_ptr());
        let function = Owned::new(function)?;
        let type_ = Owned::new(capi::PyType_FromSpecWithBases(&mut spec, null_mut()))?;
        let probe = Owned::new(capi::allocate(type_.0))?;
        capi::PyObject_GC_UnTrack(probe.0.cast());
        let word = probe.0.byte_add(header).cast::<usize>();
        word.write(0);
        let list = capi::PyObject_VectorcallDict(function.0, &probe.0, 1, null_mut());
        Owned::new(list)?;
        Some(word.read()).filter(|visit| *visit != 0)
    }
}

/// The probe's `tp_traverse`.
unsafe extern "C" fn write_down(o: *mut PyObject, visit: visitproc, _arg: *mut c_void) -> c_int {
    // SAFETY: called with a probe, which has a word after its header.
    unsafe {
        o.byte_add(capi::header_size())
            .cast::<usize>()
            .write(visit as usize);
    }
    0
}

struct Owned(*mut PyObject);

impl Owned {
    unsafe fn new(o: *mut PyObject) -> Option<Self> {
        (!o.is_null()).then_some(Owned(o))
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: a new reference, released once. The thread is attached.
        unsafe { capi::xdecref_cold(self.0) }
    }
}
