//! The universal ABI: every function is a call through the context.

use crate::bundled_context::is_out_of_line_context;
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
mod extension;
mod fallback;
mod graalpy_instances;
mod pypy_types;
mod read_only;
mod reenter;
mod start_runtime;
mod trampoline;

pub use crate::bundled_context::{
    BUNDLED_CONTEXT, assume_host_context, is_bundled_context, is_of_bundled_runtime,
    without_inlining,
};
pub use bundled::{fill_bundled_context, fill_bundled_functions};
pub use context_layout::{context_layout, is_of_package};
pub use contexts::ContextLayout;
pub use extension::{ContextExtension, context_extension};
pub use reenter::reenter;
pub use start_runtime::*;
pub use trampoline::*;

macro_rules! function {
    // The one constant that differs between interpreters. The bundled contexts are the same for all
    // of them.
    (data $word:literal h_Builtins h_Builtins () -> HPy) => {
        /// The dict of the interpreter's module `builtins`: borrowed, never to be closed.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread.
        #[inline(always)]
        pub unsafe fn h_Builtins(ctx: *mut HPyContext) -> HPy {
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
    // PyPy needs other parameters here than HPy's other implementations.
    (call $word:literal $field:ident HPyType_FromSpec ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        /// HPy's `HPyType_FromSpec`, through the context's `ctx_Type_FromSpec`.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread, the spec and all that it points to are
        /// valid forever. The params are valid for the call, and their handles are open.
        #[inline(always)]
        pub unsafe fn HPyType_FromSpec(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            // SAFETY: the caller keeps the function's contract.
            unsafe {
                if is_bundled_context(ctx) {
                    cpython::HPyType_FromSpec(ctx $(, $arg)*)
                } else if is_out_of_line_context(ctx) {
                    bundled::words::HPyType_FromSpec(ctx $(, $arg)*)
                } else {
                    pypy_types::type_from_spec(ctx $(, $arg)*)
                }
            }
        }
    };
    // GraalPy's function loses the data of a class's base.
    (call $word:literal $field:ident HPy_New ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        /// HPy's `HPy_New`, through the context's `ctx_New`.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread, the handle an open one, the pointer
        /// valid for a write.
        #[inline(always)]
        pub unsafe fn HPy_New(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            // SAFETY: the caller keeps the function's contract.
            unsafe {
                if is_bundled_context(ctx) {
                    cpython::HPy_New(ctx $(, $arg)*)
                } else if is_out_of_line_context(ctx) {
                    bundled::words::HPy_New(ctx $(, $arg)*)
                } else {
                    graalpy_instances::new(ctx $(, $arg)*)
                }
            }
        }
    };
    (call $word:literal $field:ident $user:ident ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        #[doc = concat!("HPy's `", stringify!($user), "`,")]
        #[doc = concat!("through the context's `", stringify!($field), "`.")]
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread, handles are open handles of it (or null
        /// where HPy's documentation allows it), pointers are valid for what the function does.
        #[inline(always)]
        pub unsafe fn $user(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            // SAFETY: the caller keeps the function's contract, and every layout has this word
            // here.
            unsafe {
                if is_bundled_context(ctx) {
                    cpython::$user(ctx $(, $arg)*)
                } else if is_out_of_line_context(ctx) {
                    bundled::words::$user(ctx $(, $arg)*)
                } else {
                    ((*ctx).$field)(ctx $(, $arg)*)
                }
            }
        }
    };
    (late_call $word:literal $field:ident $user:ident ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        #[doc = concat!("HPy's `", stringify!($user), "`,")]
        #[doc = concat!("through the context's `", stringify!($field), "`,")]
        /// wherever the context has it.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread, handles are open handles of it (or null
        /// where HPy's documentation allows it), pointers are valid for what the function does.
        #[inline(always)]
        pub unsafe fn $user(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            if is_bundled_context(ctx) {
                // SAFETY: the caller keeps the function's contract.
                return unsafe { cpython::$user(ctx $(, $arg)*) };
            }
            if is_out_of_line_context(ctx) {
                // SAFETY: as above.
                return unsafe { bundled::words::$user(ctx $(, $arg)*) };
            }
            type Function = unsafe extern "C" fn(*mut HPyContext $(, $ty)*) -> $ret;
            // SAFETY: every layout has this word, `late_word` reads it at its place in this one.
            let function = unsafe {
                core::mem::transmute::<Pointer, Function>(context_layout::late_word(ctx, $word))
            };
            // SAFETY: the caller keeps the function's contract.
            unsafe { function(ctx $(, $arg)*) }
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
    (new_call $word:literal $field:ident $user:ident ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
        #[doc = concat!("HPy's `", stringify!($user), "`,")]
        #[doc = concat!("through the context's `", stringify!($field), "`")]
        /// where the context has it, else by older functions.
        ///
        /// # Safety
        /// `ctx` is a valid context of the current thread, handles are open handles of it (or null
        /// where HPy's documentation allows it), pointers are valid for what the function does.
        #[inline]
        pub unsafe fn $user(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
            if is_bundled_context(ctx) {
                // SAFETY: the caller keeps the function's contract.
                return unsafe { cpython::$user(ctx $(, $arg)*) };
            }
            if is_out_of_line_context(ctx) {
                // SAFETY: as above.
                return unsafe { bundled::words::$user(ctx $(, $arg)*) };
            }
            type Function = unsafe extern "C" fn(*mut HPyContext $(, $ty)*) -> $ret;
            // SAFETY: `new_word` reads no further than the context reaches.
            let word = unsafe { context_layout::new_word(ctx, $word) };
            if word.is_null() {
                // SAFETY: the caller keeps the function's contract.
                return unsafe { fallback::$user(ctx $(, $arg)*) };
            }
            // SAFETY: the word is there and holds this function.
            let function = unsafe { core::mem::transmute::<Pointer, Function>(word) };
            // SAFETY: the caller keeps the function's contract.
            unsafe { function(ctx $(, $arg)*) }
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
