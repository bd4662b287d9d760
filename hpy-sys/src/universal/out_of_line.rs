//! The functions of all contexts, each compiled once: the C API for the bundled runtime, the word
//! of the context for a host.
//!
//! Code that does not know its context calls them. So a call takes as little room as in C, and only
//! code that knows the bundled context has the C API in line.

use crate::bundled_context::is_of_bundled_runtime;
use crate::context::HPyContext;
use crate::cpython;
use crate::definitions::*;
use crate::enums::*;
use crate::handles::*;
use crate::table::hpy_api;
use crate::universal::{context_layout, fallback, graalpy_instances, pypy_types};
use core::ffi::{c_char, c_int, c_void};

/// What a host's context does.
macro_rules! by_host {
    // PyPy needs other parameters here than HPy's other implementations.
    (call $word:literal $field:ident HPyType_FromSpec ($ctx:ident $(, $arg:ident: $ty:ty)*)
        -> $ret:ty) => {
        pypy_types::type_from_spec($ctx $(, $arg)*)
    };
    // GraalPy's function loses the data of a class's base.
    (call $word:literal $field:ident HPy_New ($ctx:ident $(, $arg:ident: $ty:ty)*) -> $ret:ty) => {
        graalpy_instances::new($ctx $(, $arg)*)
    };
    (call $word:literal $field:ident $user:ident ($ctx:ident $(, $arg:ident: $ty:ty)*)
        -> $ret:ty) => {
        ((*$ctx).$field)($ctx $(, $arg)*)
    };
    (late_call $word:literal $field:ident $user:ident ($ctx:ident $(, $arg:ident: $ty:ty)*)
        -> $ret:ty) => {{
        type Function = unsafe extern "C" fn(*mut HPyContext $(, $ty)*) -> $ret;
        // Every layout has this word, and `late_word` reads it at its place in this one.
        let word = context_layout::late_word($ctx, $word);
        core::mem::transmute::<Pointer, Function>(word)($ctx $(, $arg)*)
    }};
    (new_call $word:literal $field:ident $user:ident ($ctx:ident $(, $arg:ident: $ty:ty)*)
        -> $ret:ty) => {{
        type Function = unsafe extern "C" fn(*mut HPyContext $(, $ty)*) -> $ret;
        // `new_word` reads no further than the context reaches.
        let word = context_layout::new_word($ctx, $word);
        if word.is_null() {
            return fallback::$user($ctx $(, $arg)*);
        }
        core::mem::transmute::<Pointer, Function>(word)($ctx $(, $arg)*)
    }};
}

macro_rules! function {
    (data $($rest:tt)*) => {};
    (new_data $($rest:tt)*) => {};
    ($kind:ident $word:literal $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        #[inline(never)]
        pub(super) unsafe extern "C" fn $user(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            // SAFETY: the caller keeps the function's contract.
            unsafe {
                if is_of_bundled_runtime(ctx) {
                    cpython::$user(ctx $(, $arg)*)
                } else {
                    by_host!($kind $word $field $user (ctx $(, $arg: $ty)*) -> $ret)
                }
            }
        }
    };
}

macro_rules! functions {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        $(function! { $kind $word $field $user ($($arg: $ty),*) -> $ret })*
    };
}

hpy_api!(functions);
