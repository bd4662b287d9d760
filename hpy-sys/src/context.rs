//! `HPyContext`, expanded from the table: the struct, and a description of each word.

use crate::definitions::*;
use crate::enums::*;
use crate::handles::*;
use crate::table::hpy_api;
use core::ffi::{c_char, c_int, c_void};

macro_rules! field_type {
    (data () -> $ret:ty) => { $ret };
    (new_data () -> $ret:ty) => { $ret };
    ($kind:ident ($($ty:ty),*) -> $ret:ty) => {
        unsafe extern "C" fn(*mut HPyContext $(, $ty)*) -> $ret
    };
}

macro_rules! define_context {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        /// The table of constants and functions that every call of HPy goes through.
        ///
        /// The fields are in the order of HPy's newest layout. A host's context may be shorter or
        /// have displaced words (see the module `universal`). So the fields from `ctx_Capsule_New`
        /// on must not be read directly. Call the function of the same name instead, which finds
        /// the word.
        #[repr(C)]
        pub struct HPyContext {
            /// The name of the context, for display.
            pub name: *const c_char,
            /// For use by the runtime.
            pub _private: *mut c_void,
            /// The major version of the ABI, which is 0 in all known contexts.
            pub abi_version: c_int,
            $(
                #[doc = concat!("Word ", $word, ", behind")]
                #[doc = concat!("[`", stringify!($user), "`](crate::", stringify!($user), ").")]
                pub $field: field_type!($kind ($($ty),*) -> $ret),
            )*
        }

        /// Every word of the context from the first constant on, in order.
        pub static WORDS: &[Word] = &[$(
            Word {
                index: $word,
                name: stringify!($field),
                function: stringify!($user),
                since: Since::$since,
                kind: WordKind::$kind,
                offset: core::mem::offset_of!(HPyContext, $field),
                signature: stringify!(($($arg: $ty),*) -> $ret),
                cpython: &[$(stringify!($target)),*],
            },
        )*];
    };
}

/// The table's description of one word of the context.
///
/// ```
/// let add = hpy_sys::WORDS.iter().find(|word| word.name == "ctx_Add").unwrap();
/// assert_eq!((add.index, add.function), (103, "HPy_Add"));
/// assert_eq!(add.offset, 103 * size_of::<usize>());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// The word's index in the newest layout, from 0.
    pub index: usize,
    /// The field's name in C: `h_None`, `ctx_Add`.
    pub name: &'static str,
    /// The function that users call: `h_None(ctx)`, `HPy_Add(ctx, a, b)`.
    pub function: &'static str,
    /// The first version of HPy whose context has the word.
    pub since: Since,
    /// Constant or function, and whether every context has it at this index.
    pub kind: WordKind,
    /// The offset in bytes of the field in [`HPyContext`].
    pub offset: usize,
    /// The signature without the context.
    pub signature: &'static str,
    /// The names of CPython's C API that implement it.
    pub cpython: &'static [&'static str],
}

/// The versions of HPy that lengthened the context.
#[allow(non_camel_case_types)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// HPy 0.9.0: 266 words.
    v0_9_0,
    /// The development versions after it: 276 words.
    v0_9_1,
}

/// What a word of the context is.
#[allow(non_camel_case_types)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordKind {
    /// A handle, at the same index in every layout.
    data,
    /// A function, at the same index in every layout.
    call,
    /// A function that PyPy from 7.3.16 on has one word later.
    late_call,
    /// A handle that contexts of 0.9.0 do not have.
    new_data,
    /// A function that contexts of 0.9.0 do not have.
    new_call,
}

hpy_api!(define_context);

// SAFETY of sharing: nothing in `Word` is mutable or points to anything mutable.
const _: fn() = || {
    fn shared<T: Sync>() {}
    shared::<Word>();
};
