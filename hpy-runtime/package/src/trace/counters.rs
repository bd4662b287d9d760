//! Counts and times. Each thread has counters of its own, for each function of an extension that
//! Python calls, so no two threads write the same memory.
//!
//! A thread that ends leaves its counters, as they stand, to the next one that runs the same
//! function.

use super::context::TraceContext;
use super::functions::Key;
use crate::thread_pointer::thread_pointer;
use core::cell::RefCell;
use core::ptr::null_mut;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize};
use hpy::sys::fork::{Lock, generation};
use std::collections::HashMap;

/// The context's first word that is a function, and how many words there are from it on. A few are
/// constants, and their counters stay 0.
pub(super) const FIRST: usize = 80;
pub(super) const COUNTERS: usize = 196;

/// How often and how long. One thread writes it at a time.
#[derive(Debug, Default)]
pub(super) struct Counter {
    calls: AtomicU64,
    ticks: AtomicU64,
}

impl Counter {
    #[inline(always)]
    fn add(&self, ticks: u64) {
        // No other thread writes, so the sum of two steps is right.
        self.calls
            .store(self.calls.load(Relaxed).wrapping_add(1), Relaxed);
        self.ticks
            .store(self.ticks.load(Relaxed).wrapping_add(ticks), Relaxed);
    }

    pub(super) fn read(&self) -> (u64, u64) {
        (self.calls.load(Relaxed), self.ticks.load(Relaxed))
    }
}

/// What one thread has counted while it ran one function of an extension.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) key: Key,
    /// Calls of the function itself.
    pub(super) own: Counter,
    words: [Counter; COUNTERS],
}

impl Block {
    pub(super) fn words(&self) -> impl Iterator<Item = (usize, (u64, u64))> + '_ {
        let words = self.words.iter().enumerate();
        words.map(|(index, counter)| (FIRST + index, counter.read()))
    }
}

/// All counters there are. They are never freed.
struct Blocks {
    all: Vec<&'static Block>,
    /// Those that no thread writes any more.
    left: HashMap<Key, Vec<&'static Block>>,
    /// Empty tables of threads that have ended.
    left_tables: Vec<&'static Recent>,
}

static BLOCKS: Lock<Option<Blocks>> = Lock::new(None);

/// What a thread looks up for each call. Only that thread uses it, so relaxed loads and stores do.
#[repr(align(64))]
struct Thread {
    /// The number of the thread whose it is, or 0.
    owner: AtomicUsize,
    /// The counters of the function that runs.
    current: AtomicPtr<Block>,
    /// Those that the thread has used last, by the function. Tables are never freed.
    recent: AtomicPtr<Recent>,
}

/// A table in which a function has one place, that it may lose to another.
type Recent = [AtomicPtr<Block>; RECENT_SIZE];
const RECENT_SIZE: usize = 256;

static NO_RECENT: Recent = [const { AtomicPtr::new(null_mut()) }; RECENT_SIZE];

impl Thread {
    const fn new() -> Self {
        Self {
            owner: AtomicUsize::new(0),
            current: AtomicPtr::new(null_mut()),
            recent: AtomicPtr::new((&raw const NO_RECENT).cast_mut()),
        }
    }
}

/// What most threads look up, by their numbers: finding a thread-local variable takes a call. If a
/// thread's place is another one's, it has `OWN`.
static THREADS: [Thread; THREADS_SIZE] = [const { Thread::new() }; THREADS_SIZE];
const THREADS_SIZE: usize = 128;

thread_local! {
    /// It has no destructor, so it is there as long as the thread runs.
    static OWN: Thread = const { Thread::new() };
    static OWNED: RefCell<Owned> = RefCell::default();
}

/// This thread's number, which no other running thread has. A forked child has other numbers than
/// its parent: its new threads may get the stacks of those that the fork did not take along.
#[inline(always)]
fn number() -> usize {
    let thread = thread_pointer().unwrap_or_else(|| OWN.with(|own| (&raw const *own).addr()));
    thread ^ (generation() << GENERATION_SHIFT)
}

