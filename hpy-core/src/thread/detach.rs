//! `detach`: letting other threads use Python while Rust works.

use crate::Context;
use crate::backend::Away;
use crate::thread::detached;
use crate::thread::detached::Change;
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// Runs `work` without the interpreter, so that other Python threads can run.
    /// HPy's `HPy_LeavePythonExecution` and `HPy_ReenterPythonExecution`; PyO3's `Python::detach`.
    ///
    /// `work` owns what it needs and gives back what it made. It is `'static`: nothing that holds
    /// the call's `'ctx` gets in as a value, not even in a wrapper that claims to be `Send`. To
    /// lend data, see [`detach_with`](Self::detach_with).
    ///
    /// # What the compiler does not stop
    /// A trait object hides what it captures. If a crate such as `scoped-tls-hkt` lends a
    /// `dyn Fn()` that captures handles to a scoped thread-local, `work` can find it there and call
    /// it. That is a hole in the safety of this function, which Rust's types cannot close; PyO3's
    /// `detach` has the same one.
    ///
    /// - A build with debug assertions, as `cargo build` makes it, panics at the first use of a
    ///   context or handle while the thread is detached, before the interpreter is touched. A
    ///   handle that is dropped there panics too, and is closed when Python has been entered again;
    ///   while the thread is panicking already, it is only closed later.
    /// - A release build checks nothing. Such a use is undefined behaviour there: a data race with
    ///   the thread that is in Python meanwhile.
    ///
    /// Within [`attach`](fn@crate::attach), which may be called in `work`, the thread is
    /// attached again, and handles of the outer call may be used.
    ///
    /// # Panics
    /// A panic of `work` goes on after Python has been entered again.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// #[hpy_method]
    /// fn fibonacci(ctx: Context<'_>, n: u32) -> u64 {
    ///     ctx.detach(move || {
    ///         let (mut a, mut b) = (0u64, 1u64);
    ///         for _ in 0..n {
    ///             (a, b) = (b, a.wrapping_add(b));
    ///         }
    ///         a
    ///     })
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let tenth = hpy_mock::method::<fibonacci>(ctx).call1((10,))?;
    /// #     assert_eq!(tenth.extract::<u64>()?, 55);
    /// #     Ok(())
    /// # });
    /// ```
    ///
    /// A handle can't be taken along:
    ///
    /// ```compile_fail
    /// fn leave<'ctx>(ctx: hpy::Context<'ctx>, object: hpy::Handle<'ctx>) {
    ///     ctx.detach(move || drop(object));
    /// }
    /// ```
    pub fn detach<R, F>(self, work: F) -> R
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        let result = self.leave(work);
        super::release(self);
        result
    }

    /// As [`detach`](Self::detach), with data that stays the caller's: a reference, a mutable
    /// reference, or a tuple of them.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// #[hpy_method]
    /// fn count_lines(ctx: Context<'_>, text: &str) -> usize {
    ///     ctx.detach_with(text, |text| text.lines().count())
    /// }
    ///
    /// fn sort(ctx: Context<'_>, names: &mut Vec<String>, by: &[u32]) {
    ///     ctx.detach_with((names, by), |(names, by)| {
    ///         names.sort_by_key(|name| by.get(name.len()).copied());
    ///     });
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let lines = hpy_mock::method::<count_lines>(ctx).call1(("a\nb",))?;
    /// #     assert_eq!(lines.extract::<usize>()?, 2);
    /// #     let mut names = vec!["a".to_owned(), "bb".to_owned()];
    /// #     sort(ctx, &mut names, &[0, 2, 1]);
    /// #     assert_eq!(names, ["bb", "a"]);
    /// #     Ok(())
    /// # });
    /// ```
    pub fn detach_with<'a, D, R, F>(self, data: D, work: F) -> R
    where
        D: DetachData<'a>,
        F: FnOnce(D) -> R + Send + 'static,
        R: Send + 'static,
    {
        let result = self.leave(move || work(data));
        super::release(self);
        result
    }

    /// As [`detach`](Self::detach), for work of the library's own, which uses no context. Nothing
    /// is released: the result may be a lock's guard, and finalizers may want the lock.
    pub(crate) fn leave<R>(self, work: impl FnOnce() -> R) -> R {
        // SAFETY: the guard is dropped here. What uses the context in `work` was smuggled in: see
        // `detached`.
        let _left = unsafe { self.leave_until_dropped() };
        work()
    }

    /// Leaves Python until the guard is dropped.
    ///
    /// # Safety
    /// Until then the thread uses neither contexts nor handles. The guard is dropped, on the same
    /// thread, before any other guard that was there before.
    pub(crate) unsafe fn leave_until_dropped(self) -> Left {
        let context = self.as_ptr();
        // SAFETY: the thread is in Python.
        let state = unsafe { HPy_LeavePythonExecution(context) };
        Left {
            context,
            state,
            _away: Away::begin(),
            _change: detached::change(true),
        }
    }
}

/// The time in which a thread has left Python.
pub(crate) struct Left {
    context: *mut HPyContext,
    state: HPyThreadState,
    // These are dropped when the thread is attached again.
    _away: Away,
    _change: Change,
}

impl Drop for Left {
    fn drop(&mut self) {
        // SAFETY: the state of the matching leave, on the same thread.
        unsafe { reenter(self.context, self.state) }
    }
}

/// What can be lent to [`Context::detach_with`]: shared references to `Sync` data, mutable ones to
/// `Send` data, tuples of them. The data is `'static` apart from the reference itself, so it holds
/// no handle.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be lent to work that runs without Python",
    label = "not data that is safe to use there",
    note = "lend `&T` (`T: Sync + 'static`), `&mut T` (`T: Send + 'static`) or a tuple of them; \
            what the work owns (a number, a `String`, a `PathBuf`) it takes along without being \
            lent: `detach_with(data, move |data| …)`; \
            handles and contexts belong to their call and can't be lent"
)]
pub trait DetachData<'a>: sealed::Sealed {}

mod sealed {
    /// With the bounds of the trait itself: a reference to a local trait object counts as a local
    /// type, for which anybody may implement `DetachData`.
    pub trait Sealed {}
    impl<T: Sync + 'static + ?Sized> Sealed for &T {}
    impl<T: Send + 'static + ?Sized> Sealed for &mut T {}
    impl<A: Sealed, B: Sealed> Sealed for (A, B) {}
    impl<A: Sealed, B: Sealed, C: Sealed> Sealed for (A, B, C) {}
    impl<A: Sealed, B: Sealed, C: Sealed, D: Sealed> Sealed for (A, B, C, D) {}
}

#[diagnostic::do_not_recommend] // else the message above is not shown
impl<'a, T: Sync + 'static + ?Sized> DetachData<'a> for &'a T {}
#[diagnostic::do_not_recommend]
impl<'a, T: Send + 'static + ?Sized> DetachData<'a> for &'a mut T {}
impl<'a, A: DetachData<'a>, B: DetachData<'a>> DetachData<'a> for (A, B) {}
impl<'a, A: DetachData<'a>, B: DetachData<'a>, C: DetachData<'a>> DetachData<'a> for (A, B, C) {}
impl<'a, A: DetachData<'a>, B: DetachData<'a>, C: DetachData<'a>, D: DetachData<'a>> DetachData<'a>
    for (A, B, C, D)
{
}
