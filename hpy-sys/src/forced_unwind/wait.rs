//! Waiting for the end of the process.

/// Waits until the process ends.
#[cold]
#[inline(always)]
pub fn wait_forever() -> ! {
    #[cfg(unix)]
    unsafe extern "C" {
        /// `pause(2)`. The standard library's ways to wait take kilobytes of code.
        safe fn pause() -> core::ffi::c_int;
    }
    loop {
        #[cfg(unix)]
        pause();
        #[cfg(not(unix))]
        std::thread::park();
    }
}
