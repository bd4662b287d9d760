//! Makes threads that CPython would end inside Python wait instead, with their frames intact.
//!
//! Before 3.14, CPython calls `pthread_exit` in a thread that requests the GIL while the
//! interpreter finalizes. glibc then unwinds the thread's stack by force. Values would be dropped
//! without the GIL and without a thread state, and functions that must not unwind would abort.
//!
//! Elsewhere nothing is unwound. CPython 3.14 and later let such a thread hang. musl, macOS and
//! Windows remove the stack without dropping anything, which also removes memory that other threads
//! borrow from it.

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

/// Does nothing. On 32-bit Arm, unwind tables refer to a personality function differently.
#[cfg(not(all(
    target_os = "linux",
    target_env = "gnu",
    not(target_arch = "arm"),
    not(miri)
)))]
pub(crate) fn park_ended_threads() -> bool {
    false
}
