//! Critical sections: the locks that objects have without the GIL.

use crate::Handle;
use hpy_sys::capi::{self, PyCriticalSection, PyCriticalSection2, PyObject};

/// Runs `body` while this thread has the object's own lock, where Python runs without the GIL.
/// PyO3's `with_critical_section`, CPython's `Py_BEGIN_CRITICAL_SECTION`.
///
/// CPython's own methods of lists, dicts, sets and other objects take the same lock, so several
/// steps on such an object become one, as seen by other threads. With the GIL, and under host
/// contexts, it only runs `body`.
///
/// The section is *not* a lock in Rust's sense. Like the GIL, it is given up while the thread waits
/// or leaves Python: in [`detach`](crate::Context::detach), in code in Python that `body` calls,
/// and where `body` enters another section and has to wait for it. So it cannot deadlock, also
/// where sections are nested, in any order and of the same object. For the same reason it gives no
/// `&mut` to anything: data in Rust is behind a lock of its own, or a
/// [`borrow_mut`](crate::Handle::borrow_mut).
///
/// ```
/// use hpy::prelude::*;
/// use hpy::sync::with_critical_section;
///
/// /// Moves all items to the end of another list. No other thread sees a part of them moved.
/// #[hpy_method]
/// fn take_all<'ctx>(from: &Handle<'ctx, List>, to: &Handle<'ctx, List>) -> Result<()> {
///     with_critical_section(from, || {
///         to.extend_from(from)?;
///         from.clear()
///     })
/// }
/// ```
///
/// # Panics
/// A panic of `body` goes on after the section.
#[inline]
pub fn with_critical_section<'ctx, T, R>(
    object: &Handle<'ctx, T>,
    body: impl FnOnce() -> R,
) -> R {
    let Some(object) = locked(object) else {
        return body();
    };
    let mut section = PyCriticalSection::EMPTY;
    let section = &raw mut section;
    /// The section's place is on the stack, in the list of its thread.
    struct Entered(*mut PyCriticalSection);
    impl Drop for Entered {
        fn drop(&mut self) {
            // SAFETY: the section was entered by this thread, which is in Python. Those that were
            // entered after it have been left.
            unsafe { capi::PyCriticalSection_End(self.0) }
        }
    }
    // SAFETY: the object is alive, as its handle is open, and so is the section's place, which does
    // not move until the section is left.
    unsafe { capi::PyCriticalSection_Begin(section, object) };
    let _entered = Entered(section);
    body()
}

/// As [`with_critical_section`], of two objects at once, which may be the same. PyO3's
/// `with_critical_section2`, CPython's `Py_BEGIN_CRITICAL_SECTION2`.
///
/// Entering one section within another may give up the first one. Here `body` begins when the
/// thread has both.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::sync::with_critical_section2;
///
/// #[hpy_method]
/// fn swap<'ctx>(a: &Handle<'ctx, List>, b: &Handle<'ctx, List>) -> Result<()> {
///     with_critical_section2(a, b, || {
///         let (items_of_a, items_of_b) = (a.copy()?, b.copy()?);
///         a.clear()?;
///         a.extend_from(&items_of_b)?;
///         b.clear()?;
///         b.extend_from(&items_of_a)
///     })
/// }
/// ```
///
/// # Panics
/// A panic of `body` goes on after the sections.
#[inline]
pub fn with_critical_section2<'ctx, T, U, R>(
    a: &Handle<'ctx, T>,
    b: &Handle<'ctx, U>,
    body: impl FnOnce() -> R,
) -> R {
    let (Some(a), Some(b)) = (locked(a), locked(b)) else {
        return body();
    };
    let mut section = PyCriticalSection2::EMPTY;
    let section = &raw mut section;
    struct Entered(*mut PyCriticalSection2);
    impl Drop for Entered {
        fn drop(&mut self) {
            // SAFETY: as in `with_critical_section`.
            unsafe { capi::PyCriticalSection2_End(self.0) }
        }
    }
    // SAFETY: as in `with_critical_section`.
    unsafe { capi::PyCriticalSection2_Begin(section, a, b) };
    let _entered = Entered(section);
    body()
}

/// The object, where objects have locks.
#[inline(always)]
fn locked<T>(object: &Handle<'_, T>) -> Option<*mut PyObject> {
    let has_locks = object.ctx().raw.is_direct() && capi::free_threaded();
    has_locks.then_some(object.as_raw()._i as *mut PyObject)
}
