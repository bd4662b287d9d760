//! How the fields in an object's data are found: by the collector, and by what makes them the
//! object's.

use super::PyClass;
use super::access::Access;
#[cfg(feature = "universal")]
use super::base::Base;
#[cfg(feature = "universal")]
use super::layout::Payload;
use super::layout::level;
use super::visitor::Visitor;
#[cfg(feature = "universal")]
use crate::backend::quirks::Quirk;
#[cfg(feature = "universal")]
use crate::{Context, Handle, Result};
use core::ffi::{c_int, c_void};
use hpy_sys::*;

/// Shows the collector the fields of a type's own data, if there is any data, and nobody has it for
/// himself.
///
/// The data is shared meanwhile: a collector that lets go of what the fields hold runs any Python
/// code, which may not change it then.
///
/// # Safety
/// The memory is that of an instance of `T`, or null; `visit` and `arg` are the interpreter's.
pub(super) unsafe fn traverse_level<T: PyClass>(
    data: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: the data of an instance, or null, and zeroes are a payload.
    let Some(payload) = (unsafe { level::<T>(data).as_ref() }) else {
        return 0;
    };
    if !payload.is_alive() || !payload.access.share() {
        return 0;
    }
    let mut stop = 0;
    crate::entry::guard::quietly(|| {
        // SAFETY: the data is initialised, and shared until below.
        let data = unsafe { &*payload.value() };
        Visitor::show(&|visitor| data.fields(visitor), &mut |field| {
            // SAFETY: the interpreter's.
            stop = unsafe { field.visit(visit, arg) };
            stop == 0
        });
    });
    payload.access.unshare();
    stop
}

/// `HPy_tp_traverse` where the interpreter asks each of an object's classes: what is the type's
/// own.
///
/// # Safety
/// Called by the interpreter with the data of an instance of `T`, which may be memory that no
/// constructor ran on.
unsafe extern "C" fn traverse_own<T: PyClass>(
    data: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { traverse_level::<T>(data, visit, arg) }
}

/// `HPy_tp_traverse` where it asks the most derived class alone: what is the type's own, and its
/// bases'.
///
/// # Safety
/// As for [`traverse_own`].
#[cfg(feature = "universal")]
unsafe extern "C" fn traverse_all<T: PyClass>(
    data: *mut c_void,
    visit: HPyFunc_visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: as promised by the caller.
    unsafe { <T as Base>::traverse(data, visit, arg) }
}

/// The trampoline of [`traverse_all`], which the package `hpy` calls.
#[cfg(feature = "universal")]
unsafe extern "C" fn trampoline<T: PyClass>(
    object: *mut cpy_PyObject,
    visit: HPyCFunction,
    arg: *mut c_void,
) -> c_int {
    let mut args = _HPyFunc_args_TRAVERSEPROC {
        self_: object,
        visit,
        arg,
        result: -1,
    };
    let function = erased(traverse_all::<T>);
    // SAFETY: the arguments and the implementation are those of the signature.
    unsafe {
        universal::call_from_trampoline(HPyFunc_TRAVERSEPROC, Some(function), &mut args);
    }
    args.result
}

fn erased(function: HPyFunc_traverseproc) -> unsafe extern "C" fn() {
    // SAFETY: who calls it goes by the slot.
    unsafe { core::mem::transmute::<HPyFunc_traverseproc, unsafe extern "C" fn()>(function) }
}

/// The functions of the slot, if there are fields to show.
pub(super) fn functions<T: PyClass>(asks_bases: bool) -> Option<[unsafe extern "C" fn(); 2]> {
    #[cfg(feature = "universal")]
    if !asks_bases {
        // SAFETY: as in `erased`.
        let trampoline = unsafe {
            core::mem::transmute::<
                unsafe extern "C" fn(*mut cpy_PyObject, HPyCFunction, *mut c_void) -> c_int,
                unsafe extern "C" fn(),
            >(trampoline::<T>)
        };
        return <T as Base>::TRAVERSES.then(|| [erased(traverse_all::<T>), trampoline]);
    }
    let _ = asks_bases;
    // Nobody calls a trampoline there.
    T::HAS_FIELDS.then(|| [erased(traverse_own::<T>); 2])
}

/// Makes all fields in an object's data the object's own, where that is something to do.
///
/// # Safety
/// The data is initialised, nobody has it for himself, and `object` is its object.
#[cfg(feature = "universal")]
#[inline(never)]
pub(super) unsafe fn bind<T: PyClass>(ctx: Context<'_>, payload: &Payload<T>, object: HPy) {
    if !ctx.has(Quirk::FIELDS_HAVE_OWNERS) || !payload.access.share() {
        return;
    }
    // SAFETY: as promised by the caller.
    unsafe {
        let data = &*payload.value();
        Visitor::show(&|visitor| data.fields(visitor), &mut |field| {
            field.bind(ctx, object);
            true
        });
    }
    payload.access.unshare();
}

/// Empties what is the ending object's: the data's own `Drop` may take a field with it.
///
/// # Safety
/// The data is initialised, nobody borrows it, and its object ends.
#[cfg(feature = "universal")]
#[inline(never)]
pub(super) unsafe fn leave<T: PyClass>(payload: &Payload<T>) {
    // SAFETY: as promised by the caller.
    unsafe {
        let data = &*payload.value();
        Visitor::show(&|visitor| data.fields(visitor), &mut |field| {
            field.leave();
            true
        });
    }
}

/// Makes them references on their own, so that they may be moved.
///
/// # Safety
/// As for [`bind`].
#[cfg(feature = "universal")]
#[inline(never)]
pub(super) unsafe fn loosen<T: PyClass>(object: &Handle<'_>, payload: &Payload<T>) -> Result<()> {
    let ctx = object.ctx();
    if !ctx.has(Quirk::FIELDS_HAVE_OWNERS) || !payload.access.share() {
        return Ok(());
    }
    let mut result = Ok(());
    // SAFETY: as promised by the caller.
    unsafe {
        let data = &*payload.value();
        Visitor::show(&|visitor| data.fields(visitor), &mut |field| {
            result = field.loosen(ctx, object.as_raw());
            result.is_ok()
        });
    }
    payload.access.unshare();
    if result.is_err() {
        // SAFETY: as promised by the caller.
        unsafe { bind(ctx, payload, object.as_raw()) };
    }
    result
}
