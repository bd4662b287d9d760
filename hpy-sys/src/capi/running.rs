//! The running interpreter: its version, the names it has, its static objects.
//!
//! In a universal binary the first import writes this to plain memory. So each function is unsafe:
//! on a thread that is not attached, the memory may be written while it is read. Before the first
//! import nothing is known, and the objects in variables must not be read.

#![allow(clippy::missing_safety_doc)] // It is the same for all: see above, and below.

use super::{PyObject, table::c_api};

macro_rules! known {
    (
        functions { $($name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)* }
        newer { $($since:ident $new:ident($($new_arg:ident: $new_ty:ty),*) -> $new_ret:ty;)* }
        older { $($until:ident $old:ident($($old_arg:ident: $old_ty:ty),*) -> $old_ret:ty;)* }
        objects { $($object:ident)* }
        variables { $($variable:ident)* }
    ) => {
        /// Whether the interpreter has a function that not every version has.
        ///
        /// # Safety
        /// Of all: the thread is attached, and a module was loaded by the bundled runtime.
        pub mod has {
            $(
                #[doc = concat!("Whether there is a `", stringify!($new), "`.")]
                #[inline(always)]
                pub unsafe fn $new() -> bool {
                    crate::capi::has::$new()
                }
            )*
            $(
                #[doc = concat!("Whether there is a `", stringify!($old), "`.")]
                #[inline(always)]
                pub unsafe fn $old() -> bool {
                    crate::capi::has::$old()
                }
            )*
        }

        $(
            #[doc = concat!("The address of CPython's `", stringify!($object), "`.")]
            ///
            /// # Safety
            /// The thread is attached, and a module was loaded by the bundled runtime.
            #[inline(always)]
            pub unsafe fn $object() -> *mut PyObject {
                super::$object()
            }
        )*

        $(
            #[doc = concat!("The object in CPython's `", stringify!($variable), "`, borrowed.")]
            ///
            /// # Safety
            /// The thread is attached, and a module was loaded by the bundled runtime.
            #[inline(always)]
            pub unsafe fn $variable() -> *mut PyObject {
                super::$variable()
            }
        )*
    };
}

c_api!(known);

macro_rules! facts {
    ($($(#[$doc:meta])* $name:ident -> $ret:ty;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        /// The thread is attached.
        #[inline(always)]
        pub unsafe fn $name() -> $ret {
            super::$name()
        }
    )*};
}

facts! {
    /// The version of Python; minor version 0 where it is not known.
    version -> (u8, u8);
    /// Whether objects have a layout that is known here. Without the GIL only what never changes
    /// may be read: types, numbers, tuples.
    layout_known -> bool;
    /// Whether the layout is known, and objects that can change may be read without a lock of their
    /// own.
    mutable_in_line -> bool;
    /// Whether the text of a str stays where it is as long as there is a reference to the str. So
    /// do the bytes of a bytes object, except without the GIL.
    memory_stays -> bool;
    /// Whether the C API is PyPy's.
    on_pypy -> bool;
    /// Whether the C API is GraalPy's.
    on_graalpy -> bool;
}
