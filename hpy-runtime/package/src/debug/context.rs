//! Debug contexts. Each call of an extension's function gets one that no other call has, so that
//! one that was kept beyond its call is noticed.

use super::offer::EXTENSION;
use super::origin::Entry;
use super::slots::{CONSTANT, Slot, with_table};
use super::wrappers;
use super::{backtraces, frames};
use core::cell::Cell;
use core::ffi::CStr;
use core::ptr;
use core::sync::atomic::{AtomicU8, Ordering};
use hpy::sys::fork::Lock;
use hpy::sys::{HPy, HPyCFunction, HPyContext, Static};

/// Begins like the name of HPy's own debug contexts, and says that they are this project's.
const NAME: &CStr = c"HPy Debug Mode ABI (HPy for Rust)";

/// A context, and what debug mode knows of it.
#[repr(C)]
pub(super) struct DebugContext {
    context: HPyContext,
    pub(super) info: Info,
}

/// The context's call is running, and has not called Python.
const VALID: u8 = 1;
/// It is the context that trampolines have, which is of no call and always valid.
const ROOT: u8 = 2;

/// Its call has left Python. It may be used where the thread has attached itself meanwhile.
const LEFT: u8 = 4;

/// What debug mode knows of a context.
pub(super) struct Info {
    state: AtomicU8,
    /// The thread of the call.
    thread: Cell<usize>,
    pub(super) entry: Cell<Entry>,
    pub(super) function: Cell<HPyCFunction>,
    /// How many handles more were made in the call than closed.
    open: Cell<isize>,
    /// The next one in the queue of contexts of no call.
    next: Cell<*mut DebugContext>,
    family: &'static Family,
}

/// The contexts over one context.
struct Family {
    underlying: *mut HPyContext,
    /// The queue of contexts of no call, the one that was free longest first. Guarded like the
    /// table of slots.
    first: Cell<*mut DebugContext>,
    last: Cell<*mut DebugContext>,
}

/// At least so many contexts take turns.
const CONTEXTS: usize = 16;

/// All contexts of calls, in use or not. Guarded like the table of slots.
static ALL: Static<Vec<*mut DebugContext>> = Static::new(Vec::new());

struct Known {
    underlying: usize,
    root: usize,
}

/// The debug context over another one of this project's: the same for the same.
///
/// # Safety
/// The thread is attached. The context is valid for ever.
pub(crate) unsafe fn over(underlying: *mut HPyContext) -> *mut HPyContext {
    static KNOWN: Lock<Vec<Known>> = Lock::new(Vec::new());
    let known = |known: &[Known]| {
        let mut known = known.iter();
        known
            .find(|known| known.underlying == underlying as usize)
            .map(|known| known.root as *mut HPyContext)
    };
    if let Some(root) = known(&KNOWN.lock()) {
        return root;
    }
    // SAFETY: as promised by the caller.
    let root = unsafe { family(underlying) };
    let mut all = KNOWN.lock();
    // Another thread may have been quicker.
    if let Some(root) = known(&all) {
        return root;
    }
    all.push(Known {
        underlying: underlying as usize,
        root: root as usize,
    });
    root.cast()
}

unsafe fn family(underlying: *mut HPyContext) -> *mut DebugContext {
    let family: &'static Family = Box::leak(Box::new(Family {
        underlying,
        first: Cell::new(ptr::null_mut()),
        last: Cell::new(ptr::null_mut()),
    }));
    // SAFETY: as promised by the caller.
    unsafe { frames::learn() };
    let limit = backtraces::limit_from_environment();
    with_table(|table| {
        if table.backtrace_limit == 0 {
            table.backtrace_limit = limit;
        }
    });
    // SAFETY: the underlying context is valid, and the thread attached. A context consists of words
    // that may be zero, until they are filled below.
    unsafe {
        let constant = |handle: HPy| with_table(|table| table.open(handle, Entry::NONE, CONSTANT));
        let mut root: Box<core::mem::MaybeUninit<HPyContext>> =
            Box::new(core::mem::MaybeUninit::zeroed());
        let context = root.as_mut_ptr();
        wrappers::fill(context, underlying, constant);
        (&raw mut (*context).name).write(NAME.as_ptr());
        (&raw mut (*context)._private).write((&raw const EXTENSION).cast_mut().cast());
        (&raw mut (*context).abi_version).write(0);
        for _ in 0..CONTEXTS {
            with_table(|_| family.give(family.make_for_calls(context)));
        }
        family.make(context, ROOT)
    }
}

