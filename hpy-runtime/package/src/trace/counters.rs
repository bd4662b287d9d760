//! Counts and times. Each thread has counters of its own, for each function of an extension that
//! Python calls, so no two threads write the same memory.
//!
//! A thread that ends leaves its counters, as they stand, to the next one that runs the same
//! function.

use super::context::TraceContext;
use super::functions::Key;
use core::cell::{Cell, RefCell};
use core::ptr::null;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use hpy::sys::fork::Lock;
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
}

static BLOCKS: Lock<Option<Blocks>> = Lock::new(None);

/// What a thread looks up for each call. It has no destructor, so it is there as long as the thread
/// runs.
struct Thread {
    /// The counters of the function that runs.
    current: Cell<*const Block>,
    /// Those that the thread has used last, by the function.
    recent: Cell<*const Recent>,
}

thread_local! {
    static THREAD: Thread = const {
        Thread {
            current: Cell::new(null()),
            recent: Cell::new(null()),
        }
    };
    static OWNED: RefCell<Owned> = RefCell::default();
}

/// This thread's. Finding it takes a call, so whoever has it keeps it while a call lasts, which
/// ends on its own thread.
#[inline(always)]
fn thread() -> *const Thread {
    THREAD.with(|thread| &raw const *thread)
}

/// A table in which a function has one place, that it may lose to another.
type Recent = [Cell<*const Block>; RECENT_SIZE];
const RECENT_SIZE: usize = 256;

/// The counters that this thread writes.
#[derive(Default)]
struct Owned {
    blocks: HashMap<Key, &'static Block>,
    recent: Option<Box<Recent>>,
}

impl Drop for Owned {
    fn drop(&mut self) {
        THREAD.with(|thread| {
            thread.current.set(null());
            thread.recent.set(null());
        });
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
        let block = unsafe { (*thread).current.get() };
        Self { thread, block }
    }

    /// Has calls count for it again.
    #[inline(always)]
    pub(super) fn goes_on(&self) {
        // SAFETY: the thread runs.
        unsafe { (*self.thread).current.set(self.block) };
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
    unsafe { block(key, (*thread()).recent.get()) }
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
            let block = block(key, (*thread).recent.get());
            (block, (*thread).current.replace(block))
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
        unsafe { (*self.thread).current.set(self.before) };
    }
}

/// # Safety
/// `recent` is the running thread's.
#[inline(always)]
unsafe fn block(key: Key, recent: *const Recent) -> &'static Block {
    // SAFETY: the thread's table lives until the pointer to it is cleared, and no reference to it
    // leaves this function.
    if let Some(recent) = unsafe { recent.as_ref() } {
        // SAFETY: blocks are never freed.
        match unsafe { recent[key.place() % RECENT_SIZE].get().as_ref() } {
            Some(block) if block.key == key => return block,
            _ => {}
        }
    }
    search(key)
}

#[cold]
#[inline(never)]
fn search(key: Key) -> &'static Block {
    let found = OWNED.try_with(|owned| {
        let mut owned = owned.borrow_mut();
        let block = *owned.blocks.entry(key).or_insert_with(|| obtain(key));
        let recent = owned
            .recent
            .get_or_insert_with(|| Box::new([const { Cell::new(null()) }; RECENT_SIZE]));
        recent[key.place() % RECENT_SIZE].set(block);
        THREAD.with(|thread| thread.recent.set(&raw const **recent));
        block
    });
    // The thread is ending. It gives the counters back at once.
    found.unwrap_or_else(|_| {
        let block = obtain(key);
        leave(key, block);
        block
    })
}

fn obtain(key: Key) -> &'static Block {
    let mut blocks = BLOCKS.lock_another();
    let blocks = blocks.get_or_insert_with(|| Blocks {
        all: Vec::new(),
        left: HashMap::new(),
    });
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
        unsafe { (*(*thread()).current.get()).key.function }
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
