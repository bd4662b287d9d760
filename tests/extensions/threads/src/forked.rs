//! What a forked process does with locks that other threads of the first one have used.

use core::ffi::c_int;
use hpy::prelude::*;

/// Drops the objects while detached, where their release has to wait.
#[hpy_method]
pub fn drop_detached(ctx: Context<'_>, objects: Vec<Persistent>) {
    ctx.detach(move || drop(objects));
}

#[cfg(unix)]
unsafe extern "C" {
    fn fork() -> c_int;
    fn waitpid(process: c_int, status: *mut c_int, options: c_int) -> c_int;
    fn alarm(seconds: u32) -> u32;
    fn _exit(status: c_int) -> !;
}

/// Forks by C's function, detached and unknown to Python. The child drops the object; its status.
#[hpy_method]
#[cfg(unix)]
pub fn fork_detached(ctx: Context<'_>, object: Persistent) -> c_int {
    ctx.detach(move || {
        // SAFETY: C's functions. The child runs no Python code, and ends here.
        unsafe {
            let child = fork();
            if child == 0 {
                alarm(20);
                drop(object);
                _exit(0);
            }
            let mut status = -1;
            waitpid(child, &mut status, 0);
            status
        }
    })
}

/// There is no fork.
#[hpy_method]
#[cfg(not(unix))]
pub fn fork_detached(object: Persistent) -> c_int {
    drop(object);
    0
}
