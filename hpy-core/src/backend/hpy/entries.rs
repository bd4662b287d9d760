//! Which threads are inside a call by a host, for [`attach`](fn@crate::attach).
//!
//! CPython can be asked whether a thread is attached. The HPy of PyPy and of GraalPy cannot, so
//! calls are counted there, for each thread. They are counted, and nothing is restored at their
//! end, because greenlets leave their calls in any order.
//!
//! Debug mode passes another context to each call. Calls keep theirs in a list there.

use super::modules;
use crate::{Context, stack};
use core::cell::Cell;
use core::ffi::{CStr, c_void};
use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU8, Ordering};
use hpy_sys::universal::{
    debug_contexts, host_context, is_on_cpython, is_thread_on_cpython_attached,
};
use hpy_sys::*;

/// What calls by hosts do besides: bits.
static MODE: AtomicU8 = AtomicU8::new(0);
/// They are counted.
const COUNTED: u8 = 1;
/// They keep their contexts, which differ.
const LISTED: u8 = 2;
/// The host's interpreter is CPython.
const ON_CPYTHON: u8 = 4;

/// A lock of the host's is held where a call begins, so that a thread's count may be kept for the
/// pages of its stack: PyPy's own HPy.
const LOCKED: u8 = 8;

/// The one context of a host whose calls are counted.
static CONTEXT: AtomicPtr<HPyContext> = AtomicPtr::new(ptr::null_mut());

/// What is counted of a thread. Nothing in it is dropped: a thread that is ending has it as well.
struct Thread {
    /// Calls by a host that have not ended.
    calls: Cell<usize>,
    /// Runs of `detach` that have not ended.
    detached: Cell<usize>,
    /// Objects whose data is being dropped.
    destroyed: Cell<usize>,
    /// The contexts of the thread's calls in debug mode, the newest first.
    listed: Cell<*mut Listed>,
}

/// A context of a call in debug mode. A thread that ends within calls leaves theirs behind: a
/// variable of the thread that is dropped at its end would be much more code.
struct Listed {
    ctx: *mut HPyContext,
    before: Cell<*mut Listed>,
}

thread_local! {
    static THREAD: Thread = const {
        Thread {
            calls: Cell::new(0),
            detached: Cell::new(0),
            destroyed: Cell::new(0),
            listed: Cell::new(ptr::null_mut()),
        }
    };
}

/// What a call is counted by: the address of its thread's count.
#[derive(Clone, Copy)]
pub(crate) struct Call(*const Cell<usize>);

impl Call {
    /// Of a call that is not counted.
    pub(crate) const UNCOUNTED: Self = Self(ptr::without_provenance(Self::NO_COUNT));

    /// Of a call that must not be.
    const REFUSED: Self = Self(ptr::without_provenance(align_of::<usize>()));

    /// In the address where it is not that of a count alone. No count has an odd address.
    const IS_ODD: usize = 1;

    /// The address where there is no count. All other odd ones are those of counts of calls whose
    /// contexts are listed.
    const NO_COUNT: usize = 1;

    /// Begins a call by a host, where the thread's count is kept for this page of its stack. The
    /// page is known to be usable then.
    #[inline(always)]
    pub(crate) fn begin_on_known_page() -> Option<Self> {
        let calls = stack::count_of_calls()?;
        calls.set(calls.get().wrapping_add(1));
        Some(Self(calls))
    }

    /// Begins a call by a host. None if this thread must not be called.
    #[inline(always)]
    pub(crate) fn begin(ctx: Context<'_>) -> Option<Self> {
        if MODE.load(Ordering::Relaxed) & (COUNTED | LISTED) == 0 {
            return Some(Self::UNCOUNTED);
        }
        let call = begin_counted(ctx);
        (!ptr::eq(call.0, Self::REFUSED.0)).then_some(call)
    }

    /// Ends the call, on the same thread.
    #[inline(always)]
    pub(crate) fn end(self, ctx: Context<'_>) {
        if self.0.addr() & Self::IS_ODD != 0 {
            if self.0.addr() != Self::NO_COUNT {
                end_listed(self, ctx);
            }
            return;
        }
        // SAFETY: a call ends on the thread that it began on, whose variable needs no drop.
        let calls = unsafe { &*self.0 };
        calls.set(calls.get().wrapping_sub(1));
    }
}

