//! Counts of threads where a variable of the thread would take too long: a call of PyPy's takes 15
//! ns, and such a variable 2.
//!
//! A slot is read and written under the host's lock, or by its owner. Calls may never end: of a
//! greenlet that nobody goes on with, or of a thread that a forked child does not have. So a slot
//! is given up at its owner's end. The next thread with the same pointer is inside no call.

use crate::stack;
use core::sync::atomic::{AtomicUsize, Ordering};

struct Slot {
    /// The owner's thread pointer.
    owner: AtomicUsize,
    calls: AtomicUsize,
}

const SLOT_COUNT: usize = 256;

static SLOTS: [Slot; SLOT_COUNT] = [const {
    Slot {
        owner: AtomicUsize::new(0),
        calls: AtomicUsize::new(0),
    }
}; SLOT_COUNT];

impl Slot {
    fn is_of(&self, pointer: usize) -> bool {
        self.owner.load(Ordering::Relaxed) == pointer
    }
}

/// The slot that the running thread may have, and the thread's pointer.
#[inline(always)]
fn slot() -> Option<(&'static Slot, usize)> {
    let pointer = thread_pointer()?;
    // Threads' variables lie at least a page apart.
    Some((&SLOTS[(pointer >> 12) % SLOT_COUNT], pointer))
}

/// What a thread is known by while it lives, in one instruction.
#[inline(always)]
fn thread_pointer() -> Option<usize> {
    #[cfg(all(
        target_os = "linux",
        target_arch = "x86_64",
        target_pointer_width = "64",
        not(miri)
    ))]
    {
        let pointer: usize;
        // SAFETY: on Linux the first word of a thread's control block is the block's address.
        unsafe {
            core::arch::asm!(
                "mov {}, fs:[0]",
                out(reg) pointer,
                options(nostack, preserves_flags, readonly)
            );
        }
        Some(pointer)
    }
    #[cfg(all(target_os = "linux", target_arch = "aarch64", not(miri)))]
    {
        let pointer: usize;
        // SAFETY: reads the register of the thread's control block.
        unsafe {
            core::arch::asm!(
                "mrs {}, tpidr_el0",
                out(reg) pointer,
                options(nostack, preserves_flags, nomem)
            );
        }
        Some(pointer)
    }
    #[cfg(not(all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64"),
        not(miri)
    )))]
    None
}

/// The running thread's count, if it has a slot.
#[inline(always)]
pub(super) fn own() -> Option<&'static AtomicUsize> {
    let (slot, pointer) = slot()?;
    slot.is_of(pointer).then_some(&slot.calls)
}

/// Calls that are counted in the running thread's slot, if it has one.
pub(super) fn calls() -> usize {
    let Some((slot, pointer)) = slot().filter(|(slot, pointer)| slot.is_of(*pointer)) else {
        return 0;
    };
    // Another thread may have made it its own meanwhile, before it has counted.
    let calls = slot.calls.load(Ordering::Acquire);
    if slot.is_of(pointer) { calls } else { 0 }
}

/// Makes the slot the running thread's own, if its owner is inside no call. That one makes it its
/// own again at the next call. To be called under the host's lock.
#[cold]
pub(super) fn claim() {
    let Some((slot, pointer)) = slot() else {
        return;
    };
    if slot.calls.load(Ordering::Relaxed) == 0
        && forked_children_forget()
        && stack::at_end_of_thread(give_up)
    {
        slot.owner.store(pointer, Ordering::Relaxed);
    }
}

/// The running thread ends. The host's lock need not be held.
fn give_up() {
    if let Some((slot, pointer)) = slot().filter(|(slot, pointer)| slot.is_of(*pointer)) {
        // Until here nobody takes a slot with calls that have not ended.
        if slot.calls.load(Ordering::Relaxed) != 0 {
            slot.calls.store(0, Ordering::Release);
        }
        // From here on another thread may have taken it.
        let (order, failed) = (Ordering::Release, Ordering::Relaxed);
        let _ = slot.owner.compare_exchange(pointer, 0, order, failed);
    }
}

/// Whether a child of `fork` gives up the slots of the threads that it does not have.
fn forked_children_forget() -> bool {
    #[cfg(unix)]
    {
        static ASKED: stack::AtFork = stack::AtFork::new();
        ASKED.ask(in_child)
    }
    #[cfg(not(unix))]
    true
}

#[cfg(unix)]
unsafe extern "C" fn in_child() {
    let own = thread_pointer().unwrap_or(0);
    for slot in SLOTS.iter().filter(|slot| !slot.is_of(own)) {
        slot.calls.store(0, Ordering::Relaxed);
        slot.owner.store(0, Ordering::Relaxed);
    }
}
