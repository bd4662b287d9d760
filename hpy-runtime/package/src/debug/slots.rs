//! The handles of debug mode: slots that are never freed, and the queue of closed ones.
//!
//! A closed slot stays in the queue until the queue is full. The oldest one is then used again. Up
//! to that moment a use of the closed handle is noticed.

use super::backtraces::{self, Backtraces};
use super::origin::Entry;
use super::raw_data::{self, RawData};
use core::ffi::c_char;
use core::ptr;
use hpy::sys::fork::Lock;
use hpy::sys::{HPy, Static, capi};

/// The handle is open.
pub(super) const OPEN: u8 = 1;
/// It belongs to the caller of an extension's function, which closes it.
pub(super) const ARGUMENT: u8 = 2;
/// It is a constant of the context.
pub(super) const CONSTANT: u8 = 4;
/// It was used: a slot that was not has no handle of the wrapped context.
pub(super) const USED: u8 = 8;
/// It may have raw data or backtraces, which most handles do not have.
const EXTRAS: u8 = 16;

/// A handle, one cache line.
#[repr(C, align(64))]
pub(super) struct Slot {
    /// The handle of the wrapped context.
    pub(super) underlying: HPy,
    /// The next one in the queue of closed slots or in the list of unused ones, if there is one.
    next: *mut Slot,
    /// Counts the handles as they are made.
    pub(super) serial: u64,
    pub(super) generation: u32,
    pub(super) state: u8,
    /// The calls in which it was made and closed.
    pub(super) made_in: Entry,
    closed_in: Entry,
    /// What the handle gave as `char*`.
    raw_data: *mut RawData,
    pub(super) backtraces: *mut Backtraces,
}

impl Slot {
    #[inline(always)]
    pub(super) fn of(handle: HPy) -> *mut Slot {
        handle._i as *mut Slot
    }

    #[inline(always)]
    pub(super) fn is_open(&self) -> bool {
        self.state & OPEN != 0
    }

    /// What its raw data takes, if it has any.
    pub(super) fn raw_data_size(&self) -> Option<usize> {
        // SAFETY: the data of a slot is owned by it, or null.
        unsafe { raw_data::size(self.raw_data) }
    }

    /// Whether it is open, and the function's to close or to return.
    #[inline(always)]
    pub(super) fn is_owned(&self) -> bool {
        self.state & (OPEN | ARGUMENT | CONSTANT) == OPEN
    }

    /// The call in which it was closed.
    pub(super) fn closed_in(&self) -> Entry {
        if self.is_open() {
            // What the slot has is of the handle before.
            return Entry::NONE;
        }
        self.closed_in
    }

    /// The handle's copy of a text, or null without memory.
    ///
    /// # Safety
    /// The handle is open, and `text` has `size` bytes. Called within [`with_table`].
    pub(super) unsafe fn copy_text(&mut self, text: *const c_char, size: usize) -> *const c_char {
        self.state |= EXTRAS;
        // SAFETY: as promised by the caller. The data of a slot is owned by it, or null.
        unsafe { raw_data::copy(&mut self.raw_data, text, size) }
    }
}

/// All slots, and what Python sets.
pub(super) struct Table {
    oldest: *mut Slot,
    newest: *mut Slot,
    closed: usize,
    unused: *mut Slot,
    serial: u64,
    pub(super) generation: u32,
    closed_max: usize,
    /// With so many closed handles, a new one takes the oldest slot, and nothing else is to do.
    quick_from: usize,
    pub(super) raw_data_max: usize,
    raw_data_size: usize,
    /// The most frames of a backtrace; 0 takes none.
    backtrace_limit: usize,
    blocks: Vec<*mut [Slot; BLOCK]>,
}

/// So many slots are allocated together.
const BLOCK: usize = 256;

static TABLE: Static<Table> = Static::new(Table::new());

static LOCK: Lock<()> = Lock::new(());

