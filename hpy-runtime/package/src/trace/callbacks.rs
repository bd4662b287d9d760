//! The functions of Python that `set_trace_functions` has called before and after each call.

use super::clock;
use super::counters::Caller;
use core::cell::Cell;
use core::ffi::CStr;
use core::ptr::null_mut;
use hpy::exceptions::TypeError;
use hpy::prelude::*;
use hpy::sys::fork::Lock;
use hpy::sys::{BUNDLED_CONTEXT, HPy, HPy_Call, HPy_Close, HPy_Dup, HPy_NULL, HPyContext};
use hpy::sys::{HPyUnicode_FromString, capi};

/// When a function is called.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    Enter = 0,
    Exit = 1,
}

/// The two functions: references of their own, or null.
static FUNCTIONS: Lock<[HPy; 2]> = Lock::new([HPy_NULL; 2]);

thread_local! {
    /// Whether this thread runs one of the functions. What these call is counted, but they are not
    /// called for it.
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// Calls a function, if there is one, with the name of the word. The pending exception stays. What
/// the function raises goes to `sys.unraisablehook`.
///
/// # Safety
/// The thread is attached.
#[cold]
#[inline(never)]
pub(super) unsafe fn call(moment: Moment, name: &CStr) {
    if RUNNING.get() {
        return;
    }
    let ctx: *mut HPyContext = BUNDLED_CONTEXT.as_ptr().cast();
    // SAFETY: the thread is attached. Each reference is given up once. Nothing runs Python code
    // while the lock is held.
    unsafe {
        let function = {
            let functions = FUNCTIONS.lock();
            HPy_Dup(ctx, functions[moment as usize])
        };
        if function.is_null() {
            return;
        }
        RUNNING.set(true);
        let caller = Caller::now();
        let [mut kind, mut value, mut traceback] = [null_mut(); 3];
        capi::PyErr_Fetch(&mut kind, &mut value, &mut traceback);
        let name = HPyUnicode_FromString(ctx, name.as_ptr());
        let result = if name.is_null() {
            HPy_NULL
        } else {
            HPy_Call(ctx, function, &name, 1, HPy_NULL)
        };
        if result.is_null() {
            capi::PyErr_WriteUnraisable(function._i as *mut capi::PyObject);
        }
        for handle in [name, result, function] {
            if !handle.is_null() {
                HPy_Close(ctx, handle);
            }
        }
        capi::PyErr_Restore(kind, value, traceback);
        caller.goes_on();
        RUNNING.set(false);
    }
}

/// Sets one of the two functions: 0 is called before each call, 1 after it.
#[hpy_method(name = "_set_trace_function")]
pub(crate) fn set_trace_function<'ctx>(
    ctx: Context<'ctx>,
    which: usize,
    function: &Handle<'ctx>,
) -> Result<()> {
    let new = if function.is(&ctx.none()) {
        HPy_NULL
    } else if function.is_callable() {
        // SAFETY: the handle is open.
        unsafe { HPy_Dup(ctx.as_ptr(), function.as_raw()) }
    } else {
        return Err(TypeError::new("Expected a callable object or None"));
    };
    let old = {
        let mut functions = FUNCTIONS.lock();
        let old = core::mem::replace(&mut functions[which & 1], new);
        let any = functions.iter().any(|function| !function.is_null());
        clock::set_calls_python(any);
        old
    };
    if !old.is_null() {
        // SAFETY: nobody else has this reference.
        unsafe { HPy_Close(ctx.as_ptr(), old) };
    }
    Ok(())
}
