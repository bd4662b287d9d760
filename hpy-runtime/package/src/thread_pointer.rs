//! The running thread's pointer, where it is one instruction away. A thread-local variable takes a
//! call in a library that is loaded by `dlopen`.

/// An address that no two running threads share: neither 0 nor odd.
#[inline(always)]
pub(crate) fn thread_pointer() -> Option<usize> {
    #[cfg(all(target_arch = "x86_64", target_os = "linux", not(miri)))]
    {
        let pointer: usize;
        // SAFETY: on this system the first word of a thread's block is the block's address.
        unsafe {
            core::arch::asm!(
                "mov {}, fs:0",
                out(reg) pointer,
                options(nostack, preserves_flags, readonly, pure)
            );
        }
        Some(pointer)
    }
    #[cfg(not(all(target_arch = "x86_64", target_os = "linux", not(miri))))]
    None
}
