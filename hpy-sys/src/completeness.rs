//! Checks at compile time that every row of the table has a function with exactly its signature.

use crate::*;
use core::ffi::{c_char, c_int, c_void};

macro_rules! every_row_has_its_function {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        $(const _: unsafe fn(*mut HPyContext $(, $ty)*) -> $ret = $user;)*
    };
}

table::hpy_api!(every_row_has_its_function);
