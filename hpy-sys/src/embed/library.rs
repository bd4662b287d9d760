//! Opens a shared library so that all other libraries see its symbols.

use std::path::Path;

/// Opens the library, and keeps it open. Its symbols are found by
/// all that is loaded later: Python's extension modules need that.
///
/// # Errors
/// The system's message.
///
/// # Safety
/// The library's initialisers run. It is that of a CPython.
pub unsafe fn open(library: &Path) -> Result<(), String> {
    // SAFETY: as promised by the caller.
    unsafe { system::open(library) }
}

#[cfg(unix)]
mod system {
    use core::ffi::{CStr, c_char, c_int, c_void};
    use std::ffi::CString;
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;

    unsafe extern "C" {
        fn dlopen(path: *const c_char, flags: c_int) -> *mut c_void;
        fn dlerror() -> *const c_char;
    }

    const RTLD_NOW: c_int = 2;
    const RTLD_GLOBAL: c_int = if cfg!(target_vendor = "apple") {
        8
    } else {
        0x100
    };

    pub(super) unsafe fn open(library: &Path) -> Result<(), String> {
        let path = CString::new(library.as_os_str().as_bytes())
            .map_err(|_| "its path contains a NUL".to_owned())?;
        // SAFETY: the path is a C string. As promised by the caller. The message is read before
        // the next call on this thread.
        unsafe {
            if !dlopen(path.as_ptr(), RTLD_NOW | RTLD_GLOBAL).is_null() {
                return Ok(());
            }
            let message = dlerror();
            if message.is_null() {
                return Err("the system does not say why".to_owned());
            }
            Err(CStr::from_ptr(message).to_string_lossy().into_owned())
        }
    }
}

/// Not tested.
#[cfg(windows)]
mod system {
    use core::ffi::c_void;
    use std::os::windows::ffi::OsStrExt;
    use std::path::Path;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn LoadLibraryExW(path: *const u16, file: *mut c_void, flags: u32) -> *mut c_void;
    }

    /// What the DLL itself needs lies beside it.
    const LOAD_WITH_ALTERED_SEARCH_PATH: u32 = 8;

    pub(super) unsafe fn open(library: &Path) -> Result<(), String> {
        let path: Vec<u16> = library.as_os_str().encode_wide().chain([0]).collect();
        // SAFETY: the path ends with a NUL. As promised by the caller.
        let module = unsafe {
            LoadLibraryExW(
                path.as_ptr(),
                core::ptr::null_mut(),
                LOAD_WITH_ALTERED_SEARCH_PATH,
            )
        };
        match module.is_null() {
            true => Err(std::io::Error::last_os_error().to_string()),
            false => Ok(()),
        }
    }
}
