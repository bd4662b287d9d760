//! What foreign runtimes leave undone for modules and globals.

use crate::types::Module;
use crate::{Context, Handle};
use hpy_sys::*;

/// What happens to a module whose own code failed: it is emptied. PyPI's hpy 0.9.0 frees the definition of such a module
/// at once, whereas the module itself lives on in a cycle with its methods, and crashes the next garbage collection.
pub(crate) fn module_failed(module: &Handle<'_, Module>) {
    let emptied = module
        .getattr(c"__dict__")
        .and_then(|names| names.call_method0(c"clear"));
    // If even this fails, the error of the module's own code is still the one to be seen.
    drop(emptied);
}

/// What is left to do after `HPyGlobal_Store` has put something else, or nothing, where `before` was.
///
/// PyPy keeps a handle in a global, and forgets to close the one before; and it has no global without an object, but
/// stores None. It dropped HPy in this state, so this is what it will always do.
///
/// # Safety
/// `before` is what the global held before the store, and nobody uses the global meanwhile.
pub(crate) unsafe fn global_replaced(
    ctx: Context<'_>,
    global: *mut HPyGlobal,
    before: HPyGlobal,
    is_cleared: bool,
) {
    // SAFETY: the context is valid; on PyPy a global that is not null is an open handle, which nobody else closes.
    unsafe {
        if layout(ctx.as_ptr()) != Layout::Displaced {
            return;
        }
        if !before.is_null() {
            HPy_Close(ctx.as_ptr(), HPy { _i: before._i });
        }
        if is_cleared {
            HPy_Close(ctx.as_ptr(), HPy { _i: (*global)._i });
            *global = HPyGlobal::NULL;
        }
    }
}
