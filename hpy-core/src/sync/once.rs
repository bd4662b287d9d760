//! `Once` and `OnceLock` of the standard library: waiting for them detached.

use crate::Context;
use crate::thread::detach::Left;
use std::sync::{Once, OnceLock, OnceState};

mod sealed {
    pub trait Sealed {}
    impl Sealed for std::sync::Once {}
    impl<T> Sealed for std::sync::OnceLock<T> {}
}

/// Runs a [`Once`] on a thread that is in Python. PyO3's `OnceExt`.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::sync::OnceExt;
/// use std::sync::Once;
///
/// static STARTED: Once = Once::new();
///
/// #[hpy_method]
/// fn start<'ctx>(ctx: Context<'ctx>, callback: &Handle<'ctx>) {
///     // Python code may let other threads run, and they may come here meanwhile.
///     STARTED.call_once_attached(ctx, || drop(callback.call0()));
/// }
/// # hpy_mock::run(|ctx| {
/// #     hpy_mock::method::<start>(ctx).call1((ctx.builtins().get_item("len")?,))?;
/// #     assert!(STARTED.is_completed());
/// #     Ok(())
/// # });
/// ```
pub trait OnceExt: sealed::Sealed {
    /// As [`Once::call_once`], but the thread leaves Python while it waits for another one's `f`.
    /// `f` runs in Python. PyO3's `call_once_py_attached`.
    ///
    /// # Panics
    /// As `call_once`: if `f` panics, or has panicked before.
    fn call_once_attached(&self, ctx: Context<'_>, f: impl FnOnce());

    /// As [`Once::call_once_force`], but the thread leaves Python while it waits for another one's
    /// `f`. `f` runs in Python. PyO3's `call_once_force_py_attached`.
    ///
    /// # Panics
    /// As `call_once_force`: if `f` panics.
    fn call_once_force_attached(&self, ctx: Context<'_>, f: impl FnOnce(&OnceState));
}

impl OnceExt for Once {
    #[inline]
    fn call_once_attached(&self, ctx: Context<'_>, f: impl FnOnce()) {
        if !self.is_completed() {
            let mut turn = Turn::new(ctx, f);
            self.call_once(|| turn.take()());
        }
    }

    #[inline]
    fn call_once_force_attached(&self, ctx: Context<'_>, f: impl FnOnce(&OnceState)) {
        if !self.is_completed() {
            let mut turn = Turn::new(ctx, f);
            self.call_once_force(|state| turn.take()(state));
        }
    }
}

/// Fills a [`OnceLock`] on a thread that is in Python. PyO3's `OnceLockExt`.
///
/// For a value that can fail to be made, or that a static makes by itself, there is
/// [`Lazy`](super::Lazy).
///
/// ```
/// use hpy::prelude::*;
/// use hpy::sync::OnceLockExt;
/// use std::sync::OnceLock;
///
/// static NAME: OnceLock<String> = OnceLock::new();
///
/// #[hpy_method]
/// fn name<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> &'static str {
///     NAME.get_or_init_attached(ctx, || object.type_name())
/// }
/// # hpy_mock::run(|ctx| {
/// #     let name = hpy_mock::method::<name>(ctx);
/// #     assert_eq!(name.call1((1,))?.to_string(), "int");
/// #     assert_eq!(name.call1(("x",))?.to_string(), "int");
/// #     Ok(())
/// # });
/// ```
pub trait OnceLockExt<T>: sealed::Sealed {
    /// As [`OnceLock::get_or_init`], but the thread leaves Python while it waits for another one's
    /// `f`. `f` runs in Python. PyO3's `get_or_init_py_attached`.
    ///
    /// `f` must not fill the same lock: the thread would wait for itself.
    ///
    /// # Panics
    /// As `get_or_init`: if `f` panics. The next use tries again.
    fn get_or_init_attached(&self, ctx: Context<'_>, f: impl FnOnce() -> T) -> &T;
}

impl<T> OnceLockExt<T> for OnceLock<T> {
    #[inline]
    fn get_or_init_attached(&self, ctx: Context<'_>, f: impl FnOnce() -> T) -> &T {
        match self.get() {
            Some(value) => value,
            None => {
                let mut turn = Turn::new(ctx, f);
                self.get_or_init(|| turn.take()())
            }
        }
    }
}

/// A function that is called when it is its turn, and the time until then, in which the thread has
/// left Python.
struct Turn<F> {
    /// Ends when the function is taken, or else before the function is dropped: it may own handles,
    /// which are closed in Python.
    left: Option<Left>,
    f: Option<F>,
}

impl<F> Turn<F> {
    #[inline]
    fn new(ctx: Context<'_>, f: F) -> Self {
        Self {
            // SAFETY: the guard stays in this file's functions, on this thread. What `Once` does
            // until `take` is called, and after it, uses no context.
            left: Some(unsafe { ctx.leave_until_dropped() }),
            f: Some(f),
        }
    }

    /// The function. The thread is in Python again.
    #[inline]
    fn take(&mut self) -> F {
        self.left = None;
        // `Once` calls once.
        self.f.take().expect("a function is called once")
    }
}
