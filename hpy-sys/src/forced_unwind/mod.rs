//! Threads that are ended inside Python wait instead, with all of their frames in place.
//!
//! Before 3.14, CPython calls `pthread_exit` on a thread that comes for the GIL while the interpreter finalizes. glibc
//! unwinds the thread's stack by force: values would be dropped without the GIL and without a thread state, and
//! functions that may not unwind would abort the process.
//!
//! Elsewhere nothing is unwound. CPython 3.14 and later let such a thread hang. musl, macOS and Windows remove the stack as it is:
//! nothing is dropped, but memory that other threads borrow from it goes too.

mod wait;

pub use wait::wait_forever;

#[cfg(all(
    target_os = "linux",
    target_env = "gnu",
    not(target_arch = "arm"),
    not(miri)
))]
mod personality;

#[cfg(all(
    target_os = "linux",
    target_env = "gnu",
    not(target_arch = "arm"),
    not(miri)
))]
pub(crate) use personality::park_ended_threads;

/// Does nothing. On 32-bit Arm, unwind tables name a function's personality in another way.
#[cfg(not(all(
    target_os = "linux",
    target_env = "gnu",
    not(target_arch = "arm"),
    not(miri)
)))]
pub(crate) fn park_ended_threads() -> bool {
    false
}
