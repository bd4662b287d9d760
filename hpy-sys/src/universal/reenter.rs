//! Re-enters Python through a context.

use crate::bundled_context::is_of_bundled_runtime;
use crate::context::HPyContext;
use crate::handles::HPyThreadState;
use crate::thread::{or_wait, restore_thread};

/// HPy's `HPy_ReenterPythonExecution`, without unwinding. See the module `thread`.
///
/// # Safety
/// `ctx` is a valid context. `state` is what this thread got when it left Python.
pub unsafe fn reenter(ctx: *mut HPyContext, state: HPyThreadState) {
    type Reenter = unsafe extern "C" fn(*mut HPyContext, HPyThreadState);
    type UnwindingReenter = unsafe extern "C-unwind" fn(*mut HPyContext, HPyThreadState);
    if is_of_bundled_runtime(ctx) {
        // SAFETY: as promised by the caller.
        return unsafe { restore_thread(state) };
    }
    // SAFETY: the caller's context is valid; the types differ in whether the compiler expects
    // unwinding.
    let reenter = unsafe {
        core::mem::transmute::<Reenter, UnwindingReenter>((*ctx).ctx_ReenterPythonExecution)
    };
    // SAFETY: as promised by the caller.
    or_wait(|| unsafe { reenter(ctx, state) });
}
