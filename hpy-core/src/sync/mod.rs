//! Waiting without holding up Python: locks, values that are made once, critical sections.
//!
//! A thread that is in Python and waits for another thread, which in turn waits for Python, waits
//! forever. What is here leaves Python while it waits:
//!
//! | std | here | PyO3 |
//! |---|---|---|
//! | `Mutex::lock` | [`MutexExt::lock_attached`] | `MutexExt::lock_py_attached` |
//! | `RwLock::read`, `write` | [`RwLockExt`] | `RwLockExt` |
//! | `Once::call_once` | [`OnceExt`] | `OnceExt` |
//! | `OnceLock::get_or_init` | [`OnceLockExt`] | `OnceLockExt` |
//! | `LazyLock` | [`Lazy`] | `PyOnceLock` |
//! | – | [`with_critical_section`] | `with_critical_section` |
//!
//! All threads that use a lock must wait for it this way, or without being in Python. Guards may be
//! held while Python code is called: then that code must not want the same lock.

mod critical_section;
mod lazy;
mod locks;
mod once;

pub use critical_section::{with_critical_section, with_critical_section2};
pub use lazy::Lazy;
pub use locks::{MutexExt, RwLockExt};
pub use once::{OnceExt, OnceLockExt};
