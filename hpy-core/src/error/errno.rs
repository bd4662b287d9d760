//! The error of a C function, by C's `errno`.

use super::Error;
use crate::exceptions::{ExceptionType, SystemError};
use crate::{Context, Handle};
use core::ffi::CStr;
use hpy_sys::*;

impl Error {
    /// The exception for what C's `errno` is now: `Error::last_os_error::<OSError>(ctx, None)`, of
    /// which Python makes the fitting subclass. HPy's `HPyErr_SetFromErrnoWithFilename`.
    ///
    /// Errors of Rust's own functions are [`std::io::Error`], which `?` converts.
    ///
    /// ```
    /// use hpy::exceptions::OSError;
    /// use hpy::prelude::*;
    ///
    /// unsafe extern "C" {
    ///     fn close(file: i32) -> i32;
    /// }
    ///
    /// #[hpy_method]
    /// fn close_nothing(ctx: Context<'_>) -> Result<()> {
    ///     if unsafe { close(-1) } < 0 {
    ///         return Err(Error::last_os_error::<OSError>(ctx, None));
    ///     }
    ///     Ok(())
    /// }
    /// ```
    #[cold]
    pub fn last_os_error<X: ExceptionType>(ctx: Context<'_>, filename: Option<&CStr>) -> Self {
        let filename = filename.map_or(core::ptr::null(), CStr::as_ptr);
        let kind = match X::KIND.type_(ctx) {
            Ok(kind) => kind,
            Err(error) => return error,
        };
        share_with_python();
        // SAFETY: the handle is open, the name a C string or null. Null is returned, with an
        // exception.
        unsafe { HPyErr_SetFromErrnoWithFilename(ctx.as_ptr(), kind.as_raw(), filename) };
        Self::take(ctx).unwrap_or_else(|| SystemError::new("there is no error"))
    }

    /// As [`last_os_error`](Self::last_os_error), with the names of one file or two as objects.
    /// HPy's `HPyErr_SetFromErrnoWithFilenameObjects`.
    #[cold]
    pub fn last_os_error_with_files<'ctx, X: ExceptionType>(
        ctx: Context<'ctx>,
        first: &Handle<'ctx>,
        second: Option<&Handle<'ctx>>,
    ) -> Self {
        let second = second.map_or(HPy_NULL, Handle::as_raw);
        let kind = match X::KIND.type_(ctx) {
            Ok(kind) => kind,
            Err(error) => return error,
        };
        share_with_python();
        // SAFETY: the handles are open, or null for none.
        unsafe {
            let (kind, first) = (kind.as_raw(), first.as_raw());
            HPyErr_SetFromErrnoWithFilenameObjects(ctx.as_ptr(), kind, first, second);
        }
        Self::take(ctx).unwrap_or_else(|| SystemError::new("there is no error"))
    }
}

/// Copies `errno` to where Python looks for it. MinGW's C library is msvcrt, and Python's is
/// another one, each with an `errno` of its own.
#[cfg(all(windows, target_env = "gnu"))]
fn share_with_python() {
    use core::ffi::{c_char, c_int, c_void};

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn GetModuleHandleA(name: *const c_char) -> *mut c_void;
        fn GetProcAddress(module: *mut c_void, name: *const c_char) -> *mut c_void;
    }
    unsafe extern "C" {
        fn _errno() -> *mut c_int;
    }

    // SAFETY: the names are C strings. No function is found in a module that is not loaded. The C
    // library's `_set_errno` has this signature.
    unsafe {
        let number = *_errno();
        let module = GetModuleHandleA(c"ucrtbase.dll".as_ptr());
        if module.is_null() {
            return;
        }
        let function = GetProcAddress(module, c"_set_errno".as_ptr());
        if !function.is_null() {
            let set: unsafe extern "C" fn(c_int) -> c_int = core::mem::transmute(function);
            set(number);
        }
    }
}

/// The extension and Python have one C library.
#[cfg(not(all(windows, target_env = "gnu")))]
fn share_with_python() {}
