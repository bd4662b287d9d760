//! The universal ABI: every function is a call through the context.

use crate::capi::{self, PyObject};
use crate::context::HPyContext;
use crate::cpython;
use crate::definitions::*;
use crate::enums::*;
use crate::handles::*;
use crate::table::hpy_api;
use core::ffi::{c_char, c_int, c_void};
use core::ptr;

mod bundled;
mod context_layout;
mod contexts;
pub mod debug_contexts;
mod extension;
mod fallback;
mod graalpy_instances;
mod host_threads;
mod out_of_line;
mod pypy_types;
mod read_only;
mod reenter;
mod start_runtime;
mod trampoline;

pub use crate::bundled_context::{
    BUNDLED_CONTEXT, assume_host_context, is_bundled_context, is_of_bundled_runtime,
    lies_in_bundled_contexts, without_inlining,
};
pub use bundled::{fill_bundled_context, fill_bundled_functions};
pub use context_layout::{context_layout, is_of_package};
pub use contexts::ContextLayout;
pub use extension::{ContextExtension, NumberFunctions, PackedKind, context_extension};
pub use host_threads::{
    AttachedToCPython, attach_to_cpython, is_on_cpython, is_thread_on_cpython_attached,
};
pub use reenter::reenter;
pub use start_runtime::*;
pub use trampoline::*;

macro_rules! function {
    // The one constant that differs between interpreters. The bundled contexts are the same for all
    // of them.
    (data $word:literal h_Builtins h_Builtins () -> $ret:ty) => {
        /// The dict of the interpreter's module `builtins`: borrowed, never to be closed.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread.
        #[inline(always)]
        pub unsafe fn h_Builtins(ctx: *mut HPyContext) -> $ret {
            // SAFETY: the caller's context is valid, and every layout has this word here.
            unsafe {
                if is_of_bundled_runtime(ctx) {
                    cpython::h_Builtins(ctx)
                } else {
                    (*ctx).h_Builtins
                }
            }
        }
    };
    (data $word:literal $field:ident $user:ident () -> $ret:ty) => {
        #[doc = concat!("The constant `", stringify!($field), "`: borrowed, never to be closed.")]
        ///
        /// # Safety
        /// `ctx` is a valid context.
        #[inline(always)]
        pub unsafe fn $user(ctx: *mut HPyContext) -> $ret {
            // SAFETY: the caller's context is valid, and every layout has this word here.
            unsafe { if is_bundled_context(ctx) { cpython::$user(ctx) } else { (*ctx).$field } }
        }
    };
    (new_data $word:literal $field:ident $user:ident () -> $ret:ty) => {
        #[doc = concat!("The constant `", stringify!($field), "`:")]
        /// borrowed, never to be closed; null where the context has none.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread.
        #[inline]
        pub unsafe fn $user(ctx: *mut HPyContext) -> $ret {
            if is_bundled_context(ctx) {
                // SAFETY: the thread is attached.
                return unsafe { cpython::$user(ctx) };
            }
            // SAFETY: `data_word` reads no further than the context reaches.
            HPy { _i: unsafe { context_layout::data_word(ctx, $word) } as isize }
        }
    };
    // The two that are called most: in line is what needs no call, and there is one call for all
    // else.
    (call $word:literal $field:ident HPy_Dup ($h:ident: $ty:ty) -> $ret:ty) => {
        /// HPy's `HPy_Dup`, through the context's `ctx_Dup`.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread, the handle an open one or null.
        #[inline(always)]
        pub unsafe fn HPy_Dup(ctx: *mut HPyContext, $h: HPy) -> HPy {
            // SAFETY: as promised by the caller; the bundled runtime's handles are objects.
            unsafe {
                let object = $h._i as *mut PyObject;
                if is_bundled_context(ctx) && !object.is_null() && capi::dups_in_line(object) {
                    $h
                } else {
                    out_of_line::HPy_Dup(ctx, $h)
                }
            }
        }
    };
    (call $word:literal $field:ident HPy_Close ($h:ident: $ty:ty) -> $ret:ty) => {
        /// HPy's `HPy_Close`, through the context's `ctx_Close`.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread, the handle an open one or null, and not
        /// used again.
        #[inline(always)]
        pub unsafe fn HPy_Close(ctx: *mut HPyContext, $h: HPy) {
            // SAFETY: as promised by the caller; the bundled runtime's handles are objects.
            unsafe {
                let object = $h._i as *mut PyObject;
                if !is_bundled_context(ctx) || object.is_null() || !capi::decrefs_anywhere(object) {
                    out_of_line::HPy_Close(ctx, $h);
                }
            }
        }
    };
    ($kind:ident $word:literal $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        #[doc = concat!("HPy's `", stringify!($user), "`,")]
        #[doc = concat!("through the context's `", stringify!($field), "`.")]
        ///
        /// A word that the context does not have is replaced by older functions.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread, handles are open handles of it (or null
        /// where HPy's documentation allows it), pointers are valid for what the function does.
        /// Specs are valid forever.
        #[inline(always)]
        pub unsafe fn $user(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            // SAFETY: the caller keeps the function's contract.
            unsafe {
                if is_bundled_context(ctx) {
                    cpython::$user(ctx $(, $arg)*)
                } else {
                    out_of_line::$user(ctx $(, $arg)*)
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
