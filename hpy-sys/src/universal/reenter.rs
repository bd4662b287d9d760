//! Coming back into Python through a context.

use crate::bundled_context::is_of_bundled_runtime;
use crate::context::HPyContext;
use crate::handles::HPyThreadState;
use crate::thread::{or_wait, restore_thread};

/// HPy's `HPy_ReenterPythonExecution`, which does not unwind: see the module `thread`.
///
/// # Safety
/// `ctx` is a valid context, the state is that of this thread, which left.
pub unsafe fn reenter(ctx: *mut HPyContext, state: HPyThreadState) {
    type Reenter = unsafe extern "C" fn(*mut HPyContext, HPyThreadState);
    type UnwindingReenter = unsafe extern "C-unwind" fn(*mut HPyContext, HPyThreadState);
    if is_of_bundled_runtime(ctx) {
        // SAFETY: as promised by the caller.
        return unsafe { restore_thread(state) };
    }
    // SAFETY: the caller's context is valid; the types differ in whether the compiler expects unwinding.
    let reenter = unsafe {
        core::mem::transmute::<Reenter, UnwindingReenter>((*ctx).ctx_ReenterPythonExecution)
    };
    // SAFETY: as promised by the caller.
    or_wait(|| unsafe { reenter(ctx, state) });
}