impl Family {
    /// Puts a context into the queue, which it is not in.
    #[inline(always)]
    unsafe fn give(&self, context: *mut DebugContext) {
        // SAFETY: contexts are never freed.
        unsafe {
            (*context).info.next.set(ptr::null_mut());
            if self.first.get().is_null() {
                self.first.set(context);
            } else {
                (*self.last.get()).info.next.set(context);
            }
        }
        self.last.set(context);
    }

    /// Takes one out of the queue, or makes one like `like`.
    #[inline(always)]
    unsafe fn take(&'static self, like: *const HPyContext) -> *mut DebugContext {
        let first = self.first.get();
        if first.is_null() {
            // SAFETY: the caller's context is filled.
            return unsafe { self.make_for_calls(like) };
        }
        // SAFETY: contexts are never freed.
        self.first.set(unsafe { (*first).info.next.get() });
        first
    }

    /// A new context for calls.
    #[cold]
    #[inline(never)]
    unsafe fn make_for_calls(&'static self, like: *const HPyContext) -> *mut DebugContext {
        // SAFETY: as promised by the caller, who holds the table's lock.
        unsafe {
            let context = self.make(like, 0);
            (*ALL.as_ptr()).push(context);
            context
        }
    }

    /// A new context, with the functions of `like`.
    unsafe fn make(&'static self, like: *const HPyContext, state: u8) -> *mut DebugContext {
        // SAFETY: the caller's context is filled. Contexts are plain words.
        let context = unsafe { like.read() };
        Box::into_raw(Box::new(DebugContext {
            context,
            info: Info {
                state: AtomicU8::new(state),
                thread: Cell::new(0),
                entry: Cell::new(Entry::NONE),
                function: Cell::new(None),
                open: Cell::new(0),
                next: Cell::new(ptr::null_mut()),
                family: self,
            },
        }))
    }
}

/// What is known of a debug context, without a check.
///
/// # Safety
/// A debug context.
#[inline(always)]
pub(super) unsafe fn info<'a>(ctx: *mut HPyContext) -> &'a Info {
    // SAFETY: contexts of debug mode begin a `DebugContext`, which is never freed.
    unsafe { &(*ctx.cast::<DebugContext>()).info }
}

/// What is known of a debug context, which must be that of the call that runs. Else it ends the
/// process.
///
/// # Safety
/// A debug context.
#[inline(always)]
pub(super) unsafe fn check<'a>(ctx: *mut HPyContext) -> &'a Info {
    // SAFETY: as promised by the caller.
    let info = unsafe { info(ctx) };
    if info.state.load(Ordering::Relaxed) != VALID || info.thread.get() != thread() {
        info.check_slowly();
    }
    info
}

impl Info {
    pub(super) fn underlying(&self) -> *mut HPyContext {
        self.family.underlying
    }

    #[cold]
    #[inline(never)]
    fn check_slowly(&self) {
        let state = self.state.load(Ordering::Relaxed);
        if state & ROOT != 0
            || (state == LEFT && self.thread.get() == thread() && frames::is_attached())
        {
            return;
        }
        eprintln!("Error: Wrong HPy Context!");
        let why = if state == LEFT {
            "A function of HPy was called after HPy_LeavePythonExecution."
        } else if state == VALID {
            "A function of HPy was called with the context of another thread."
        } else {
            "A function of HPy was called with a context that is not the one of the running call."
        };
        eprintln!("{why} Use the context that the function got as its argument.");
        backtraces::print(16);
        std::process::abort();
    }

