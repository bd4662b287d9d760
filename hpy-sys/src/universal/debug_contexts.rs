//! Contexts of HPy 0.9's debug mode: whether each may be used, and what it wraps.
//!
//! Debug mode takes a context out of use while a word of it runs. It ends the process if the
//! context is used meanwhile.

use crate::context::HPyContext;
use core::ffi::{CStr, c_long};
use core::ptr::NonNull;

/// HPy's `HPyDebugCtxInfo`.
#[repr(C)]
struct Info {
    magic: c_long,
    /// A `bool` of C.
    is_valid: u8,
    of_all: *mut InfoOfAll,
}

/// HPy's `HPyDebugInfo`, as far as it is read.
#[repr(C)]
struct InfoOfAll {
    magic: c_long,
    wrapped: *mut HPyContext,
}

const MAGIC: c_long = 0xDDA003F;
const MAGIC_OF_ALL: c_long = 0xDEB00FF;

/// CPython's and GraalPy's; PyPy's. This project's debug mode has another one.
const NAMES: [&CStr; 2] = [c"HPy Debug Mode ABI", c"HPy Debug Mode ABI (PyPy backend)"];

/// What debug mode notes of a context, if it is one of debug mode's.
///
/// # Safety
/// The context is valid.
unsafe fn info(ctx: *mut HPyContext) -> Option<NonNull<Info>> {
    // SAFETY: the context is valid. Debug contexts of HPy point to this struct.
    unsafe {
        if !NAMES.contains(&CStr::from_ptr((*ctx).name)) {
            return None;
        }
        let info = NonNull::new((*ctx)._private.cast::<Info>())?;
        ((*info.as_ptr()).magic == MAGIC).then_some(info)
    }
}

/// Whether a context may be used just now. So greenlets that wait within a call are told from the
/// one that runs.
///
/// # Safety
/// The context is valid.
pub unsafe fn may_be_used(ctx: *mut HPyContext) -> bool {
    // SAFETY: the caller's context is valid, and so is what it points to.
    unsafe { info(ctx).is_none_or(|info| (*info.as_ptr()).is_valid != 0) }
}

/// Makes the context of a call usable, when the call begins.
///
/// CPython's debug mode passes another context to each call. PyPy and GraalPy have one for all.
/// There, a call that begins within a word of it, as `__del__` within `HPy_Close`, gets a context
/// that is out of use.
///
/// # Safety
/// The context is valid on this thread, and a call with it begins.
pub unsafe fn use_context(ctx: *mut HPyContext) {
    // SAFETY: the caller's context is valid, and so is what it points to. Only threads that are
    // attached read or write it. The word that runs writes the same when it ends.
    unsafe {
        if let Some(info) = info(ctx) {
            (*info.as_ptr()).is_valid = 1;
        }
    }
}

/// The context that debug mode's wraps, whose handles are not debug mode's; any other context
/// itself.
///
/// # Safety
/// The context is valid.
pub unsafe fn wrapped(ctx: *mut HPyContext) -> *mut HPyContext {
    // SAFETY: the caller's context is valid, and so is what it points to.
    unsafe {
        match info(ctx).and_then(|info| (*info.as_ptr()).of_all.as_ref()) {
            Some(of_all) if of_all.magic == MAGIC_OF_ALL => of_all.wrapped,
            _ => ctx,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::mem::MaybeUninit;
    use core::ptr;

    /// Calls `check` with a context that has a name and `_private` alone.
    fn with_context(name: &CStr, private: *mut Info, check: impl FnOnce(*mut HPyContext)) {
        let mut memory = MaybeUninit::<HPyContext>::uninit();
        let ctx = memory.as_mut_ptr();
        // SAFETY: the memory is a context's. Nothing else of it is read.
        unsafe {
            (&raw mut (*ctx).name).write(name.as_ptr());
            (&raw mut (*ctx)._private).write(private.cast());
        }
        check(ctx);
    }

    #[test]
    fn a_context_out_of_use_is_usable_in_a_call() {
        for name in NAMES {
            let mut of_all = InfoOfAll {
                magic: MAGIC_OF_ALL,
                wrapped: ptr::dangling_mut(),
            };
            let mut info = Info {
                magic: MAGIC,
                is_valid: 0,
                of_all: &raw mut of_all,
            };
            // SAFETY: the functions read name and `_private` alone.
            with_context(name, &raw mut info, |ctx| unsafe {
                assert!(!may_be_used(ctx));
                use_context(ctx);
                assert!(may_be_used(ctx));
                assert_eq!(wrapped(ctx), ptr::dangling_mut());
            });
        }
    }

    #[test]
    fn other_contexts_are_left_alone() {
        let mut info = Info {
            magic: MAGIC,
            is_valid: 0,
            of_all: ptr::null_mut(),
        };
        let name = c"HPy Debug Mode ABI (HPy for Rust)";
        // SAFETY: the functions read name and `_private` alone.
        with_context(name, &raw mut info, |ctx| unsafe {
            assert!(may_be_used(ctx));
            use_context(ctx);
            assert_eq!(wrapped(ctx), ctx);
        });
        assert_eq!(info.is_valid, 0);
        // SAFETY: as above.
        with_context(NAMES[0], ptr::null_mut(), |ctx| unsafe {
            assert!(may_be_used(ctx));
            use_context(ctx);
        });
    }
}
