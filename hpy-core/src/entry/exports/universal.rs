//! The symbols that a universal binary exports for each of its modules.

use crate::entry::definition::universal::own_function;
use core::ffi::CStr;
use hpy_sys::HPyModuleDef;
use hpy_sys::capi::PyObject;
use hpy_sys::cpython::{Promises, PySlot};

/// What `PyInit_NAME` returns.
///
/// # Safety
/// Called by an import with the thread attached; the definition is `hpy_module!`'s.
pub unsafe fn module_init(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    promises: Promises,
) -> *mut PyObject {
    // SAFETY: as promised by the caller; such a module's definitions are all `Definition`s.
    unsafe { hpy_runtime::module_init(def, name, own_function, promises) }
}

/// What `PyModExport_NAME` returns.
///
/// # Safety
/// As for [`module_init`].
pub unsafe fn module_export(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    promises: Promises,
) -> *mut PySlot {
    // SAFETY: as for `module_init`.
    unsafe { hpy_runtime::module_export(def, name, own_function, promises) }
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
        pub extern "C" fn $major() -> ::core::primitive::u32 {
            $crate::sys::HPY_ABI_VERSION
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $minor() -> ::core::primitive::u32 {
            $crate::sys::HPY_ABI_VERSION_MINOR
        }

        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $set_context(ctx: *mut $crate::sys::HPyContext) {
            // SAFETY: the loader's contract: the context lives as long as the process.
            unsafe { $crate::sys::universal::set_trampoline_context(ctx) }
        }

        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $py_init() -> *mut $crate::sys::capi::PyObject {
            // SAFETY: called by the import with the thread attached; the definition is a static
            // that nobody changes.
            unsafe { $crate::__private::module_init($module.as_ptr(), $name, $promises) }
        }

        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $mod_export() -> *mut $crate::sys::cpython::PySlot {
            // SAFETY: as for `$py_init`.
            unsafe { $crate::__private::module_export($module.as_ptr(), $name, $promises) }
        }

        #[unsafe(no_mangle)]
        pub extern "C" fn $hpy_init() -> *mut $crate::sys::HPyModuleDef {
            $module.as_ptr()
        }

        $crate::__register_built_in! { $name, $py_init }
    };
}

/// Unit tests of a universal extension link as they are: the functions are reached through the
/// context.
#[doc(hidden)]
#[macro_export]
macro_rules! __stand_ins {
    () => {};
}