#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn begin_counted(ctx: Context<'_>) -> Call {
    if modules::is_refused() {
        return Call::REFUSED;
    }
    let mode = MODE.load(Ordering::Relaxed);
    THREAD.with(|thread| {
        thread.calls.set(thread.calls.get().wrapping_add(1));
        let call = &raw const thread.calls;
        if mode & LISTED != 0 {
            list(ctx);
            return Call(call.map_addr(|address| address | Call::IS_ODD));
        }
        if mode & LOCKED != 0 {
            // SAFETY: the variable needs no drop. A call has the host's lock where it begins, and
            // pages are marked within calls.
            unsafe { stack::keep_count(&thread.calls) }
        }
        Call(call)
    })
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn end_listed(call: Call, ctx: Context<'_>) {
    let call = call.0.map_addr(|address| address & !Call::IS_ODD);
    Call(call).end(ctx);
    unlist(ctx);
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn list(ctx: Context<'_>) {
    use_before_call(ctx);
    THREAD.with(|thread| {
        let listed = Box::new(Listed {
            ctx: ctx.raw.as_ptr(),
            before: thread.listed.clone(),
        });
        thread.listed.set(Box::into_raw(listed));
    });
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn unlist(ctx: Context<'_>) {
    THREAD.with(|thread| {
        let mut place = &thread.listed;
        // The call may have begun before calls were listed.
        // SAFETY: what is listed is a box until it is taken off the list, by its own thread.
        while let Some(listed) = unsafe { place.get().as_ref() } {
            if ptr::eq(listed.ctx, ctx.raw.as_ptr()) {
                let before = listed.before.get();
                // SAFETY: the box is on no list any more.
                drop(unsafe { Box::from_raw(place.replace(before)) });
                return;
            }
            place = &listed.before;
        }
    });
}

/// What has to happen before a call uses its context, where it does so before it begins.
pub(crate) fn use_before_call(ctx: Context<'_>) {
    // SAFETY: a `Context`'s is valid on this thread, and its call begins.
    unsafe { debug_contexts::use_context(ctx.raw.as_ptr()) }
}

/// A call that has begun, until dropped.
pub(crate) struct Begun<'ctx>(Call, Context<'ctx>);

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.0.end(self.1);
    }
}

/// Decides what calls do besides, before a module's own code runs, and counts the running call
/// again: it has begun before.
pub(crate) fn prepare(ctx: Context<'_>) -> Begun<'_> {
    use_before_call(ctx);
    // SAFETY: a `Context`'s is valid on this thread, and no exception is pending while Rust runs.
    let (layout, name) = unsafe {
        let raw = ctx.as_ptr();
        (context_layout(raw), CStr::from_ptr((*raw).name).to_bytes())
    };
    // The context that a host's loader gave is valid at all times in this project's debug mode.
    // SAFETY: a `Context`'s is valid on this thread.
    let is_debug = name.windows(5).any(|part| part == b"Debug")
        && unsafe { !hpy_sys::universal::is_of_package(ctx.as_ptr()) };
    let is_cpython =
        matches!(layout, ContextLayout::Short | ContextLayout::Full) && is_on_cpython();
    let mut mode = match layout {
        ContextLayout::Displaced if !is_debug => COUNTED | LOCKED,
        ContextLayout::Graal if !is_debug => COUNTED,
        _ if is_debug || !is_cpython => COUNTED | LISTED,
        // The bundled runtime has loaded the file too: who asks wants the host of the call.
        _ if hpy_sys::interpreters::is_loaded() => COUNTED,
        _ => 0,
    };
    if is_cpython {
        mode |= ON_CPYTHON;
    }
    CONTEXT.store(ctx.raw.as_ptr(), Ordering::Release);
    MODE.fetch_or(mode, Ordering::AcqRel);
    if is_debug {
        // From here on calls are listed.
        stack::forget_counts();
    }
    // A thread that is refused does not get here.
    Begun(Call::begin(ctx).unwrap_or(Call::UNCOUNTED), ctx)
}

/// The bundled runtime loads the file too. From here on calls by a host are known.
pub(crate) fn bundled_runtime_loads() {
    if !host_context().is_null() {
        MODE.fetch_or(COUNTED, Ordering::AcqRel);
    }
}

/// This thread has left Python, until dropped.
pub(crate) struct Away(*const Cell<usize>);

impl Away {
    #[inline]
    pub(crate) fn begin() -> Self {
        if MODE.load(Ordering::Relaxed) & COUNTED == 0 {
            return Self(ptr::null());
        }
        THREAD.with(|thread| Self::count(&thread.detached))
    }

    fn count(cell: &Cell<usize>) -> Self {
        cell.set(cell.get() + 1);
        Self(cell)
    }
}

impl Drop for Away {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it is dropped on the thread that it was made on, whose variable needs no drop.
        if let Some(cell) = unsafe { self.0.as_ref() } {
            cell.set(cell.get().wrapping_sub(1));
        }
    }
}

