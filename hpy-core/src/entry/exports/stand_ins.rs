//! The C API in an extension's own unit tests: there is no interpreter whose functions they could
//! be linked with.
//!
//! An extension leaves CPython's names undefined, and the interpreter that loads it has them. The
//! program that `cargo test` makes is loaded by nobody, so `hpy_module!` defines the names there,
//! once per crate and under `cfg(test)` only. What does not touch Python can be tested, errors that
//! are made but not raised included. What does touch it ends the test with a text that says so.

/// Defines every name of the C API that `hpy` uses.
#[doc(hidden)]
#[macro_export]
macro_rules! __stand_ins {
    () => {
        $crate::sys::__c_api! { $crate::__stand_ins_for }
    };
}

/// What [`__stand_ins`] makes of the table.
#[doc(hidden)]
#[macro_export]
macro_rules! __stand_ins_for {
    (
        functions { $($name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)* }
        newer { $($since:ident $new:ident($($new_arg:ident: $new_ty:ty),*) -> $new_ret:ty;)* }
        older { $($until:ident $old:ident($($old_arg:ident: $old_ty:ty),*) -> $old_ret:ty;)* }
        objects { $($object:ident)* }
        variables { $($variable:ident)* }
    ) => {
        $($crate::__stand_ins_for!(function $name);)*
        $($crate::__stand_ins_for!(function $new);)*
        $($crate::__stand_ins_for!(function $old);)*
        $($crate::__stand_ins_for!(data $object);)*
        $($crate::__stand_ins_for!(data $variable);)*
        // No thread is attached to an interpreter here: these may be asked, and say so.
        $crate::__stand_ins_for!(null PyThreadState_GetUnchecked);
        $crate::__stand_ins_for!(null _PyThreadState_UncheckedGet);
        $crate::__stand_ins_for!(null PyGILState_GetThisThreadState);
    };
    (function $name:ident) => {
        // Never with arguments in sight: whoever calls it does not get back.
        #[unsafe(no_mangle)]
        #[allow(non_snake_case)]
        extern "C" fn $name() -> ! {
            $crate::sys::capi::no_interpreter(::core::stringify!($name))
        }
    };
    (null $name:ident) => {
        #[unsafe(no_mangle)]
        #[allow(non_snake_case)]
        extern "C" fn $name() -> *mut ::core::ffi::c_void {
            ::core::ptr::null_mut()
        }
    };
    (data $name:ident) => {
        #[unsafe(no_mangle)]
        #[allow(non_upper_case_globals)]
        static mut $name: [::core::primitive::usize; 64] = [0; 64];
    };
}
