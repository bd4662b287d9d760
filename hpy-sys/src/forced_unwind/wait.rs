//! How a thread waits for the end of the process.

/// Never returns: the process ends meanwhile.
#[cold]
#[inline(always)]
pub fn wait_forever() -> ! {
    #[cfg(unix)]
    unsafe extern "C" {
        /// `pause(2)`. The standard library's ways to wait are kilobytes.
        safe fn pause() -> core::ffi::c_int;
    }
    loop {
        #[cfg(unix)]
        pause();
        #[cfg(not(unix))]
        std::thread::park();
    }
}