/// Runs `body`, which drops the data of an object that a host destroys. Nobody says that Python may
/// be called then: PyPy collects garbage.
pub(crate) fn while_destroying(body: impl FnOnce()) {
    // What drops the data catches panics; the count is right all the same.
    let _destroying = THREAD.with(|thread| Away::count(&thread.destroyed));
    body();
}

/// How Python may be used on this thread.
pub(crate) enum Access {
    /// By this context, just now.
    Now(*mut HPyContext),
    /// By a call through the host's context, which gives another one.
    ByCall,
    /// The thread must be attached to CPython first.
    FromOutside,
    /// No host has loaded the file.
    NoHost,
    /// Not at all, for this reason.
    Never(&'static str),
}

/// Whether nothing is known of hosts, so that the bundled runtime is the only one.
#[inline(always)]
pub(crate) fn is_bundled_runtime_alone() -> bool {
    MODE.load(Ordering::Relaxed) == 0 && host_context().is_null()
}

/// How a host's Python may be used on this thread.
#[cold]
#[inline(never)]
pub(crate) fn access() -> Access {
    let mode = MODE.load(Ordering::Acquire);
    let (calls, away, destroyed) = THREAD.with(|thread| {
        (
            thread.calls.get(),
            thread.detached.get() != 0,
            thread.destroyed.get() != 0,
        )
    });
    if CONTEXT.load(Ordering::Acquire).is_null() {
        return Access::NoHost;
    }
    if destroyed {
        return Access::Never("an object's data is being dropped, and Python cannot be used then");
    }
    if mode & ON_CPYTHON == 0 {
        if calls == 0 || away {
            return Access::Never(
                "the interpreter's own HPy cannot attach a thread that is not inside a call",
            );
        }
        return match mode & LISTED {
            0 => Access::Now(CONTEXT.load(Ordering::Acquire)),
            _ => listed().map_or(
                Access::Never("the context of the call is not known"),
                Access::Now,
            ),
        };
    }
    // SAFETY: the mode says that the process runs CPython.
    if unsafe { !is_thread_on_cpython_attached() } {
        return Access::FromOutside;
    }
    match mode & LISTED {
        0 => Access::Now(host_context()),
        _ => listed().map_or(Access::ByCall, Access::Now),
    }
}

/// Whether this thread is inside a call by a host, or destroys an object of a host's.
pub(crate) fn is_of_host() -> bool {
    THREAD.with(|thread| {
        (thread.calls.get() != 0 && thread.detached.get() == 0) || thread.destroyed.get() != 0
    })
}

/// Whether the host's context has to give another one.
pub(crate) fn needs_call() -> bool {
    MODE.load(Ordering::Acquire) & LISTED != 0
}

/// The newest context of the thread that may be used.
fn listed() -> Option<*mut HPyContext> {
    THREAD.with(|thread| {
        let mut listed = thread.listed.get();
        // SAFETY: what is listed is a box until this thread takes it off the list.
        while let Some(known) = unsafe { listed.as_ref() } {
            // SAFETY: the call that it belongs to has not ended.
            if unsafe { debug_contexts::may_be_used(known.ctx) } {
                return Some(known.ctx);
            }
            listed = known.before.get();
        }
        None
    })
}

/// Calls `body` through the host's context, which passes a context of the call.
///
/// # Safety
/// The thread is attached to CPython.
pub(crate) unsafe fn call_through_host<F: FnOnce(*mut HPyContext)>(body: F) {
    struct Body<F>(Option<F>);
    unsafe extern "C" fn run<F: FnOnce(*mut HPyContext)>(
        ctx: *mut HPyContext,
        _: HPy,
        body: *mut c_void,
    ) -> HPy {
        // SAFETY: it is the address of the body below, whose call this is.
        if let Some(body) = unsafe { (*body.cast::<Body<F>>()).0.take() } {
            body(ctx);
        }
        HPy_NULL
    }
    let mut body = Body(Some(body));
    let mut args = _HPyFunc_args_GETTER {
        self_: ptr::null_mut(),
        closure: (&raw mut body).cast(),
        result: ptr::null_mut(),
    };
    // SAFETY: function pointers have one size; the host goes by the signature.
    let function = unsafe {
        core::mem::transmute::<
            unsafe extern "C" fn(*mut HPyContext, HPy, *mut c_void) -> HPy,
            unsafe extern "C" fn(),
        >(run::<F>)
    };
    // SAFETY: the thread is attached, the arguments are those of the signature.
    unsafe {
        _HPy_CallRealFunctionFromTrampoline(
            host_context(),
            HPyFunc_GETTER,
            Some(function),
            (&raw mut args).cast(),
        );
    }
}
