//! The entries that an interpreter calls by the C API's calling conventions: one per method, and no
//! detour over a context. Both ABIs have them.
//!
//! Never in line in the universal ABI's implementations, which call them for the own runtime: they
//! would be there twice.

use crate::backend::RawContext;
use crate::entry::arguments::{Args, KeywordArgs};
use crate::entry::guard::{
    Exec, KeywordsMethod, NoArgsMethod, OMethod, VarArgsMethod, enter, entry,
};
use crate::entry::methods::bodies;
use crate::entry::shared_boundary::enter_body;
use crate::module;
use crate::object::handle::Borrowed;
use core::ffi::c_int;
use hpy_sys::capi::PyObject;
use hpy_sys::*;

#[inline(always)]
fn handle(object: *mut PyObject) -> HPy {
    HPy {
        _i: object as isize,
    }
}

#[inline(always)]
fn object(handle: HPy) -> *mut PyObject {
    handle._i as *mut PyObject
}

#[inline(never)]
pub(crate) unsafe extern "C" fn noargs<M: NoArgsMethod>(
    module: *mut PyObject,
    _: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: an entry by the interpreter; the module stays alive during it.
    object(unsafe {
        if !M::IN_LINE {
            let raw = RawContext::direct();
            return object(enter_body!(raw, bodies::noargs::<M>, handle(module)));
        }
        entry!(RawContext::direct(), |ctx| {
            M::call(ctx, &Borrowed::new(ctx, handle(module)))
        })
    })
}

#[inline(never)]
pub(crate) unsafe extern "C" fn o<M: OMethod>(
    module: *mut PyObject,
    arg: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: an entry by the interpreter; module and argument stay alive during it.
    object(unsafe {
        if !M::IN_LINE {
            let raw = RawContext::direct();
            return object(enter_body!(
                raw,
                bodies::o::<M>,
                handle(module),
                handle(arg)
            ));
        }
        entry!(RawContext::direct(), |ctx| {
            let module = Borrowed::new(ctx, handle(module));
            M::call(ctx, &module, &Borrowed::new(ctx, handle(arg)))
        })
    })
}

/// The array of objects is an array of handles: each is one word with the object's address.
#[inline(never)]
pub(crate) unsafe extern "C" fn varargs<M: VarArgsMethod>(
    module: *mut PyObject,
    args: *const HPy,
    nargs: isize,
) -> *mut PyObject {
    // SAFETY: an entry by the interpreter; module and arguments stay alive during it.
    object(unsafe {
        if !M::IN_LINE {
            let (raw, nargs) = (RawContext::direct(), nargs as usize);
            return object(enter_body!(
                raw,
                bodies::varargs::<M>,
                handle(module),
                args,
                nargs
            ));
        }
        entry!(RawContext::direct(), |ctx| {
            let args = Args::new(ctx, args, nargs as usize);
            M::call(ctx, &Borrowed::new(ctx, handle(module)), args)
        })
    })
}

/// As for `varargs`. It is `tp_call` by the protocol of vectorcall too, where the number of
/// arguments has a flag.
#[inline(never)]
pub(crate) unsafe extern "C" fn keywords<M: KeywordsMethod>(
    this: *mut PyObject,
    args: *const HPy,
    nargsf: usize,
    kwnames: HPy,
) -> *mut PyObject {
    let nargs = nargsf & (usize::MAX >> 1);
    // SAFETY: an entry by the interpreter; object, arguments and names stay alive during it.
    object(unsafe {
        if !M::IN_LINE {
            let (raw, this) = (RawContext::direct(), handle(this));
            return object(enter_body!(
                raw,
                bodies::keywords::<M>,
                this,
                args,
                nargs,
                kwnames
            ));
        }
        entry!(RawContext::direct(), |ctx| {
            let args = KeywordArgs::new(ctx, args, nargs, kwnames);
            M::call(ctx, &Borrowed::new(ctx, handle(this)), args)
        })
    })
}

#[inline(never)]
pub(crate) unsafe extern "C" fn exec<E: Exec>(module: *mut PyObject) -> c_int {
    // As if it returned an object: what entries end in is there once then.
    const DONE: HPy = HPy { _i: 1 };
    // SAFETY: an entry by the interpreter; the module stays alive during it.
    let outcome: HPy = unsafe {
        enter(RawContext::direct(), |ctx| {
            module::exec::<E>(ctx, &Borrowed::new(ctx, handle(module))).map(|()| DONE)
        })
    };
    if outcome.is_null() { -1 } else { 0 }
}
