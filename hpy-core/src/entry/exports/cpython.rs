//! The symbols that an extension of the CPython ABI exports for each of its modules.

use core::ffi::CStr;
use hpy_sys::HPyModuleDef;
use hpy_sys::capi::PyObject;
use hpy_sys::cpython::Promises;
hpy_sys::__if_exported! { use hpy_sys::cpython::PySlot; }

/// What `PyInit_NAME` returns.
///
/// # Safety
/// Called by an import with the thread attached; the definition is `hpy_module!`'s.
pub unsafe fn module_init(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    promises: Promises,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { hpy_sys::module_init(def, name, None, promises) }
}

hpy_sys::__if_exported! {
    /// What `PyModExport_NAME` returns.
    ///
    /// # Safety
    /// As for [`module_init`].
    pub unsafe fn module_export(
        def: *mut HPyModuleDef,
        name: &'static CStr,
        promises: Promises,
    ) -> *mut PySlot {
        // SAFETY: as promised by the caller.
        unsafe { hpy_sys::module_export(def, name, None, promises) }
    }
}

/// What `hpy_module!` ends with. The names come from the macro, because they contain the module's.
#[doc(hidden)]
#[macro_export]
macro_rules! __module_entry_points {
    (
        $module:expr, $name:expr, $promises:expr,
        $py_init:ident, $mod_export:ident, $hpy_init:ident, $set_context:ident, $major:ident,
        $minor:ident
    ) => {
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $py_init() -> *mut $crate::sys::capi::PyObject {
            // SAFETY: called by the import with the thread attached; the definition is a static
            // that nobody changes.
            unsafe { $crate::__private::module_init($module.as_ptr(), $name, $promises) }
        }

        $crate::sys::__if_exported! {
            #[unsafe(no_mangle)]
            pub unsafe extern "C" fn $mod_export() -> *mut $crate::sys::cpython::PySlot {
                // SAFETY: as for `$py_init`.
                unsafe { $crate::__private::module_export($module.as_ptr(), $name, $promises) }
            }
        }
    };
}
