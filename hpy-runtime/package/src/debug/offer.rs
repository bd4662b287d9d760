//! What debug contexts offer to extensions written with this project: the same as the wrapped ones.

use super::context::check;
use super::wrappers::unwrap_for_memory;
use core::ffi::c_int;
use hpy::sys::universal::{ContextExtension, NumberFunctions, PackedKind, context_extension};
use hpy::sys::{HPy, HPyContext};

pub(super) static EXTENSION: ContextExtension = ContextExtension {
    size: size_of::<ContextExtension>(),
    fetch,
    numbers: Some(&NumberFunctions { read, make_list }),
};

unsafe extern "C" fn fetch(ctx: *mut HPyContext) -> HPy {
    // SAFETY: the extension keeps the function's contract; a wrong context is reported.
    unsafe {
        let info = check(ctx);
        let exception = info.outside(|ctx| match context_extension(ctx) {
            Some(extension) => (extension.fetch)(ctx),
            None => HPy::NULL,
        });
        info.open(exception)
    }
}

/// The functions of the wrapped context.
///
/// # Safety
/// `ctx` is a valid context.
unsafe fn wrapped(ctx: *mut HPyContext) -> Option<&'static NumberFunctions> {
    // SAFETY: as promised by the caller.
    unsafe { context_extension(ctx)?.numbers }
}

unsafe extern "C" fn read(
    ctx: *mut HPyContext,
    sequence: HPy,
    is_list: c_int,
    kind: PackedKind,
    target: *mut [u8; 8],
    room: usize,
) -> usize {
    // SAFETY: as in `fetch`; a closed handle is reported too. No Python code runs.
    unsafe {
        let info = check(ctx);
        let sequence = unwrap_for_memory(sequence, info);
        let ctx = info.underlying();
        match wrapped(ctx) {
            Some(functions) => (functions.read)(ctx, sequence, is_list, kind, target, room),
            None => 0,
        }
    }
}

unsafe extern "C" fn make_list(
    ctx: *mut HPyContext,
    kind: PackedKind,
    numbers: *const [u8; 8],
    len: usize,
) -> HPy {
    // SAFETY: as in `fetch`. The collector may run.
    unsafe {
        let info = check(ctx);
        let list = info.outside(|ctx| match wrapped(ctx) {
            Some(functions) => (functions.make_list)(ctx, kind, numbers, len),
            None => HPy::NULL,
        });
        info.open(list)
    }
}