/// Calls `body` with the table, on one thread at a time: the GIL sees to that, or else a lock,
/// which no thread holds during a fork. `body` must not call Python, nor this function.
#[inline(always)]
pub(super) fn with_table<R>(body: impl FnOnce(&mut Table) -> R) -> R {
    if capi::free_threaded() {
        return locked(body);
    }
    // SAFETY: the GIL is held, and `body` does not come back here.
    body(unsafe { &mut *TABLE.as_ptr() })
}

/// Apart, so that the lock's code does not weigh on interpreters that need none.
#[inline(never)]
fn locked<R>(body: impl FnOnce(&mut Table) -> R) -> R {
    let _held = LOCK.lock();
    // SAFETY: the lock is held, and `body` does not come back here.
    body(unsafe { &mut *TABLE.as_ptr() })
}

impl Table {
    const fn new() -> Self {
        Self {
            oldest: ptr::null_mut(),
            newest: ptr::null_mut(),
            closed: 0,
            unused: ptr::null_mut(),
            serial: 0,
            generation: 0,
            closed_max: 1024,
            quick_from: 1024,
            raw_data_max: 10 * 1024 * 1024,
            raw_data_size: 0,
            backtrace_limit: 0,
            blocks: Vec::new(),
        }
    }

    /// A new open handle; null stays null.
    #[inline]
    pub(super) fn open(&mut self, underlying: HPy, made_in: Entry, state: u8) -> HPy {
        if underlying.is_null() {
            return HPy::NULL;
        }
        let slot = if self.closed >= self.quick_from {
            self.pop_oldest()
        } else if self.backtrace_limit == 0 && !self.unused.is_null() {
            self.take_unused()
        } else {
            return self.open_slowly(underlying, made_in, state);
        };
        self.fill(slot, underlying, made_in, state)
    }

    /// Where there is no slot, or the handle gets a backtrace.
    #[cold]
    #[inline(never)]
    fn open_slowly(&mut self, underlying: HPy, made_in: Entry, state: u8) -> HPy {
        let slot = if self.closed > 0 && self.closed >= self.closed_max {
            self.pop_oldest()
        } else {
            if self.unused.is_null() {
                self.grow();
            }
            self.take_unused()
        };
        let handle = self.fill(slot, underlying, made_in, state);
        if self.backtrace_limit != 0 {
            // SAFETY: slots are never freed, and the handle is not known yet.
            unsafe {
                (*slot).state |= EXTRAS;
                (*slot).backtraces = backtraces::opened(self.backtrace_limit);
            }
        }
        handle
    }

    #[inline(always)]
    fn fill(&mut self, slot: *mut Slot, underlying: HPy, made_in: Entry, state: u8) -> HPy {
        self.serial += 1;
        // SAFETY: the slot is in no list, so nobody else has it.
        let slot = unsafe { &mut *slot };
        slot.underlying = underlying;
        slot.serial = self.serial;
        slot.generation = self.generation;
        slot.state = state | OPEN | USED;
        slot.made_in = made_in;
        HPy {
            _i: ptr::from_mut(slot) as isize,
        }
    }

    pub(super) fn closed_max(&self) -> usize {
        self.closed_max
    }

    pub(super) fn set_closed_max(&mut self, max: usize) {
        self.closed_max = max;
        self.set_quick_from();
    }

    pub(super) fn backtrace_limit(&self) -> usize {
        self.backtrace_limit
    }

    pub(super) fn set_backtrace_limit(&mut self, limit: usize) {
        self.backtrace_limit = limit;
        self.set_quick_from();
    }

    fn set_quick_from(&mut self) {
        // An empty queue has no oldest slot.
        self.quick_from = match self.backtrace_limit {
            0 => self.closed_max.max(1),
            _ => usize::MAX,
        };
    }

    /// The queue must not be empty.
    #[inline(always)]
    fn pop_oldest(&mut self) -> *mut Slot {
        let slot = self.oldest;
        // SAFETY: slots are never freed, and what is in the queue is closed.
        unsafe {
            self.oldest = (*slot).next;
            prefetch(self.oldest);
            self.closed -= 1;
            if (*slot).state & EXTRAS != 0 {
                self.release_extras(slot);
            }
        }
        slot
    }

