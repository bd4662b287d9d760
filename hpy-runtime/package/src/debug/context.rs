//! Debug contexts. Each call of an extension's function gets one that no other call has, so that
//! one that was kept beyond its call is noticed.

use super::offer::EXTENSION;
use super::origin::Entry;
use super::slots::{CONSTANT, Slot, with_table};
use super::wrappers;
use super::{backtraces, frames};
use crate::thread_pointer::thread_pointer;
use core::cell::Cell;
use core::ffi::CStr;
use core::ptr;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use core::sync::atomic::{AtomicIsize, AtomicPtr, AtomicUsize};
use hpy::sys::{BUNDLED_CONTEXT, HPy, HPyCFunction, HPyContext, Static};

/// Begins like the name of HPy's own debug contexts, and says that they are this project's.
const NAME: &CStr = c"HPy Debug Mode ABI (HPy for Rust)";

/// A context, and what debug mode knows of it.
#[repr(C)]
pub(super) struct DebugContext {
    context: HPyContext,
    pub(super) info: Info,
}

/// A mark beside the thread: its call has left Python. It may be used where the thread has attached
/// itself meanwhile.
const LEFT: usize = 1;

/// What debug mode knows of a context.
pub(super) struct Info {
    /// The thread that may use it: that of the call while it runs and has not called Python. Else
    /// 0, or the thread with the mark [`LEFT`].
    user: AtomicUsize,
    /// It is the context that trampolines have, which is of no call and always valid.
    is_root: bool,
    pub(super) entry: Cell<Entry>,
    pub(super) function: Cell<HPyCFunction>,
    /// How many handles more were made in the call than closed. The root's is of no use: several
    /// threads write it.
    open: AtomicIsize,
    /// The next one in the queue of contexts of no call.
    next: Cell<*mut DebugContext>,
    family: &'static Family,
}

/// The debug contexts.
struct Family {
    /// The queue of contexts of no call, the one that was free longest first. Guarded like the
    /// table of slots.
    first: Cell<*mut DebugContext>,
    last: Cell<*mut DebugContext>,
}

/// At least so many contexts take turns.
const CONTEXTS: usize = 16;

/// All contexts of calls, in use or not. Guarded like the table of slots.
static ALL: Static<Vec<*mut DebugContext>> = Static::new(Vec::new());

/// The context that debug contexts pass calls on to. In its place, the C API is called in line.
#[inline(always)]
fn wrapped() -> *mut HPyContext {
    BUNDLED_CONTEXT.as_ptr().cast()
}

/// The debug context of trampolines.
///
/// # Safety
/// The thread is attached, and the bundled context filled.
pub(crate) unsafe fn root() -> *mut HPyContext {
    static ROOT: AtomicPtr<DebugContext> = AtomicPtr::new(ptr::null_mut());
    let known = ROOT.load(Acquire);
    if !known.is_null() {
        return known.cast();
    }
    // SAFETY: as promised by the caller.
    let made = unsafe { family() };
    // Another thread may have been quicker.
    match ROOT.compare_exchange(ptr::null_mut(), made, AcqRel, Acquire) {
        Ok(_) => made.cast(),
        Err(known) => known.cast(),
    }
}

unsafe fn family() -> *mut DebugContext {
    let family: &'static Family = Box::leak(Box::new(Family {
        first: Cell::new(ptr::null_mut()),
        last: Cell::new(ptr::null_mut()),
    }));
    // SAFETY: as promised by the caller.
    unsafe { frames::learn() };
    let limit = backtraces::limit_from_environment();
    with_table(|table| {
        if table.backtrace_limit() == 0 {
            table.set_backtrace_limit(limit);
        }
    });
    // SAFETY: the wrapped context is valid, and the thread attached. A context consists of words
    // that may be zero, until they are filled below.
    unsafe {
        let constant = |handle: HPy| with_table(|table| table.open(handle, Entry::NONE, CONSTANT));
        let mut root: Box<core::mem::MaybeUninit<HPyContext>> =
            Box::new(core::mem::MaybeUninit::zeroed());
        let context = root.as_mut_ptr();
        wrappers::fill(context, wrapped(), constant);
        (&raw mut (*context).name).write(NAME.as_ptr());
        (&raw mut (*context)._private).write((&raw const EXTENSION).cast_mut().cast());
        (&raw mut (*context).abi_version).write(0);
        for _ in 0..CONTEXTS {
            with_table(|_| family.give(family.make_for_calls(context)));
        }
        family.make(context, true)
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
            let context = self.make(like, false);
            (*ALL.as_ptr()).push(context);
            context
        }
    }

    /// A new context, with the functions of `like`.
    unsafe fn make(&'static self, like: *const HPyContext, is_root: bool) -> *mut DebugContext {
        // SAFETY: the caller's context is filled. Contexts are plain words.
        let context = unsafe { like.read() };
        Box::into_raw(Box::new(DebugContext {
            context,
            info: Info {
                user: AtomicUsize::new(0),
                is_root,
                entry: Cell::new(Entry::NONE),
                function: Cell::new(None),
                open: AtomicIsize::new(0),
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
    if info.user.load(Relaxed) != thread() {
        info.check_slowly();
    }
    info
}

impl Info {
    #[inline(always)]
    pub(super) fn underlying(&self) -> *mut HPyContext {
        wrapped()
    }

    #[cold]
    #[inline(never)]
    fn check_slowly(&self) {
        let user = self.user.load(Relaxed);
        if self.is_root || (user == thread() | LEFT && frames::is_attached()) {
            return;
        }
        eprintln!("Error: Wrong HPy Context!");
        let why = if user & LEFT != 0 {
            "A function of HPy was called after HPy_LeavePythonExecution."
        } else if user != 0 {
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
        let user = self.user.load(Relaxed);
        self.user.store(0, Relaxed);
        let result = body(wrapped());
        self.user.store(user, Relaxed);
        result
    }

    /// Python is left, until [`reenter`](Self::reenter).
    pub(super) fn leave(&self) {
        if !self.is_root {
            self.user.store(thread() | LEFT, Relaxed);
        }
    }

    pub(super) fn reenter(&self) {
        self.user.store(self.user.load(Relaxed) & !LEFT, Relaxed);
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

    /// Only a call's own thread counts, so the sum of two steps is right.
    #[inline(always)]
    fn count(&self, change: isize) {
        let open = self.open.load(Relaxed).wrapping_add(change);
        self.open.store(open, Relaxed);
    }

    /// How many handles the call has left open.
    #[inline(always)]
    pub(super) fn left_open(&self) -> isize {
        self.open.load(Relaxed)
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
        info.user.store(thread(), Relaxed);
        info.entry.set(entry);
        info.function.set(function);
        info.open.store(0, Relaxed);
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
        info.user.store(0, Relaxed);
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

/// A number for the running thread. It is not 0, and has no mark.
#[inline(always)]
fn thread() -> usize {
    // Where there is no pointer, contexts of other threads are not told apart.
    thread_pointer().unwrap_or(2)
}
