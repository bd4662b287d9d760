//! The one-word types that HPy passes by value, and the scalar types of its C header.
//!
//! Each is a C struct of one word, `repr(C)` rather than a bare integer, because some platforms
//! return structs differently from words.

use core::ffi::c_void;

/// A signed size, C's `HPy_ssize_t`: as wide as a pointer.
pub type HPy_ssize_t = isize;
/// The value of a hash, C's `HPy_hash_t`: as wide as a pointer.
pub type HPy_hash_t = isize;
/// One Unicode code point, C's `HPy_UCS4`.
pub type HPy_UCS4 = u32;
/// C's `wchar_t`, which the platform chooses.
#[cfg(windows)]
pub type wchar_t = u16;
/// C's `wchar_t`, which the platform chooses.
#[cfg(all(
    not(windows),
    any(target_arch = "aarch64", target_arch = "arm"),
    not(target_vendor = "apple")
))]
pub type wchar_t = u32;
/// C's `wchar_t`, which the platform chooses.
#[cfg(all(
    not(windows),
    not(all(
        any(target_arch = "aarch64", target_arch = "arm"),
        not(target_vendor = "apple")
    ))
))]
pub type wchar_t = i32;
/// A function of any type, C's `HPyCFunction`.
pub type HPyCFunction = Option<unsafe extern "C" fn()>;

/// C's `PyObject`, an opaque object.
#[repr(C)]
pub struct cpy_PyObject {
    _opaque: [u8; 0],
}

macro_rules! word {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub struct $name {
            /// The word. Its meaning depends on the context.
            pub _i: isize,
        }

        impl $name {
            /// The null value.
            pub const NULL: Self = Self { _i: 0 };

            /// Whether this is the null value.
            #[inline(always)]
            pub const fn is_null(self) -> bool {
                self._i == 0
            }
        }
    };
}

word! {
    /// A handle to an object, valid for the context that made it until `HPy_Close`.
    ///
    /// Two handles to one object may differ. Compare objects with `HPy_Is`, never the words.
    HPy
}
word! {
    /// A reference that an object holds, stored in the object's own data. See `HPyField_Store`.
    HPyField
}
word! {
    /// A reference held by a static that `HPyModuleDef::globals` lists. See `HPyGlobal_Store`.
    HPyGlobal
}
word! {
    /// A list of handles to close together. See `HPyTracker_New`.
    HPyTracker
}
word! {
    /// A list under construction. See `HPyListBuilder_New`.
    HPyListBuilder
}
word! {
    /// A tuple under construction. See `HPyTupleBuilder_New`.
    HPyTupleBuilder
}
word! {
    /// What `HPy_LeavePythonExecution` returns and `HPy_ReenterPythonExecution` takes.
    HPyThreadState
}

/// The null handle, C's `HPy_NULL`.
pub const HPy_NULL: HPy = HPy::NULL;
/// The null field, C's `HPyField_NULL`.
pub const HPyField_NULL: HPyField = HPyField::NULL;

/// A pointer that C leaves untyped.
pub(crate) type Pointer = *mut c_void;
const _: () = assert!(size_of::<HPy>() == size_of::<Pointer>());
