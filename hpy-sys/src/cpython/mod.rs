//! HPy over CPython's C API: every function of the table, inlined.
//!
//! The CPython ABI consists of these functions. The bundled runtime of a universal binary uses them
//! as well.
//!
//! A handle is the object's address, and so are fields and globals. The context is ignored and may
//! be any pointer. Functions that are one call of the C API are expanded from the table here. The
//! others are written by hand in the files of this folder, with `*mut PyObject`.

use crate::HPyContext;
use crate::capi;
use crate::definitions::*;
use crate::enums::*;
use crate::handles::*;
use crate::table::hpy_api;
use c_conversion::CConversion;
use core::ffi::{c_char, c_int, c_void};

mod builders;
mod c_conversion;
mod calls;
mod capsules;
mod containers;
mod errors;
mod execution;
mod fields;
mod memory;
mod methods;
#[cfg(any(feature = "universal", hpy_since_3_15))]
mod module_export;
mod modules;
mod numbers;
mod objects;
mod real_functions;
mod text;
mod tracker;
mod types;

pub use memory::owner_of_memory;
#[cfg(feature = "universal")]
pub(crate) use methods::definitions;
#[cfg(any(feature = "universal", hpy_since_3_15))]
pub use module_export::PySlot;
pub use modules::{Gil, HPyModule_Init, HPyModule_InitFor, Promises, module_init};
#[cfg(any(feature = "universal", hpy_since_3_15))]
pub use modules::{export_any_module, module_export};
#[cfg(feature = "universal")]
pub(crate) use types::is_of_registered_type;
#[cfg(feature = "universal")]
pub use types::set_call_method;
pub use types::{
    CLASS_METHOD, TypeInfo, data_in_line, has_only_hpy_types, is_primary_base_of,
    is_python_class_of, new_instance, type_info,
};

/// The functions written by hand, in one namespace for the expansion.
mod implementations {
    pub(super) use super::builders::*;
    pub(super) use super::calls::*;
    pub(super) use super::capsules::*;
    pub(super) use super::containers::*;
    pub(super) use super::errors::*;
    pub(super) use super::execution::*;
    pub(super) use super::fields::*;
    pub(super) use super::numbers::*;
    pub(super) use super::objects::*;
    pub(super) use super::text::*;
    pub(super) use super::tracker::*;
    pub(super) use super::types::*;
}

macro_rules! function {
    (object $user:ident () -> $ret:ty = $target:ident) => {
        function!(
            constant $user $ret, capi::$target(),
            concat!("the address of `", stringify!($target), "`")
        );
    };
    (variable $user:ident () -> $ret:ty = $target:ident) => {
        function!(
            constant $user $ret, capi::$target(),
            concat!("the object in `", stringify!($target), "`")
        );
    };
    (module $user:ident () -> $ret:ty = $target:ident) => {
        function!(
            constant $user $ret, objects::$target(),
            concat!("the dict of the module `", stringify!($target), "`")
        );
    };
    (constant $user:ident $ret:ty, $value:expr, $what:expr) => {
        #[doc = concat!("HPy's constant `", stringify!($user), "`, ", $what, ":")]
        /// borrowed, never to be closed.
        ///
        /// # Safety
        /// The thread is attached to the interpreter.
        #[inline(always)]
        pub unsafe fn $user(ctx: *mut HPyContext) -> $ret {
            let _ = ctx;
            <$ret as CConversion>::from_c($value)
        }
    };
    (forward $user:ident ($($arg:ident: $ty:ty),*) -> $ret:ty = $target:ident) => {
        #[doc = concat!("HPy's `", stringify!($user), "`: CPython's `", stringify!($target), "`.")]
        ///
        /// # Safety
        /// The thread is attached to the interpreter; handles are open (or null where HPy's
        /// documentation allows it), pointers valid for what the function does.
        #[inline(always)]
        pub unsafe fn $user(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            let _ = ctx;
            // SAFETY: the caller keeps the function's contract, which is CPython's.
            <$ret as CConversion>::from_c(unsafe {
                capi::$target($(CConversion::into_c($arg)),*)
            })
        }
    };
    // The only function that passes the context on.
    (custom _HPy_CallRealFunctionFromTrampoline $($rest:tt)*) => {
        pub use real_functions::_HPy_CallRealFunctionFromTrampoline;
    };
    (custom $user:ident ($($arg:ident: $ty:ty),*) -> $ret:ty = $($target:ident)*) => {
        #[doc = concat!("HPy's `", stringify!($user), "`.")]
        ///
        /// # Safety
        /// The thread is attached to the interpreter; handles are open (or null where HPy's
        /// documentation allows it), pointers valid for what the function does.
        #[inline(always)]
        pub unsafe fn $user(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            let _ = ctx;
            // SAFETY: the caller keeps the function's contract.
            <$ret as CConversion>::from_c(unsafe {
                implementations::$user($(CConversion::into_c($arg)),*)
            })
        }
    };
}

macro_rules! functions {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        $(function! { $how $user ($($arg: $ty),*) -> $ret = $($target)* })*
    };
}

hpy_api!(functions);

/// The addresses of CPython's variables that hold HPy's constants.
#[cfg(all(not(feature = "universal"), not(windows)))]
pub mod variables {
    use crate::capi::{PyObject, statics};
    use crate::table::hpy_api;

    macro_rules! place {
        (variable $user:ident $target:ident) => {
            #[doc = concat!("That of `", stringify!($target), "`.")]
            #[allow(non_upper_case_globals)]
            pub const $user: *const *mut PyObject = (&raw const statics::$target).cast();
        };
        ($how:ident $user:ident $($target:ident)*) => {};
    }

    macro_rules! places {
        ($($word:literal $since:ident $kind:ident $field:ident $user:ident
            ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
            $(place! { $how $user $($target)* })*
        };
    }

    hpy_api!(places);
}
