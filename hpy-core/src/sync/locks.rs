//! `Mutex` and `RwLock` of the standard library: waiting for them detached.

use crate::Context;
use std::sync::{LockResult, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::sync::{TryLockError, TryLockResult};

mod sealed {
    pub trait Sealed {}
    impl<T: ?Sized> Sealed for std::sync::Mutex<T> {}
    impl<T: ?Sized> Sealed for std::sync::RwLock<T> {}
}

/// Locks a [`Mutex`] on a thread that is in Python. PyO3's `MutexExt`.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::sync::MutexExt;
/// use std::sync::{Mutex, PoisonError};
///
/// static NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());
///
/// /// Adds a name if Python code says so. The code may let other threads run, and they may call
/// /// this function meanwhile.
/// #[hpy_method]
/// fn add_if<'ctx>(ctx: Context<'ctx>, name: String, is_fine: &Handle<'ctx>) -> Result<usize> {
///     let mut names = NAMES.lock_attached(ctx).unwrap_or_else(PoisonError::into_inner);
///     if is_fine.call1((&name,))?.is_truthy()? {
///         names.push(name);
///     }
///     Ok(names.len())
/// }
/// # hpy_mock::run(|ctx| {
/// #     let length = ctx.builtins().get_item("len")?;
/// #     let add_if = hpy_mock::method::<add_if>(ctx);
/// #     assert_eq!(add_if.call1(("x", length))?.extract::<usize>()?, 1);
/// #     Ok(())
/// # });
/// ```
pub trait MutexExt<T: ?Sized>: sealed::Sealed {
    /// As [`Mutex::lock`], but the thread leaves Python while it waits. PyO3's
    /// `lock_py_attached`.
    ///
    /// A lock that is free is taken at once. A thread that has the lock already waits for itself
    /// forever, as with `lock`: no Python code that is called with the guard may come here again.
    ///
    /// # Errors
    /// As `lock`: if a thread has panicked while it had the lock. The error has the guard.
    fn lock_attached(&self, ctx: Context<'_>) -> LockResult<MutexGuard<'_, T>>;
}

impl<T: ?Sized> MutexExt<T> for Mutex<T> {
    #[inline]
    fn lock_attached(&self, ctx: Context<'_>) -> LockResult<MutexGuard<'_, T>> {
        taken(self.try_lock()).unwrap_or_else(|| ctx.leave(|| self.lock()))
    }
}

/// Locks an [`RwLock`] on a thread that is in Python. PyO3's `RwLockExt`.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::sync::RwLockExt;
/// use std::sync::{PoisonError, RwLock};
///
/// static WORDS: RwLock<Vec<String>> = RwLock::new(Vec::new());
///
/// #[hpy_method]
/// fn knows(ctx: Context<'_>, word: String) -> bool {
///     let words = WORDS.read_attached(ctx).unwrap_or_else(PoisonError::into_inner);
///     words.contains(&word)
/// }
///
/// #[hpy_method]
/// fn learn(ctx: Context<'_>, word: String) {
///     let mut words = WORDS.write_attached(ctx).unwrap_or_else(PoisonError::into_inner);
///     words.push(word);
/// }
/// # hpy_mock::run(|ctx| {
/// #     hpy_mock::method::<learn>(ctx).call1(("x",))?;
/// #     assert!(hpy_mock::method::<knows>(ctx).call1(("x",))?.is_truthy()?);
/// #     Ok(())
/// # });
/// ```
pub trait RwLockExt<T: ?Sized>: sealed::Sealed {
    /// As [`RwLock::read`], but the thread leaves Python while it waits. PyO3's
    /// `read_py_attached`.
    ///
    /// # Errors
    /// As `read`: if a thread has panicked while it wrote. The error has the guard.
    ///
    /// # Panics
    /// As `read`: it may, if the thread has the lock already.
    fn read_attached(&self, ctx: Context<'_>) -> LockResult<RwLockReadGuard<'_, T>>;

    /// As [`RwLock::write`], but the thread leaves Python while it waits. PyO3's
    /// `write_py_attached`.
    ///
    /// # Errors
    /// As `write`: if a thread has panicked while it wrote. The error has the guard.
    ///
    /// # Panics
    /// As `write`: it may, if the thread has the lock already.
    fn write_attached(&self, ctx: Context<'_>) -> LockResult<RwLockWriteGuard<'_, T>>;
}

impl<T: ?Sized> RwLockExt<T> for RwLock<T> {
    #[inline]
    fn read_attached(&self, ctx: Context<'_>) -> LockResult<RwLockReadGuard<'_, T>> {
        taken(self.try_read()).unwrap_or_else(|| ctx.leave(|| self.read()))
    }

    #[inline]
    fn write_attached(&self, ctx: Context<'_>) -> LockResult<RwLockWriteGuard<'_, T>> {
        taken(self.try_write()).unwrap_or_else(|| ctx.leave(|| self.write()))
    }
}

/// None where somebody else has the lock.
fn taken<G>(tried: TryLockResult<G>) -> Option<LockResult<G>> {
    match tried {
        Ok(guard) => Some(Ok(guard)),
        Err(TryLockError::Poisoned(poisoned)) => Some(Err(poisoned)),
        Err(TryLockError::WouldBlock) => None,
    }
}
