//! Reference counts without the GIL, in 3.13 and 3.14: two of them, as in CPython's header file.
//!
//! The thread that made an object owns it. Only this thread changes the first count, so it needs no
//! atomic operation. All others change the second one, and so does the owner at the end of the
//! first one: by calls.

use super::PyObject;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// `PyObject`.
#[repr(C)]
pub(super) struct SplitHeader {
    /// The thread that owns the object; 0 if none does any more.
    owner: AtomicUsize,
    flags: u16,
    mutex: u8,
    gc_bits: u8,
    owners_count: AtomicU32,
    shared_count: isize,
    type_: *mut PyObject,
}

/// The place of the type in such a header.
pub(super) const TYPE_OFFSET: usize = core::mem::offset_of!(SplitHeader, type_);

/// What the first count of an immortal object is.
const IMMORTAL: u32 = u32::MAX;

/// The thread, as CPython's header file tells it in `_Py_ThreadId`.
#[inline(always)]
fn this_thread() -> usize {
    #[cfg(all(
        target_os = "linux",
        target_pointer_width = "64",
        target_arch = "x86_64"
    ))]
    // SAFETY: the first word of the thread's control block is its own address.
    unsafe {
        let thread: usize;
        core::arch::asm!("mov {}, fs:[0]", out(reg) thread,
            options(pure, readonly, nostack, preserves_flags));
        thread
    }
    #[cfg(all(target_os = "linux", target_arch = "aarch64"))]
    // SAFETY: the register may be read at any time.
    unsafe {
        let thread: usize;
        core::arch::asm!("mrs {}, tpidr_el0", out(reg) thread,
            options(pure, nomem, nostack, preserves_flags));
        thread
    }
    #[cfg(not(any(
        all(
            target_os = "linux",
            target_pointer_width = "64",
            target_arch = "x86_64"
        ),
        all(target_os = "linux", target_arch = "aarch64"),
    )))]
    // It is no thread's, so no object counts as this thread's own.
    1
}

/// Counts a reference where that takes no call. Whether it did.
///
/// # Safety
/// `o` is an object with such a header, and the thread is attached.
#[inline(always)]
pub(super) unsafe fn increfs(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    let header = unsafe { &*o.cast::<SplitHeader>() };
    let count = header.owners_count.load(Ordering::Relaxed);
    if count == IMMORTAL {
        return true;
    }
    let is_own = header.owner.load(Ordering::Relaxed) == this_thread();
    if is_own {
        header.owners_count.store(count + 1, Ordering::Relaxed);
    }
    is_own
}

/// Gives a reference back where that takes no call. Whether it did: not the owner's last one.
///
/// # Safety
/// `o` is an object with such a header, whose reference the caller passes on if this returns true.
/// The thread is attached.
#[inline(always)]
pub(super) unsafe fn decrefs(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    let header = unsafe { &*o.cast::<SplitHeader>() };
    let count = header.owners_count.load(Ordering::Relaxed);
    if count == IMMORTAL {
        return true;
    }
    let is_own = count > 1 && header.owner.load(Ordering::Relaxed) == this_thread();
    if is_own {
        header.owners_count.store(count - 1, Ordering::Relaxed);
    }
    is_own
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(TYPE_OFFSET == 24 && size_of::<SplitHeader>() == 32);
