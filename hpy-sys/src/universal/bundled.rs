//! The words of the own context, and how they are filled.
//!
//! Nobody but C code calls through them, so they hold functions only where that is asked for: a binary has
//! no more of them than its own code uses.

use crate::bundled_context::{BUNDLED_CONTEXT, FILLED, out_of_line_context};
use crate::context::HPyContext;
use crate::cpython;
use crate::definitions::*;
use crate::enums::*;
use crate::handles::*;
use crate::table::hpy_api;
use core::ffi::{c_char, c_int, c_void};
use core::sync::atomic::Ordering;

/// The functions of the context's words, which are those of its twin.
pub(super) mod words {
    use super::*;

    macro_rules! word {
        (data $user:ident () -> $ret:ty) => {};
        (new_data $user:ident () -> $ret:ty) => {};
        ($kind:ident $user:ident ($($arg:ident: $ty:ty),*) -> $ret:ty) => {
            #[inline(never)]
            pub(in crate::universal) unsafe extern "C" fn $user(ctx: *mut HPyContext $(, $arg: $ty)*) -> $ret {
                // SAFETY: the caller keeps the function's contract.
                unsafe { cpython::$user(ctx $(, $arg)*) }
            }
        };
    }

    macro_rules! words {
        ($($word:literal $since:ident $kind:ident $field:ident $user:ident
            ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
            $(word! { $kind $user ($($arg: $ty),*) -> $ret })*
        };
    }

    hpy_api!(words);
}

/// `h_Builtins` differs between interpreters: `set_builtins` fills it in.
macro_rules! constant {
    (data $ctx:ident h_Builtins) => {
        (&raw mut (*$ctx).h_Builtins).write(HPy_NULL)
    };
    (data $ctx:ident $user:ident) => {
        (&raw mut (*$ctx).$user).write(cpython::$user($ctx))
    };
    (new_data $ctx:ident $user:ident) => {
        (&raw mut (*$ctx).$user).write(cpython::$user($ctx))
    };
    ($kind:ident $ctx:ident $user:ident) => {};
}

macro_rules! function {
    (data $ctx:ident $field:ident $user:ident) => {};
    (new_data $ctx:ident $field:ident $user:ident) => {};
    ($kind:ident $ctx:ident $field:ident $user:ident) => {
        (&raw mut (*$ctx).$field).write(words::$user)
    };
}

macro_rules! fill {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        /// Fills the own context's constants, and returns its address.
        ///
        /// Its words have no functions then: this crate's need none. C code does, see [`fill_bundled_functions`].
        ///
        /// # Safety
        /// The C API is resolved, the thread is attached, and nobody uses the context yet.
        pub unsafe fn fill_bundled_context() -> *mut HPyContext {
            let ctx = BUNDLED_CONTEXT.as_ptr().cast::<HPyContext>();
            // SAFETY: as promised by the caller; a context is an array of words.
            unsafe {
                for word in 0..size_of::<HPyContext>() / size_of::<usize>() {
                    ctx.cast::<unsafe extern "C" fn()>().add(word).write(no_function);
                }
                (&raw mut (*ctx).name).write(super::contexts::BUNDLED_CONTEXT_NAME.as_ptr());
                (&raw mut (*ctx)._private).write(core::ptr::null_mut());
                (&raw mut (*ctx).abi_version).write(0);
                $(constant!($kind ctx $user);)*
                out_of_line_context().write(ctx.read());
            }
            FILLED.store(true, Ordering::Release);
            ctx
        }

        /// Fills the functions into the own context's words, for code that calls through them: C code which is given
        /// [`BUNDLED_CONTEXT`], or a `Context`'s pointer, by the extension. All of HPy's functions are part of the binary then.
        ///
        /// # Safety
        /// The own context's constants are filled, as they are when a module's code runs, and no other thread uses its words.
        pub unsafe fn fill_bundled_functions() {
            for ctx in [BUNDLED_CONTEXT.as_ptr().cast::<HPyContext>(), out_of_line_context()] {
                // SAFETY: as promised by the caller.
                unsafe { $(function!($kind ctx $field $user);)* }
            }
        }
    };
}

hpy_api!(fill);

/// Stands in words whose functions were not asked for.
#[cold]
unsafe extern "C" fn no_function() {
    panic!(
        "the own context's functions are called through it: fill_bundled_functions was not called"
    );
}
