//! Critical sections: the locks that objects have without the GIL.

use crate::Handle;
use hpy_sys::capi::{self, PyCriticalSection, PyCriticalSection2, PyObject};

/// Runs `body` while this thread has the object's own lock, where Python runs without the GIL.
/// PyO3's `with_critical_section`, CPython's `Py_BEGIN_CRITICAL_SECTION`.
///
/// One thread at a time is in a section of an object. With the GIL, and under host contexts, the
/// function only runs `body`.
///
/// The section is *not* a lock in Rust's sense. It is given up, and taken again later, as the GIL
/// is:
///
/// - in [`detach`](crate::Context::detach), and where Python code that `body` calls waits;
/// - where `body` enters the section of another object and has to wait for it;
/// - in methods that lock two objects, such as `list.extend(other_list)`;
/// - on CPython 3.13, in each method of the same object that locks it: `append`, `set_item`.
///
/// So it cannot deadlock, also where sections are nested, in any order and of the same object. For
/// the same reason it gives no `&mut` to anything: data in Rust is behind a
/// [`Mutex`](super::MutexExt), or a [`borrow_mut`](crate::Handle::borrow_mut).
///
/// ```
/// use hpy::prelude::*;
/// use hpy::sync::with_critical_section;
///
/// /// Counts in a list that other threads count in too. From CPython 3.14 on, no other thread
/// /// comes between the two steps.
/// #[hpy_method]
/// fn count<'ctx>(counter: &Handle<'ctx, List>) -> Result<()> {
///     with_critical_section(counter, || {
///         let before: u64 = counter.get_item(0)?.extract()?;
///         counter.set_item(0, before + 1)
///     })
/// }
/// # hpy_mock::run(|ctx| {
/// #     let counter = ctx.list([1])?;
/// #     hpy_mock::method::<count>(ctx).call1((&counter,))?;
/// #     assert_eq!(counter.get_item(0)?.extract::<u64>()?, 2);
/// #     Ok(())
/// # });
/// ```
///
/// # Panics
/// A panic of `body` goes on after the section.
#[inline]
pub fn with_critical_section<'ctx, T, R>(object: &Handle<'ctx, T>, body: impl FnOnce() -> R) -> R {
    let Some(object) = locked(object) else {
        return body();
    };
    let mut section = PyCriticalSection::EMPTY;
    let section = &raw mut section;
    /// The section's place is on the stack, in the list of its thread.
    struct Entered(*mut PyCriticalSection);
    impl Drop for Entered {
        #[inline]
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
/// /// Moves the last item from one list to another. From CPython 3.14 on, no other thread sees it
/// /// in neither.
/// #[hpy_method]
/// fn move_last<'ctx>(source: &Handle<'ctx, List>, to: &Handle<'ctx, List>) -> Result<()> {
///     with_critical_section2(source, to, || to.append(source.pop()?))
/// }
/// # hpy_mock::run(|ctx| {
/// #     let (from, to) = (ctx.list([1, 2])?, ctx.list([3])?);
/// #     hpy_mock::method::<move_last>(ctx).call1((&from, &to))?;
/// #     assert_eq!((from.len(), to.len()), (1, 2));
/// #     Ok(())
/// # });
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
        #[inline]
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
