//! Types' names, as C strings that outlive the call.

use crate::capi::{self, PyObject};
use core::ffi::{CStr, c_char};
use core::sync::atomic::{AtomicPtr, Ordering};

pub(in crate::cpython) unsafe fn HPyType_GetName(type_: *mut PyObject) -> *const c_char {
    // SAFETY: the caller's object is a type. Each new reference is released once.
    unsafe {
        let heap = capi::type_flags(type_) & capi::Py_TPFLAGS_HEAPTYPE != 0;
        let full = capi::type_full_name(type_);
        if !heap && !full.is_null() {
            let bytes = CStr::from_ptr(full).to_bytes();
            let start = bytes.iter().rposition(|byte| *byte == b'.');
            return full.add(start.map_or(0, |dot| dot + 1));
        }
        let name = capi::name_of_type(type_);
        if name.is_null() {
            return core::ptr::null();
        }
        let text = capi::PyUnicode_AsUTF8AndSize(name, core::ptr::null_mut());
        // CPython's function returns the str that a heap type owns, and its static types have a
        // full name. Other interpreters return a new str each time.
        let lasts = capi::has_name_of_type()
            && (heap || cfg!(not(feature = "universal")))
            && !capi::on_graalpy();
        let text = if lasts || text.is_null() {
            text
        } else {
            intern(CStr::from_ptr(text))
        };
        capi::xdecref_cold(name);
        text
    }
}

/// A text shared by all types of that name. Never freed.
struct Name {
    text: Box<CStr>,
    next: AtomicPtr<Name>,
}

const BUCKETS: usize = 64;
/// Chains of names, which only grow: looking one up takes no lock.
static NAMES: [AtomicPtr<Name>; BUCKETS] =
    [const { AtomicPtr::new(core::ptr::null_mut()) }; BUCKETS];

/// A copy of the text that is never freed.
fn intern(text: &CStr) -> *const c_char {
    let mix = |hash: usize, byte: &u8| hash.wrapping_mul(31).wrapping_add(usize::from(*byte));
    let chain = &NAMES[text.to_bytes().iter().fold(0, mix) % BUCKETS];
    let mut first = chain.load(Ordering::Acquire);
    let mut next = first;
    // SAFETY: names are never freed.
    while let Some(name) = unsafe { next.as_ref() } {
        if *name.text == *text {
            return name.text.as_ptr();
        }
        next = name.next.load(Ordering::Acquire);
    }
    let name: &'static Name = Box::leak(Box::new(Name {
        text: text.into(),
        next: AtomicPtr::new(core::ptr::null_mut()),
    }));
    loop {
        name.next.store(first, Ordering::Relaxed);
        let new = core::ptr::from_ref(name).cast_mut();
        match chain.compare_exchange_weak(first, new, Ordering::AcqRel, Ordering::Acquire) {
            // Another thread may have added the same text, which does no harm.
            Ok(_) => return name.text.as_ptr(),
            Err(other) => first = other,
        }
    }
}
