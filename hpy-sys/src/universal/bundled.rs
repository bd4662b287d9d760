//! The context of this project's own runtime.
//!
//! A universal binary brings it along for interpreters that have no HPy. Whether a context is the own
//! one is told by its address: then the functions go straight to the C API, as in the CPython ABI. Nobody
//! but C code calls through its words, so they hold functions only where that is asked for: a binary has
//! no more of them than its own code uses.

use super::*;
use crate::capi::PyObject;
use crate::interpreters::Interpreters;
use core::sync::atomic::{AtomicBool, AtomicIsize, Ordering};

/// Where the own context is, and after it its twin. Empty until `fill_own`.
pub static OWN: Static<core::mem::MaybeUninit<[HPyContext; 2]>> =
    Static::new(core::mem::MaybeUninit::zeroed());

static FILLED: AtomicBool = AtomicBool::new(false);

/// Whether this process uses the own context.
pub(super) fn is_filled() -> bool {
    FILLED.load(Ordering::Acquire)
}

/// Whether this is the own context, so that what it offers is done in line.
#[inline(always)]
pub fn is_own(ctx: *mut HPyContext) -> bool {
    core::ptr::eq(ctx, OWN.as_ptr().cast())
}

/// Whether this is the own context or its twin.
#[inline(always)]
pub fn is_of_own_runtime(ctx: *mut HPyContext) -> bool {
    is_own(ctx) || is_twin(ctx)
}

/// Whether this is the own context's twin.
#[inline(always)]
pub(super) fn is_twin(ctx: *mut HPyContext) -> bool {
    core::ptr::eq(ctx, twin())
}

#[inline(always)]
fn twin() -> *mut HPyContext {
    OWN.as_ptr().cast::<HPyContext>().wrapping_add(1)
}

/// Tells the compiler that a context is foreign, by one fact for each of the two which it is not: of both in one it makes nothing.
///
/// # Safety
/// The context is neither the own one nor its twin.
#[inline(always)]
pub unsafe fn assume_foreign(ctx: *mut HPyContext) {
    // SAFETY: as promised by the caller.
    unsafe {
        core::hint::assert_unchecked(!is_own(ctx));
        core::hint::assert_unchecked(!is_twin(ctx));
    }
}

/// The same context for code that is rarely run: of the own one its twin, for which functions are called and nothing is
/// done in line, which is several times as long.
#[inline(always)]
pub fn through_words(ctx: *mut HPyContext) -> *mut HPyContext {
    let ctx = if is_own(ctx) { twin() } else { ctx };
    // SAFETY: the twin has another address.
    unsafe { core::hint::assert_unchecked(!is_own(ctx)) };
    ctx
}

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

/// `h_Builtins` differs between interpreters: `give_builtins` fills it in.
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
        /// Its words have no functions then: this crate's need none. C code does, see [`fill_own_functions`].
        ///
        /// # Safety
        /// The C API is resolved, the thread is attached, and nobody uses the context yet.
        pub unsafe fn fill_own() -> *mut HPyContext {
            let ctx = OWN.as_ptr().cast::<HPyContext>();
            // SAFETY: as promised by the caller; a context is an array of words.
            unsafe {
                for word in 0..size_of::<HPyContext>() / size_of::<usize>() {
                    ctx.cast::<unsafe extern "C" fn()>().add(word).write(no_function);
                }
                (&raw mut (*ctx).name).write(extension::OWN_NAME.as_ptr());
                (&raw mut (*ctx)._private).write(core::ptr::null_mut());
                (&raw mut (*ctx).abi_version).write(0);
                $(constant!($kind ctx $user);)*
                twin().write(ctx.read());
            }
            FILLED.store(true, Ordering::Release);
            ctx
        }

        /// Fills the functions into the own context's words, for code that calls through them: C code which is given
        /// [`OWN`], or a `Context`'s pointer, by the extension. All of HPy's functions are part of the binary then.
        ///
        /// # Safety
        /// The own context's constants are filled, as they are when a module's code runs, and no other thread uses its words.
        pub unsafe fn fill_own_functions() {
            for ctx in [OWN.as_ptr().cast::<HPyContext>(), twin()] {
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
    panic!("the own context's functions are called through it: fill_own_functions was not called");
}

/// Puts the dict of builtins into the own context's word.
///
/// It is for extensions that read the word, in C: they are for one interpreter. The functions here ask the interpreter.
pub(crate) fn give_builtins(dict: *mut PyObject, interpreters: Interpreters) {
    for ctx in [OWN.as_ptr().cast::<HPyContext>(), twin()] {
        // SAFETY: the word is in a static that is filled before any module loads, and written by atomic access only.
        let word = unsafe { AtomicIsize::from_ptr(&raw mut (*ctx).h_Builtins._i) };
        if interpreters == Interpreters::One || word.load(Ordering::Relaxed) == 0 {
            word.store(dict as isize, Ordering::Relaxed);
        }
    }
}