/// Above all addresses that a thread can have. Where addresses take the whole word, there is no
/// room.
const GENERATION_SHIFT: u32 = if usize::BITS == 64 { 48 } else { 31 };

/// Whether the numbers are of the same thread, or of two with the same stack in a parent and its
/// child.
fn same_thread(one: usize, other: usize) -> bool {
    usize::BITS == 64 && (one ^ other) << (usize::BITS - GENERATION_SHIFT) == 0
}

/// This thread's. Whoever has it keeps it while a call lasts, which ends on its own thread.
#[inline(always)]
fn thread() -> *const Thread {
    let number = number();
    let thread = place(number);
    if thread.owner.load(Relaxed) == number {
        return thread;
    }
    find_thread()
}

#[inline(always)]
fn place(number: usize) -> &'static Thread {
    // A thread's block is on its stack, which begins with a page.
    &THREADS[(number >> 12) % THREADS_SIZE]
}

/// Gives the thread its place, unless that is another one's. Then, or if the thread is ending, it
/// has `OWN`.
#[cold]
#[inline(never)]
fn find_thread() -> *const Thread {
    let found = OWNED.try_with(|owned| {
        let mut owned = owned.borrow_mut();
        owned.begin();
        owned.place
    });
    match found {
        Ok(Some(place)) => place,
        Ok(None) | Err(_) => OWN.with(|own| &raw const *own),
    }
}

/// What this thread has for itself.
#[derive(Default)]
struct Owned {
    /// The counters that it writes.
    blocks: HashMap<Key, &'static Block>,
    /// Its place in `THREADS`, if that was free.
    place: Option<&'static Thread>,
    recent: Option<&'static Recent>,
}

impl Owned {
    /// What a thread's first call does. The table for recent counters.
    fn begin(&mut self) -> &'static Recent {
        if let Some(recent) = self.recent {
            if let Some(place) = self.place {
                // The thread has come here by a fork, and so has its place.
                place.owner.store(number(), Relaxed);
            }
            return recent;
        }
        let recent = obtain_recent();
        self.recent = Some(recent);
        let number = number();
        let place = place(number);
        self.place = match place.owner.compare_exchange(0, number, Acquire, Relaxed) {
            Ok(_) => Some(place),
            // A thread that a fork did not take along had this number.
            Err(owner) if same_thread(owner, number) => {
                place.owner.store(number, Relaxed);
                place.current.store(null_mut(), Relaxed);
                Some(place)
            }
            Err(_) => None,
        };
        self.with_thread(|thread| {
            let recent = (&raw const *recent).cast_mut();
            thread.recent.store(recent, Relaxed);
        });
        recent
    }

    fn with_thread(&self, body: impl FnOnce(&Thread)) {
        match self.place {
            Some(place) => body(place),
            None => OWN.with(body),
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(recent) = self.recent {
            self.with_thread(|thread| {
                thread.current.store(null_mut(), Relaxed);
                let none = (&raw const NO_RECENT).cast_mut();
                thread.recent.store(none, Relaxed);
                // Last: the place may be another thread's from now on.
                thread.owner.store(0, Release);
            });
            for place in recent {
                place.store(null_mut(), Relaxed);
            }
            if let Some(blocks) = BLOCKS.lock_another().as_mut() {
                blocks.left_tables.push(recent);
            }
        }
        for (key, block) in self.blocks.drain() {
            leave(key, block);
        }
    }
}

/// The function that makes a call of the context, which the call may leave for another one: Python
/// may switch to another greenlet, in which another function runs.
pub(super) struct Caller {
    thread: *const Thread,
    block: *const Block,
}

impl Caller {
    #[inline(always)]
    pub(super) fn now() -> Self {
        let thread = thread();
        // SAFETY: the thread runs.
        let block = unsafe { (*thread).current.load(Relaxed) };
        Self { thread, block }
    }