    /// Calls the wrapped context. Meanwhile Python may run, and this context must not be used.
    #[inline(always)]
    pub(super) fn outside<R>(&self, body: impl FnOnce(*mut HPyContext) -> R) -> R {
        let state = self.state.load(Ordering::Relaxed);
        self.state.store(state & ROOT, Ordering::Relaxed);
        let result = body(self.family.underlying);
        self.state.store(state, Ordering::Relaxed);
        result
    }

    /// Python is left, until [`reenter`](Self::reenter).
    pub(super) fn leave(&self) {
        if self.state.load(Ordering::Relaxed) & ROOT == 0 {
            self.state.store(LEFT, Ordering::Relaxed);
        }
    }

    pub(super) fn reenter(&self) {
        let state = self.state.load(Ordering::Relaxed);
        if state & ROOT == 0 {
            self.state.store(VALID, Ordering::Relaxed);
        }
    }

    /// The debug handle of a handle that the call has got, which it must close.
    #[inline(always)]
    pub(super) fn open(&self, underlying: HPy) -> HPy {
        if underlying.is_null() {
            return underlying;
        }
        self.count(1);
        with_table(|table| table.open(underlying, self.entry.get(), 0))
    }

    /// Notes that an open handle is closed.
    #[inline(always)]
    pub(super) fn close(&self, slot: *mut Slot) {
        // SAFETY: the caller's slot is open.
        if unsafe { (*slot).made_in } == self.entry.get() {
            self.count(-1);
        }
        with_table(|table| table.close(slot, self.entry.get()));
    }

    /// Closes the handle of an argument, which the caller owns.
    #[inline(always)]
    pub(super) fn close_argument(&self, slot: *mut Slot) {
        with_table(|table| table.close(slot, self.entry.get()));
    }

    /// Only a call's own thread counts. The root counts nothing.
    #[inline(always)]
    fn count(&self, change: isize) {
        if self.entry.get() != Entry::NONE {
            self.open.set(self.open.get() + change);
        }
    }

    /// How many handles the call has left open.
    #[inline(always)]
    pub(super) fn left_open(&self) -> isize {
        self.open.get()
    }
}

/// A context for a call that begins.
///
/// # Safety
/// `ctx` is a debug context. Called within [`with_table`].
#[inline(always)]
pub(super) unsafe fn begin(
    ctx: *mut HPyContext,
    function: HPyCFunction,
    entry: Entry,
) -> *mut HPyContext {
    // SAFETY: as promised by the caller: nobody else takes a context meanwhile.
    unsafe {
        let next = info(ctx).family.take(ctx);
        let info = &(*next).info;
        info.state.store(VALID, Ordering::Relaxed);
        info.thread.set(thread());
        info.entry.set(entry);
        info.function.set(function);
        info.open.set(0);
        next.cast()
    }
}

/// Ends a call: the context is not valid any more.
///
/// # Safety
/// `ctx` is from [`begin`]. Called within [`with_table`].
#[inline(always)]
pub(super) unsafe fn end(ctx: *mut HPyContext) {
    // SAFETY: as promised by the caller.
    unsafe {
        let info = info(ctx);
        info.state.store(0, Ordering::Relaxed);
        info.entry.set(Entry::NONE);
        info.family.give(ctx.cast());
    }
}

/// Whether the call has not ended.
pub(super) fn is_running(entry: Entry) -> bool {
    entry != Entry::NONE
        && with_table(|_| {
            // SAFETY: the table's lock is held, and contexts are never freed.
            let mut all = unsafe { (*ALL.as_ptr()).iter() };
            // SAFETY: as above.
            all.any(|context| unsafe { (**context).info.entry.get() } == entry)
        })
}

/// A number for the running thread.
#[inline(always)]
fn thread() -> usize {
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
        pointer
    }
    #[cfg(not(all(target_arch = "x86_64", target_os = "linux", not(miri))))]
    {
        // Contexts of other threads are not told apart here.
        0
    }
}
