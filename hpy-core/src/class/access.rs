//! How the data of an object is borrowed: checked at run time, or never exclusively.

use core::sync::atomic::{AtomicIsize, Ordering};
use hpy_sys::capi;

/// What keeps shared and exclusive borrows apart.
pub trait Access: sealed::Sealed + Send + Sync + 'static {
    /// Whether nobody ever has the data for himself.
    const IS_FROZEN: bool;
    /// That of an object that nobody borrows.
    const NEW: Self;
    /// One more shares the data; whether that is allowed.
    fn share(&self) -> bool;
    /// One less shares it.
    fn unshare(&self);
    /// Somebody has the data for himself; whether that is allowed.
    fn lock(&self) -> bool;
    /// Nobody has it any more.
    fn unlock(&self);
}

/// A type whose data may be borrowed mutably.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is frozen: its data cannot be borrowed mutably",
    label = "`{Self}` has `#[hpy_type(frozen)]`",
    note = "take `&self`, and put what changes into an atomic or a `Mutex`; or remove `frozen`"
)]
pub trait NotFrozen: super::PyClass<Access = Checked> {}

#[diagnostic::do_not_recommend]
impl<T: super::PyClass<Access = Checked>> NotFrozen for T {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Checked {}
    impl Sealed for super::Frozen {}
}

/// Of a type whose methods may take `&mut self`: how many share the data, -1 where one has it for
/// himself.
#[derive(Debug)]
pub struct Checked(AtomicIsize);

/// Of a type whose data is only ever shared: nothing to check.
#[derive(Debug)]
pub struct Frozen;

const EXCLUSIVE: isize = -1;

/// How many may share the data: a number that an instruction can contain.
const MOST: isize = i32::MAX as isize;

/// What a borrow does to the count.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Change {
    Share,
    Unshare,
    Lock,
    Unlock,
}

impl Change {
    /// The next count, if it is allowed.
    #[inline(always)]
    fn of(self, count: isize) -> Option<isize> {
        match self {
            // Neither where one has it for himself, nor beyond the last number.
            Self::Share => (0..MOST).contains(&count).then(|| count + 1),
            Self::Unshare => Some(count.wrapping_sub(1)),
            Self::Lock => (count == 0).then_some(EXCLUSIVE),
            Self::Unlock => Some(0),
        }
    }
}

impl Checked {
    /// Changes the count. Where a lock for the whole interpreter is held, nobody comes between.
    #[inline(always)]
    fn change(&self, change: Change) -> bool {
        match threads() {
            Threads::InTurn => {}
            Threads::AtOnce => return self.change_at_once(change),
            Threads::Unknown => return self.change_slowly(change),
        }
        let count = self.0.as_ptr();
        // SAFETY: only threads that hold the lock use the count. Plain accesses, as the compiler
        // leaves out those that cancel each other.
        unsafe {
            match change.of(*count) {
                Some(changed) => {
                    *count = changed;
                    true
                }
                None => false,
            }
        }
    }

    /// The same where threads may come between.
    #[inline(always)]
    fn change_at_once(&self, change: Change) -> bool {
        match change {
            Change::Share => {
                let new = |count| change.of(count);
                self.0
                    .fetch_update(Ordering::Acquire, Ordering::Relaxed, new)
                    .is_ok()
            }
            Change::Unshare => {
                self.0.fetch_sub(1, Ordering::Release);
                true
            }
            Change::Lock => self
                .0
                .compare_exchange(0, EXCLUSIVE, Ordering::Acquire, Ordering::Relaxed)
                .is_ok(),
            // Nobody else changes the count while one has the data for himself.
            Change::Unlock => {
                self.0.store(0, Ordering::Release);
                true
            }
        }
    }

    /// The same where nothing is known. Out of line, because it is there for each borrow.
    #[inline(never)]
    extern "C" fn change_slowly(&self, change: Change) -> bool {
        if !capi::free_threaded() {
            let count = change.of(self.0.load(Ordering::Relaxed));
            self.0.store(
                count.unwrap_or(self.0.load(Ordering::Relaxed)),
                Ordering::Relaxed,
            );
            return count.is_some();
        }
        self.change_at_once(change)
    }
}

/// How threads of an interpreter run.
enum Threads {
    /// One at a time: there is a lock for all.
    InTurn,
    AtOnce,
    Unknown,
}

/// Interpreters of known layout tell, and PyPy has a lock. The mock has threads of tests, each with
/// a world of its own.
#[inline(always)]
fn threads() -> Threads {
    // SAFETY: the payload is an object's, which the thread has found by a context.
    let (in_turn, known) = unsafe {
        (
            capi::running::mutable_in_line(),
            capi::running::layout_known(),
        )
    };
    if !cfg!(feature = "universal") {
        match capi::free_threaded() {
            true => Threads::AtOnce,
            false => Threads::InTurn,
        }
    } else if in_turn {
        Threads::InTurn
    } else if known {
        Threads::AtOnce
    } else if capi::has_lock() {
        // Both may be in one process.
        Threads::InTurn
    } else {
        Threads::Unknown
    }
}

impl Access for Checked {
    const IS_FROZEN: bool = false;
    const NEW: Self = Self(AtomicIsize::new(0));

    #[inline(always)]
    fn share(&self) -> bool {
        self.change(Change::Share)
    }

    #[inline(always)]
    fn unshare(&self) {
        self.change(Change::Unshare);
    }

    #[inline(always)]
    fn lock(&self) -> bool {
        self.change(Change::Lock)
    }

    #[inline(always)]
    fn unlock(&self) {
        self.change(Change::Unlock);
    }
}

impl Access for Frozen {
    const IS_FROZEN: bool = true;
    const NEW: Self = Self;

    #[inline(always)]
    fn share(&self) -> bool {
        true
    }

    #[inline(always)]
    fn unshare(&self) {}

    #[inline(always)]
    fn lock(&self) -> bool {
        false
    }

    #[inline(always)]
    fn unlock(&self) {}
}