    /// Has calls count for it again.
    #[inline(always)]
    pub(super) fn goes_on(&self) {
        // SAFETY: the thread runs.
        unsafe { (*self.thread).current.store(self.block.cast_mut(), Relaxed) };
    }

    /// Counts the call, of the word `word` of `context`, which ends.
    #[inline(always)]
    pub(super) fn count(self, context: &'static TraceContext, word: usize, ticks: u64) {
        self.goes_on();
        // SAFETY: blocks are never freed.
        let block = match unsafe { self.block.as_ref() } {
            Some(block) if block.key.extension == context.extension => block,
            _ => outside(context),
        };
        block.words[word - FIRST].add(ticks);
    }
}

/// The counters for calls that no function of the extension makes: such as those of a thread that
/// the extension has started.
#[cold]
#[inline(never)]
fn outside(context: &'static TraceContext) -> &'static Block {
    let key = Key {
        extension: context.extension,
        function: 0,
    };
    // SAFETY: the thread runs.
    unsafe { block(key, thread()) }
}

/// While it lives, calls count for one function.
pub(super) struct Running {
    thread: *const Thread,
    before: *const Block,
    block: &'static Block,
}

impl Running {
    #[inline(always)]
    pub(super) fn enter(key: Key) -> Self {
        let thread = thread();
        // SAFETY: the thread runs.
        let (block, before) = unsafe {
            let block = block(key, thread);
            let before = (*thread).current.load(Relaxed);
            (*thread)
                .current
                .store((&raw const *block).cast_mut(), Relaxed);
            (block, before)
        };
        Self {
            thread,
            before,
            block,
        }
    }

    /// Ends it. The call took so long, or nobody asked how long.
    #[inline(always)]
    pub(super) fn leave(self, ticks: u64) {
        self.block.own.add(ticks);
        // SAFETY: the thread runs.
        unsafe {
            (*self.thread)
                .current
                .store(self.before.cast_mut(), Relaxed)
        };
    }
}

/// # Safety
/// `thread` is the running thread's.
#[inline(always)]
unsafe fn block(key: Key, thread: *const Thread) -> &'static Block {
    // SAFETY: as promised by the caller. Tables and blocks are never freed.
    let known = unsafe {
        let recent = &*(*thread).recent.load(Relaxed);
        recent[key.place() % RECENT_SIZE].load(Relaxed).as_ref()
    };
    match known {
        Some(block) if block.key == key => block,
        _ => search(key),
    }
}

#[cold]
#[inline(never)]
fn search(key: Key) -> &'static Block {
    let found = OWNED.try_with(|owned| {
        let mut owned = owned.borrow_mut();
        let block = *owned.blocks.entry(key).or_insert_with(|| obtain(key));
        let recent = owned.begin();
        recent[key.place() % RECENT_SIZE].store((&raw const *block).cast_mut(), Relaxed);
        block
    });
    // The thread is ending. It gives the counters back at once.
    found.unwrap_or_else(|_| {
        let block = obtain(key);
        leave(key, block);
        block
    })
}

impl Blocks {
    fn new() -> Self {
        Self {
            all: Vec::new(),
            left: HashMap::new(),
            left_tables: Vec::new(),
        }
    }
}

fn obtain_recent() -> &'static Recent {
    let mut blocks = BLOCKS.lock_another();
    let left = &mut blocks.get_or_insert_with(Blocks::new).left_tables;
    left.pop().unwrap_or_else(|| {
        Box::leak(Box::new(
            [const { AtomicPtr::new(null_mut()) }; RECENT_SIZE],
        ))
    })
}

fn obtain(key: Key) -> &'static Block {
    let mut blocks = BLOCKS.lock_another();
    let blocks = blocks.get_or_insert_with(Blocks::new);
    if let Some(block) = blocks.left.get_mut(&key).and_then(Vec::pop) {
        return block;
    }
    let block: &'static Block = Box::leak(Box::new(Block {
        key,
        own: Counter::default(),
        words: [const {
            Counter {
                calls: AtomicU64::new(0),
                ticks: AtomicU64::new(0),
            }
        }; COUNTERS],
    }));
    blocks.all.push(block);
    block
}

