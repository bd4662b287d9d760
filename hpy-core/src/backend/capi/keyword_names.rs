//! Parameters' names as CPython interns them, so that a keyword is known by its address.
//!
//! The names in a call are interned by the compiler, or by whoever built the call from a dict's
//! keys, nearly always. So comparing addresses finds the parameter; text is compared where that
//! fails, and decides.

use crate::Context;
use core::sync::atomic::{AtomicPtr, Ordering};
use hpy_sys::HPy;
use hpy_sys::capi::{self, PyObject};
use hpy_sys::interpreters;

/// The interned name of one parameter, once a call has used it.
///
/// It is the first interpreter's: others have other strings, and compare text. Its reference is
/// never given up, so no other object of that interpreter gets the address.
#[derive(Debug)]
pub struct KeywordName(AtomicPtr<PyObject>);

impl KeywordName {
    /// One that is not known yet, for a static.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self(AtomicPtr::new(core::ptr::null_mut()))
    }

    /// Remembers the name at `position` in the call's tuple of names.
    pub(crate) fn remember(&self, ctx: Context<'_>, names: HPy, position: usize) {
        if !ctx.raw.is_direct()
            || !self.0.load(Ordering::Relaxed).is_null()
            // SAFETY: a context means that the thread is attached.
            || !unsafe { interpreters::is_first() }
        {
            return;
        }
        // SAFETY: the tuple of names is open and has more strs than `position`. This one's text
        // ends with a NUL and has no other, as it is a parameter's; it was read before, so there is
        // no exception.
        let name = unsafe {
            let name = capi::tuple_item(names._i as *mut PyObject, position as isize);
            let text = capi::PyUnicode_AsUTF8AndSize(name, core::ptr::null_mut());
            capi::PyUnicode_InternFromString(text)
        };
        if name.is_null() {
            // No memory: the text is compared next time too.
            drop(crate::Error::take(ctx));
            return;
        }
        let (none, order) = (core::ptr::null_mut(), Ordering::Relaxed);
        if self.0.compare_exchange(none, name, order, order).is_err() {
            // SAFETY: another thread was faster, the reference is ours.
            unsafe { capi::decref(name) }
        }
    }
}

impl KeywordName {
    /// Whether it has this address.
    #[inline(always)]
    pub(crate) fn is(&self, name: *mut PyObject) -> bool {
        self.0.load(Ordering::Relaxed) == name
    }
}

/// The names in the call's tuple, where that takes no call: in the first interpreter, whose names
/// are known.
///
/// # Safety
/// `names` is an open handle of the C API to a tuple, and the thread is attached. The slice is
/// used during the call.
#[inline(always)]
pub(crate) unsafe fn keyword_addresses<'a>(names: HPy) -> Option<&'a [*mut PyObject]> {
    if interpreters::several() {
        return None;
    }
    // SAFETY: as promised by the caller. Nobody changes a tuple.
    unsafe { capi::tuple_items_in_line(names._i as *mut PyObject) }
}

/// The parameter whose name has the address of the one at `position`.
#[inline(always)]
pub(crate) fn known_keyword(
    _: Context<'_>,
    names: HPy,
    position: usize,
    known: &[KeywordName],
) -> Option<usize> {
    // SAFETY: a context means that the thread is attached.
    if !unsafe { interpreters::is_first() } {
        return None;
    }
    // SAFETY: the callers' tuple is open and has more names than `position`.
    let name = unsafe { capi::tuple_item(names._i as *mut PyObject, position as isize) };
    known.iter().position(|known| known.is(name))
}
