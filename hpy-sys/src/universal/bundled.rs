//! Fills the words of the bundled context.
//!
//! Only C code calls through them, so they hold functions only on request. A binary then contains
//! no more of HPy's functions than its own code uses.

use crate::bundled_context::{BUNDLED_CONTEXT, FILLED, out_of_line_context};
use crate::context::HPyContext;
use crate::cpython;
use crate::handles::*;
use crate::table::hpy_api;
use crate::universal::out_of_line;
use core::sync::atomic::Ordering;

/// `h_Builtins` differs between interpreters, so `set_builtins` fills it in.
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
        (&raw mut (*$ctx).$field).write(out_of_line::$user)
    };
}

macro_rules! fill {
    ($($word:literal $since:ident $kind:ident $field:ident $user:ident
        ($($arg:ident: $ty:ty),*) -> $ret:ty = $how:ident $($target:ident)*;)*) => {
        /// Fills the constants of the bundled context and returns its address.
        ///
        /// The words hold no functions yet, because this crate needs none. C code does: see
        /// [`fill_bundled_functions`].
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

        /// Fills in the functions of the bundled context, for C code that the extension passes
        /// [`BUNDLED_CONTEXT`] or a `Context`'s pointer. This links all of HPy's functions into the
        /// binary.
        ///
        /// # Safety
        /// The constants are filled, as they are whenever a module's code runs. No other thread
        /// uses the words.
        pub unsafe fn fill_bundled_functions() {
            for ctx in [BUNDLED_CONTEXT.as_ptr().cast::<HPyContext>(), out_of_line_context()] {
                // SAFETY: as promised by the caller.
                unsafe { $(function!($kind ctx $field $user);)* }
            }
        }
    };
}

hpy_api!(fill);

/// Fills the words whose functions were not requested.
#[cold]
unsafe extern "C" fn no_function() {
    panic!(
        "a function was called through the bundled context, but fill_bundled_functions was not \
         called"
    );
}
