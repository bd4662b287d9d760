//! How the operating system finds a name among the libraries that the process has loaded.

use core::ffi::{CStr, c_char, c_void};

#[cfg(unix)]
pub(crate) use self::unix::symbol;
#[cfg(windows)]
pub(crate) use self::windows::symbol;

#[cfg(unix)]
mod unix {
    use super::*;

    unsafe extern "C" {
        fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    }

    /// Looks in all that the process has loaded.
    pub(crate) fn symbol(name: &CStr) -> *mut c_void {
        /// `RTLD_DEFAULT`
        const EVERYWHERE: *mut c_void =
            core::ptr::without_provenance_mut(if cfg!(target_vendor = "apple") {
                usize::MAX - 1
            } else {
                0
            });
        // SAFETY: the name is a C string.
        unsafe { dlsym(EVERYWHERE, name.as_ptr()) }
    }
}

/// Not tested.
#[cfg(windows)]
mod windows {
    use super::*;

    #[link(name = "kernel32")]
    unsafe extern "system" {
        fn K32EnumProcessModules(
            process: *mut c_void,
            modules: *mut *mut c_void,
            size: u32,
            needed: *mut u32,
        ) -> i32;
        fn GetCurrentProcess() -> *mut c_void;
        fn GetProcAddress(module: *mut c_void, name: *const c_char) -> *mut c_void;
    }

    /// Searches all libraries that the process has loaded, including the interpreter's.
    pub(crate) fn symbol(name: &CStr) -> *mut c_void {
        let mut modules = [core::ptr::null_mut(); 512];
        let mut needed = 0;
        // SAFETY: the array has the size that is passed, the name is a C string.
        unsafe {
            let size = size_of_val(&modules) as u32;
            if K32EnumProcessModules(GetCurrentProcess(), modules.as_mut_ptr(), size, &mut needed)
                == 0
            {
                return core::ptr::null_mut();
            }
            let count = (needed as usize / size_of::<usize>()).min(modules.len());
            let found = modules[..count]
                .iter()
                .map(|module| GetProcAddress(*module, name.as_ptr()));
            found
                .into_iter()
                .find(|address| !address.is_null())
                .unwrap_or(core::ptr::null_mut())
        }
    }
}
