//! Modules under foreign runtimes: the thread that may call them, and what is done when their code
//! fails.

use super::owned_ref::attribute_as_it_is;
use crate::types::Module;
use crate::{Context, Handle};
use core::sync::atomic::{AtomicUsize, Ordering};
use hpy_sys::*;

/// Whether foreign contexts are GraalPy 24's: no other HPy is there, and no module is loaded before
/// this is known.
#[inline(always)]
pub(crate) fn on_graalpy() -> bool {
    ONLY.load(Ordering::Relaxed) != 0
}

/// Whether this is the context of PyPy's own HPy.
#[inline]
pub(crate) fn on_pypy(ctx: Context<'_>) -> bool {
    // SAFETY: the context is valid.
    unsafe { context_layout(ctx.as_ptr()) == ContextLayout::Displaced }
}

/// The one thread that may call, by [`here`]; 0 where every thread may.
static ONLY: AtomicUsize = AtomicUsize::new(0);

/// What a thread is known by, as long as it lives.
fn here() -> usize {
    thread_local!(static HERE: u8 = const { 0 });
    HERE.with(|here| core::ptr::from_ref(here).addr())
}

/// GraalPy 24's HPy passes the Java thread that it was first used on to the Java machine, whichever
/// thread calls: so a module is called on the thread alone that imported it. (The import is refused
/// on any but the main one, which is the first.)
pub(crate) fn remember_thread(ctx: Context<'_>) {
    // SAFETY: a `Context`'s is valid on this thread, and no exception is pending while Rust runs.
    if unsafe { context_layout(ctx.as_ptr()) } == ContextLayout::Graal {
        ONLY.store(here(), Ordering::Relaxed);
    }
}

/// Whether this thread must not use a foreign context.
#[inline(always)]
pub(crate) fn is_refused() -> bool {
    on_graalpy() && is_another()
}

#[cold]
#[inline(never)]
extern "C" fn is_another() -> bool {
    ONLY.load(Ordering::Relaxed) != here()
}

/// What happens to a module whose own code failed: it is emptied. PyPI's hpy 0.9.0 frees the
/// definition of such a module at once, whereas the module itself lives on in a cycle with its
/// methods, and crashes the next garbage collection.
pub(crate) fn module_failed(module: &Handle<'_, Module>) {
    let emptied = attribute_as_it_is(module.as_object(), c"__dict__")
        .and_then(|names| attribute_as_it_is(&names, c"clear")?.call_handles(&[]));
    // If even this fails, the error of the module's own code is still the one to be seen.
    drop(emptied);
}
