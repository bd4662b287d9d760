//! The context's table: every word of hpy-sys' table, at first a constant or a function that is
//! missing.

use super::Mock;
use super::entry::missing;
use super::handles::Owner;
use core::ffi::{c_char, c_int, c_void};
use hpy_sys::*;

macro_rules! stub {
    (data $field:ident ($($arg:ident: $ty:ty),*) -> $ret:ty) => {};
    (new_data $field:ident ($($arg:ident: $ty:ty),*) -> $ret:ty) => {};
    ($kind:ident $field:ident ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        pub(super) unsafe extern "C" fn $field(ctx: *mut HPyContext $(, _: $ty)*) -> $ret {
            // SAFETY: the function is in the tables of mocks only.
            unsafe { missing(ctx, stringify!($field)) }
        }
    };
}

macro_rules! first {
    (data $field:ident $mock:ident) => {
        constant($mock, stringify!($field))
    };
    (new_data $field:ident $mock:ident) => {
        constant($mock, stringify!($field))
    };
    ($kind:ident $field:ident $mock:ident) => {
        stubs::$field
    };
}

macro_rules! table {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        #[allow(non_snake_case)]
        mod stubs {
            use super::*;
            $(stub! { $kind $field ($($arg: $ty),*) -> $ret })*
        }

        /// A table with constants, in which no function does anything yet.
        pub(super) fn blank(mock: &Mock, name: *const c_char, private: *mut c_void) -> HPyContext {
            HPyContext {
                name,
                _private: private,
                abi_version: 0,
                $($field: first!($kind $field mock),)*
            }
        }
    };
}

hpy_sys::hpy_api!(table);

/// The constant of a word: `h_None`, `h_LongType`, `h_ValueError`.
fn constant(mock: &Mock, word: &'static str) -> HPy {
    let name = word.trim_start_matches("h_");
    let object = match name {
        "None" | "True" | "False" | "NotImplemented" | "Ellipsis" | "Builtins" => {
            mock.constant(name)
        }
        "BaseObjectType" => mock.type_named("object"),
        "LongType" => mock.type_named("int"),
        "UnicodeType" => mock.type_named("str"),
        "MemoryViewType" => mock.type_named("memoryview"),
        _ => match name.strip_suffix("Type") {
            Some(type_) => mock.type_named(&type_.to_lowercase()),
            None => mock.type_named(name),
        },
    };
    mock.open(&object, Owner::Context, word)
}
