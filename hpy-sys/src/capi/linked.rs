//! The table's static mode: names are left to the linker, and resolved when the extension is loaded.

use super::structs::*;
use super::{PyObject, table::c_api};
use crate::wchar_t;
use core::ffi::{c_char, c_int, c_long, c_uint, c_ulong, c_void};

macro_rules! link {
    (
        functions { $($name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)* }
        newer { $($since:ident $new:ident($($new_arg:ident: $new_ty:ty),*) -> $new_ret:ty;)* }
        older { $($until:ident $old:ident($($old_arg:ident: $old_ty:ty),*) -> $old_ret:ty;)* }
        objects { $($object:ident)* }
        variables { $($variable:ident)* }
    ) => {
        unsafe extern "C" {
            $(
                #[doc = concat!("CPython's `", stringify!($name), "`.")]
                pub fn $name($($arg: $ty),*) -> $ret;
            )*
        }

        $(
            #[cfg($since)]
            unsafe extern "C" {
                #[doc = concat!("CPython's `", stringify!($new), "`, where `has` says so.")]
                pub fn $new($($new_arg: $new_ty),*) -> $new_ret;
            }

            // The loader resolves every name an extension mentions, so a missing one must not be
            // mentioned, not even in code that never runs.
            #[doc = concat!("CPython's `", stringify!($new), "`, which this version does not have.")]
            #[cfg(not($since))]
            #[cold]
            pub unsafe fn $new($($new_arg: $new_ty),*) -> $new_ret {
                $(let _ = $new_arg;)*
                absent()
            }
        )*

        $(
            #[cfg(not($until))]
            unsafe extern "C" {
                #[doc = concat!("CPython's `", stringify!($old), "`, where `has` says so.")]
                pub fn $old($($old_arg: $old_ty),*) -> $old_ret;
            }

            #[doc = concat!("CPython's `", stringify!($old), "`, which this version no longer has.")]
            #[cfg($until)]
            #[cold]
            pub unsafe fn $old($($old_arg: $old_ty),*) -> $old_ret {
                $(let _ = $old_arg;)*
                absent()
            }
        )*

        /// Whether the interpreter has a function that not every version has.
        pub mod has {
            $(
                #[doc = concat!("Whether there is a `", stringify!($new), "`.")]
                #[inline(always)]
                pub const fn $new() -> bool {
                    cfg!($since)
                }
            )*
            $(
                #[doc = concat!("Whether there is a `", stringify!($old), "`.")]
                #[inline(always)]
                pub const fn $old() -> bool {
                    !cfg!($until)
                }
            )*
        }

        mod statics {
            use super::PyObject;
            unsafe extern "C" {
                $(pub static mut $object: PyObject;)*
                $(pub static mut $variable: *mut PyObject;)*
            }
        }

        $(
            #[doc = concat!("The address of CPython's `", stringify!($object), "`.")]
            #[inline(always)]
            pub fn $object() -> *mut PyObject {
                &raw mut statics::$object
            }
        )*

        $(
            #[doc = concat!("The object in CPython's `", stringify!($variable), "`, borrowed.")]
            #[inline(always)]
            pub fn $variable() -> *mut PyObject {
                // SAFETY: written once, before any extension is loaded.
                unsafe { statics::$variable }
            }
        )*
    };
}

c_api!(link);

/// Stands for a function that the interpreter lacks: `has` is asked before each call.
#[cold]
#[allow(dead_code)] // Nothing is absent in the newest version.
fn absent() -> ! {
    std::process::abort()
}

/// Ends the process, whose test called Python. Past the test runner's capture, which an abort would lose.
#[doc(hidden)]
pub fn no_interpreter(function: &str) -> ! {
    use std::io::Write;
    let _ = writeln!(
        std::io::stderr(),
        "error: this test uses Python ({function}), but `cargo test` runs without an interpreter: test what needs \
         one from Python, against the built extension"
    );
    std::process::abort()
}