    /// There must be one.
    #[inline(always)]
    fn take_unused(&mut self) -> *mut Slot {
        let slot = self.unused;
        // SAFETY: slots are never freed, and what is in the list is unused.
        unsafe { self.unused = (*slot).next };
        slot
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let block = Box::new(
            [const {
                Slot {
                    underlying: HPy::NULL,
                    next: ptr::null_mut(),
                    serial: 0,
                    generation: 0,
                    state: 0,
                    made_in: Entry::NONE,
                    closed_in: Entry::NONE,
                    raw_data: ptr::null_mut(),
                    backtraces: ptr::null_mut(),
                }
            }; BLOCK],
        );
        let block = Box::leak(block);
        self.blocks.push(block);
        for slot in block.iter_mut().rev() {
            slot.next = self.unused;
            self.unused = slot;
        }
    }

    /// Closes an open handle. The wrapped handle stays as it is.
    #[inline]
    pub(super) fn close(&mut self, slot: *mut Slot, closed_in: Entry) {
        // SAFETY: slots are never freed; the caller's is open, so it is in no list.
        unsafe {
            let state = (*slot).state;
            (*slot).state = state & !OPEN;
            (*slot).closed_in = closed_in;
            if self.closed == 0 {
                self.oldest = slot;
            } else {
                (*self.newest).next = slot;
            }
            self.newest = slot;
            self.closed += 1;
            if state & EXTRAS != 0 {
                self.close_extras(slot);
            }
        }
        if self.closed > self.closed_max {
            self.drop_oldest();
        }
    }

    /// What closing a handle does to what it may have.
    #[cold]
    #[inline(never)]
    unsafe fn close_extras(&mut self, slot: *mut Slot) {
        // SAFETY: the caller's slot is valid, and owns what it points to.
        unsafe {
            if !(*slot).raw_data.is_null() {
                self.protect(slot);
            }
            if self.backtrace_limit != 0 && !(*slot).backtraces.is_null() {
                backtraces::closed((*slot).backtraces, self.backtrace_limit);
            }
        }
    }

    #[inline(always)]
    fn drop_oldest(&mut self) {
        let slot = self.pop_oldest();
        // SAFETY: slots are never freed, and this one is in no list.
        unsafe {
            (*slot).state = 0;
            (*slot).underlying = HPy::NULL;
            (*slot).next = self.unused;
        }
        self.unused = slot;
    }

