//! What foreign runtimes leave undone for globals.

use super::modules::on_graalpy;
use crate::Context;
use hpy_sys::fork::Lock;
use hpy_sys::universal::debug_contexts;
use hpy_sys::*;

/// Places of GraalPy 24's table of globals that no global has any more.
static SPARE: Lock<Vec<isize>> = Lock::new(Vec::new());

/// Whether a global's word is a place in GraalPy's table, not nothing or a number itself.
fn is_place(word: HPyGlobal) -> bool {
    (1..=i32::MAX as isize).contains(&word._i)
}

/// What is to be done before `HPyGlobal_Store` puts an object into the global: GraalPy 24 takes a
/// new place in its table for one that has none, and never gives it back. A number in the word it
/// takes for a place.
///
/// # Safety
/// The global is the module's, and nobody uses it meanwhile.
pub(crate) unsafe fn global_stores(global: *mut HPyGlobal) {
    // SAFETY: as promised by the caller.
    unsafe {
        if on_graalpy() && !is_place(*global) {
            let mut spare = SPARE.lock();
            (*global)._i = spare.pop().unwrap_or_default();
        }
    }
}

/// Empties the place that a global of GraalPy's has left. An int, a float or nothing stands in the
/// global's word itself, and GraalPy forgets the place with the object that is in it.
///
/// # Safety
/// As for [`global_replaced`].
unsafe fn place_left(ctx: Context<'_>, global: *mut HPyGlobal, before: HPyGlobal) {
    // SAFETY: as promised by the caller; the place is not in use any more.
    unsafe {
        if is_place(before) && (*global)._i != before._i {
            let mut left = before;
            HPyGlobal_Store(ctx.as_ptr(), &mut left, h_None(ctx.as_ptr()));
            let mut spare = SPARE.lock();
            spare.push(left._i);
        }
    }
}

/// What is left to do after `HPyGlobal_Store` has put something else, or nothing, where `before`
/// was.
///
/// PyPy keeps a handle in a global, and forgets to close the one before; and it has no global
/// without an object, but stores None. It dropped HPy in this state, so this is what it will always
/// do. In its debug mode too the handle is none of debug mode's.
///
/// # Safety
/// `before` is what the global held before the store, and nobody uses the global meanwhile.
pub(crate) unsafe fn global_replaced(
    ctx: Context<'_>,
    global: *mut HPyGlobal,
    before: HPyGlobal,
    is_cleared: bool,
) {
    // SAFETY: the context is valid; on PyPy a global that is not null is an open handle, which
    // nobody else closes.
    unsafe {
        match context_layout(ctx.as_ptr()) {
            ContextLayout::Displaced => {}
            ContextLayout::Graal => return place_left(ctx, global, before),
            ContextLayout::Short | ContextLayout::Full => return,
        }
        let ctx = debug_contexts::wrapped(ctx.as_ptr());
        if !before.is_null() {
            HPy_Close(ctx, HPy { _i: before._i });
        }
        if is_cleared {
            HPy_Close(ctx, HPy { _i: (*global)._i });
            *global = HPyGlobal::NULL;
        }
    }
}