/// Lets another thread have the counters.
fn leave(key: Key, block: &'static Block) {
    if let Some(blocks) = BLOCKS.lock_another().as_mut() {
        blocks.left.entry(key).or_default().push(block);
    }
}

/// All counters, of all threads.
pub(super) fn all() -> Vec<&'static Block> {
    let blocks = BLOCKS.lock();
    blocks
        .as_ref()
        .map_or_else(Vec::new, |blocks| blocks.all.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running() -> usize {
        // SAFETY: the thread runs, and blocks are never freed.
        unsafe { (*(*thread()).current.load(Relaxed)).key.function }
    }

    const KEY: Key = Key {
        extension: usize::MAX,
        function: 48,
    };

    #[test]
    fn a_thread_whose_place_is_taken_has_its_own() {
        let run = || {
            let place = place(number());
            let taken = place.owner.compare_exchange(0, 1, Relaxed, Relaxed);
            assert!(!core::ptr::eq(thread(), place));
            let function = Running::enter(KEY);
            assert_eq!(running(), KEY.function);
            // The counters are found without a search.
            // SAFETY: the thread runs.
            let known = unsafe { block(KEY, thread()) };
            assert!(core::ptr::eq(known, function.block));
            function.leave(0);
            if taken.is_ok() {
                place.owner.store(0, Relaxed);
            }
            // As before: nothing that the thread has counted is lost sight of.
            assert!(!core::ptr::eq(thread(), place));
        };
        std::thread::spawn(run).join().expect("nothing panics");
    }

    #[test]
    fn a_place_is_free_when_its_thread_has_ended() {
        let run = || {
            let is_free = place(number()).owner.load(Relaxed) == 0;
            Running::enter(KEY).leave(0);
            assert!(!is_free || core::ptr::eq(thread(), place(number())));
            place(number())
        };
        let place = std::thread::spawn(run).join().expect("nothing panics");
        // Another test's thread may have it by now.
        assert!(place.owner.load(Relaxed) == 0 || place.current.load(Relaxed).is_null());
    }

    #[test]
    fn a_place_from_before_a_fork_is_the_new_thread_s() {
        let run = || {
            let place = place(number());
            let before = number() ^ (1 << GENERATION_SHIFT);
            let free = place
                .owner
                .compare_exchange(0, before, Relaxed, Relaxed)
                .is_ok();
            let stale = obtain(KEY);
            if free {
                let block = (&raw const *stale).cast_mut();
                let recent = obtain_recent();
                recent[KEY.place() % RECENT_SIZE].store(block, Relaxed);
                place.current.store(block, Relaxed);
                place.recent.store((&raw const *recent).cast_mut(), Relaxed);
            }
            assert!(Caller::now().block.is_null());
            let function = Running::enter(KEY);
            assert!(!core::ptr::eq(function.block, stale));
            function.leave(0);
            // SAFETY: the thread runs.
            assert!(unsafe { (*thread()).current.load(Relaxed) }.is_null());
            leave(KEY, stale);
        };
        std::thread::spawn(run).join().expect("nothing panics");
    }

    #[test]
    fn a_call_in_which_greenlets_switched_counts_for_the_function_that_made_it() {
        let key = |function| Key {
            extension: usize::MAX,
            function,
        };
        let one = Running::enter(key(16));
        let call = Caller::now();
        // Another greenlet begins a call, which Python leaves to go on with the first one.
        let other = Running::enter(key(32));
        assert_eq!(running(), 32);
        call.goes_on();
        assert_eq!(running(), 16);
        one.leave(0);
        let call = Caller::now();
        other.leave(0);
        call.goes_on();
        assert!(call.block.is_null());
    }
}