    /// Keeps what a closed handle gave, where nobody can read it, or frees it.
    unsafe fn protect(&mut self, slot: *mut Slot) {
        // SAFETY: the caller's slot is valid, and owns its data.
        unsafe {
            let size = raw_data::size((*slot).raw_data).unwrap_or(0);
            raw_data::protect((*slot).raw_data);
            if self.raw_data_size + size > self.raw_data_max {
                raw_data::free((*slot).raw_data);
                (*slot).raw_data = ptr::null_mut();
            } else {
                self.raw_data_size += size;
            }
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn release_extras(&mut self, slot: *mut Slot) {
        // SAFETY: the caller's slot is closed; it owns what it points to.
        unsafe {
            let slot = &mut *slot;
            if let Some(size) = slot.raw_data_size() {
                self.raw_data_size -= size;
                raw_data::free(slot.raw_data);
                slot.raw_data = ptr::null_mut();
            }
            backtraces::free(slot.backtraces);
            slot.backtraces = ptr::null_mut();
        }
    }

    /// The open handles from a generation on, in the order in which they were made. Constants are
    /// not among them.
    pub(super) fn open_since(&self, generation: i64) -> Vec<*mut Slot> {
        let mut found = Vec::new();
        for block in &self.blocks {
            // SAFETY: blocks are never freed.
            for slot in unsafe { (**block).iter_mut() } {
                if slot.state & (OPEN | CONSTANT) == OPEN
                    && i64::from(slot.generation) >= generation
                {
                    found.push((slot.serial, ptr::from_mut(slot)));
                }
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, slot)| slot).collect()
    }

    /// The closed handles that are known, from a generation on, in the order in which they were
    /// closed.
    pub(super) fn closed_since(&self, generation: i64) -> Vec<*mut Slot> {
        let mut found = Vec::with_capacity(self.closed);
        let mut next = self.oldest;
        for _ in 0..self.closed {
            // SAFETY: so many slots are in the queue, and slots are never freed.
            unsafe {
                if i64::from((*next).generation) >= generation {
                    found.push(next);
                }
                next = (*next).next;
            }
        }
        found
    }
}

/// Has the processor fetch what will be used soon.
#[inline(always)]
pub(super) fn prefetch<T>(place: *mut T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: prefetching reads nothing, at any address.
    unsafe {
        core::arch::x86_64::_mm_prefetch::<{ core::arch::x86_64::_MM_HINT_T0 }>(place.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(table: &mut Table, value: isize) -> *mut Slot {
        Slot::of(table.open(HPy { _i: value }, Entry::NONE, 0))
    }

    fn values(slots: &[*mut Slot]) -> Vec<isize> {
        // SAFETY: slots are never freed.
        slots
            .iter()
            .map(|slot| unsafe { (**slot).underlying._i })
            .collect()
    }

    #[test]
    fn null_has_no_slot() {
        assert!(Table::new().open(HPy::NULL, Entry::NONE, 0).is_null());
    }

    #[test]
    fn open_handles_are_told_by_generation_in_order() {
        let mut table = Table::new();
        let first = open(&mut table, 1);
        table.generation = 1;
        for value in 2..1000 {
            open(&mut table, value);
        }
        table.open(HPy { _i: 5 }, Entry::NONE, CONSTANT);
        assert_eq!(values(&table.open_since(1)), (2..1000).collect::<Vec<_>>());
        table.close(first, Entry::NONE);
        assert_eq!(table.open_since(0).len(), 998);
        assert!(table.open_since(2).is_empty());
        assert_eq!(values(&table.closed_since(0)), [1]);
        assert!(table.closed_since(1).is_empty());
    }

    #[test]
    fn the_oldest_closed_slot_is_used_again_when_the_queue_is_full() {
        let mut table = Table::new();
        table.set_closed_max(3);
        let slots: Vec<_> = (1..=5).map(|value| open(&mut table, value)).collect();
        for slot in &slots {
            table.close(*slot, Entry::NONE);
        }
        assert_eq!(values(&table.closed_since(0)), [3, 4, 5]);
        assert_eq!(open(&mut table, 6), slots[2]);
        // SAFETY: slots are never freed.
        unsafe {
            assert!((*slots[2]).is_open() && !(*slots[3]).is_open());
            // What left the queue is known to be no handle.
            assert_eq!((*slots[0]).state, 0);
        }
        // Below its limit the queue is left alone.
        let next = open(&mut table, 7);
        assert!(next == slots[0] || next == slots[1]);
    }

    #[test]
    fn a_queue_of_no_length_keeps_nothing() {
        let mut table = Table::new();
        table.set_closed_max(0);
        let slot = open(&mut table, 1);
        table.close(slot, Entry::NONE);
        assert!(table.closed_since(0).is_empty());
        assert_eq!(open(&mut table, 2), slot);
    }

    #[test]
    fn text_is_kept_up_to_a_limit() {
        let mut table = Table::new();
        table.raw_data_max = 8;
        for (text, size) in [(c"12345", Some(6)), (c"123", None), (c"1", Some(2))] {
            let slot = open(&mut table, 1);
            // SAFETY: slots are never freed, and the text is a C string.
            unsafe {
                let size = text.count_bytes() + 1;
                let copy = (*slot).copy_text(text.as_ptr(), size);
                assert_eq!(core::ffi::CStr::from_ptr(copy), text);
                // The same text is copied once.
                assert_eq!((*slot).copy_text(text.as_ptr(), size), copy);
            }
            table.close(slot, Entry::NONE);
            // SAFETY: as above.
            assert_eq!(unsafe { (*slot).raw_data_size() }, size);
        }
        table.set_closed_max(0);
        for _ in 0..3 {
            open(&mut table, 2);
        }
        assert_eq!(table.raw_data_size, 0);
    }
}
