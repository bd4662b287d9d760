//! A dynamic library, opened for ever.

use core::ffi::{CStr, c_void};
use std::borrow::Cow;
use std::ffi::CString;

/// A library in this process. It stays there: the objects of its modules point into it.
#[derive(Clone, Copy)]
pub(crate) struct Binary(*mut c_void);

impl Binary {
    /// Opens the library at `path`, in the system's encoding. Its symbols are its own.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn open(path: &CStr) -> Result<Self, String> {
        let handle = platform::open(path);
        if handle.is_null() {
            return Err(platform::last_error());
        }
        Ok(Self(handle))
    }

    /// The address of an exported symbol, never null.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn symbol(self, name: &str) -> Result<*mut c_void, String> {
        // A name with a NUL in it is not one that a library can have.
        let address = CString::new(name).map_or(core::ptr::null_mut(), |name| {
            platform::symbol(self.0, &name)
        });
        if address.is_null() {
            return Err(platform::last_error());
        }
        Ok(address)
    }
}

/// The address of a symbol of the process, such as a function of CPython, or null.
pub(crate) fn process_symbol(name: &CStr) -> *mut c_void {
    platform::process_symbol(name)
}

/// What the system said, or that it said nothing.
fn said(text: Option<Cow<'_, str>>) -> String {
    text.map_or_else(|| "the system does not say why".into(), Cow::into_owned)
}

#[cfg(unix)]
mod platform {
    use super::*;
    use core::ffi::{c_char, c_int};

    /// `RTLD_NOW`: a symbol that is missing is reported now, not in the middle of a call.
    const NOW: c_int = 2;

    unsafe extern "C" {
        fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
        fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
        fn dlerror() -> *const c_char;
    }

    pub(super) fn open(path: &CStr) -> *mut c_void {
        // SAFETY: a C string. What a library does when it is loaded is its own affair.
        unsafe { dlopen(path.as_ptr(), NOW) }
    }

    pub(super) fn symbol(handle: *mut c_void, name: &CStr) -> *mut c_void {
        // SAFETY: an open library, and a C string.
        unsafe { dlsym(handle, name.as_ptr()) }
    }

    pub(super) fn process_symbol(name: &CStr) -> *mut c_void {
        /// `RTLD_DEFAULT`.
        #[cfg(not(target_os = "macos"))]
        const EVERYWHERE: *mut c_void = core::ptr::null_mut();
        #[cfg(target_os = "macos")]
        const EVERYWHERE: *mut c_void = -2isize as *mut c_void;
        // SAFETY: all libraries of the process, and a C string.
        unsafe { dlsym(EVERYWHERE, name.as_ptr()) }
    }

    pub(super) fn last_error() -> String {
        // SAFETY: a C string that lasts until this thread's next call of these functions, or null.
        let text = unsafe {
            let text = dlerror();
            (!text.is_null()).then(|| CStr::from_ptr(text).to_string_lossy())
        };
        said(text)
    }
}

/// Not tested.
#[cfg(windows)]
mod platform {
    use super::*;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn LoadLibraryExW(path: *const u16, file: *mut c_void, flags: u32) -> *mut c_void;
        fn GetProcAddress(module: *mut c_void, name: *const core::ffi::c_char) -> *mut c_void;
    }

    /// What the library needs is looked for beside it, and where `os.add_dll_directory` says.
    const SEARCH: u32 = 0x100 | 0x1000;

    pub(super) fn open(path: &CStr) -> *mut c_void {
        let Ok(path) = path.to_str() else {
            return core::ptr::null_mut();
        };
        let wide: Vec<u16> = path.encode_utf16().chain([0]).collect();
        // SAFETY: the text ends with a zero.
        unsafe { LoadLibraryExW(wide.as_ptr(), core::ptr::null_mut(), SEARCH) }
    }

    pub(super) fn symbol(handle: *mut c_void, name: &CStr) -> *mut c_void {
        // SAFETY: a loaded library, and a C string.
        unsafe { GetProcAddress(handle, name.as_ptr()) }
    }

    pub(super) fn process_symbol(_: &CStr) -> *mut c_void {
        core::ptr::null_mut()
    }

    pub(super) fn last_error() -> String {
        said(Some(std::io::Error::last_os_error().to_string().into()))
    }
}
