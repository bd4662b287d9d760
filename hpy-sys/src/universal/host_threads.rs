//! Threads where a package `hpy` brings the context: CPython can be asked whether a thread is
//! attached, and be entered from outside.
//!
//! No import has resolved the C API for it, so the few functions are looked up by their names.

use super::trampoline::host_context;
use crate::capi::platform;
use crate::interpreters::is_current_thread_attached;
use crate::thread::{NotAttachable, or_wait};
use core::ffi::{c_int, c_uint, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

type Ensure = unsafe extern "C-unwind" fn() -> c_uint;
type Release = unsafe extern "C" fn(c_uint);
type IsInitialized = unsafe extern "C" fn() -> c_int;

/// Whether the process runs CPython, whose functions the functions of this module call. PyPy and
/// GraalPy have some of their names too, which do not serve beside their own HPy.
pub fn is_on_cpython() -> bool {
    !platform::symbol(c"_PyRuntime").is_null()
}

/// Whether this thread is attached to CPython. May be called on any thread.
///
/// # Safety
/// The process [runs CPython](is_on_cpython).
pub unsafe fn is_thread_on_cpython_attached() -> bool {
    is_current_thread_attached()
}

/// A function of CPython, looked up at the first call.
struct Function(AtomicPtr<c_void>);

impl Function {
    const fn new() -> Self {
        Self(AtomicPtr::new(core::ptr::null_mut()))
    }

    fn find(&self, name: &core::ffi::CStr) -> *mut c_void {
        let known = self.0.load(Ordering::Acquire);
        if !known.is_null() {
            return known;
        }
        let found = platform::symbol(name);
        self.0.store(found, Ordering::Release);
        found
    }
}

/// Keeps a thread attached to CPython until dropped.
#[derive(Debug)]
#[must_use = "the thread is attached until this is dropped"]
pub struct AttachedToCPython {
    state: c_uint,
    release: Release,
    /// Not `Send`, because this thread is the attached one.
    _thread: core::marker::PhantomData<*mut ()>,
}

/// As [`attach`](crate::attach), for a module that a package `hpy` has loaded.
///
/// # Safety
/// As for [`attach`](crate::attach). The process [runs CPython](is_on_cpython).
///
/// # Errors
/// If no package has loaded a module of the library, or if the interpreter has ended.
pub unsafe fn attach_to_cpython() -> Result<AttachedToCPython, NotAttachable> {
    static ENSURE: Function = Function::new();
    static RELEASE: Function = Function::new();
    static IS_INITIALIZED: Function = Function::new();
    let ensure = ENSURE.find(c"PyGILState_Ensure");
    let release = RELEASE.find(c"PyGILState_Release");
    let is_initialized = IS_INITIALIZED.find(c"Py_IsInitialized");
    let missing = ensure.is_null() || release.is_null() || is_initialized.is_null();
    if host_context().is_null() || missing {
        return Err(NotAttachable(
            "no HPy runtime that can attach threads has loaded the module",
        ));
    }
    // SAFETY: CPython's functions of these names have these types. The first and the last one may
    // be called on any thread.
    let (ensure, release, is_initialized) = unsafe {
        (
            core::mem::transmute::<*mut c_void, Ensure>(ensure),
            core::mem::transmute::<*mut c_void, Release>(release),
            core::mem::transmute::<*mut c_void, IsInitialized>(is_initialized),
        )
    };
    // SAFETY: as above.
    if unsafe { is_initialized() } == 0 {
        return Err(NotAttachable(
            "the interpreter that has loaded the module has ended",
        ));
    }
    let mut state = 0;
    // SAFETY: as above.
    or_wait(|| state = unsafe { ensure() });
    Ok(AttachedToCPython {
        state,
        release,
        _thread: core::marker::PhantomData,
    })
}

impl Drop for AttachedToCPython {
    fn drop(&mut self) {
        // SAFETY: the state comes from the same thread, because the guard is not `Send`. The caller
        // of `attach_to_cpython` promised that no later guard is left.
        unsafe { (self.release)(self.state) }
    }
}
