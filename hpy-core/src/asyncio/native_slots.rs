//! The slots of a coroutine that CPython calls by itself: without a look-up of the methods, and
//! with a result that needs no StopIteration.

use super::coroutine::{Advance, Coroutine};
use super::coroutine_type::check_sent;
use crate::backend::RawContext;
use crate::class::native_slots::NativeSlot;
use crate::entry::arguments_and_results::receiver;
use crate::entry::guard::enter;
use crate::{Borrowed, Handle};
use core::ffi::c_int;
use core::mem::transmute;
use core::ptr::null_mut;
use hpy_sys::HPy;
use hpy_sys::capi::PyObject;

// Numbers of CPython's `typeslots.h`, which never change.
const TP_ITER: c_int = 62;
const TP_ITERNEXT: c_int = 63;
const AM_AWAIT: c_int = 77;
const AM_SEND: c_int = 81;

/// What `am_send` says of its result: `PySendResult`.
const RETURN: c_int = 0;
const NEXT: c_int = 1;

type Unary = unsafe extern "C" fn(*mut PyObject) -> *mut PyObject;
type Send = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut *mut PyObject) -> c_int;

pub(super) static NATIVE: &[NativeSlot] = &[
    NativeSlot {
        number: AM_AWAIT,
        since: (3, 9),
        function: erased(itself),
        instead_of: Some(c"__await__"),
    },
    NativeSlot {
        number: TP_ITER,
        since: (3, 9),
        function: erased(itself),
        instead_of: Some(c"__iter__"),
    },
    NativeSlot {
        number: TP_ITERNEXT,
        since: (3, 9),
        function: erased(next),
        instead_of: Some(c"__next__"),
    },
    NativeSlot {
        number: AM_SEND,
        since: (3, 10),
        // SAFETY: function pointers have one size. CPython calls it as what it is.
        function: unsafe { transmute::<Send, unsafe extern "C" fn()>(send) },
        instead_of: None,
    },
];

const fn erased(function: Unary) -> unsafe extern "C" fn() {
    // SAFETY: function pointers have one size. CPython calls it as what it is.
    unsafe { transmute::<Unary, unsafe extern "C" fn()>(function) }
}

#[inline]
fn handle(object: *mut PyObject) -> HPy {
    HPy {
        _i: object as isize,
    }
}

/// `__await__` and `__iter__`.
unsafe extern "C" fn itself(this: *mut PyObject) -> *mut PyObject {
    // SAFETY: an entry by the interpreter; the object stays alive during it.
    let result = unsafe {
        enter(RawContext::direct(), |ctx| {
            Ok(Borrowed::new(ctx, handle(this)).dup().into_raw())
        })
    };
    result._i as *mut PyObject
}

/// `__next__`
unsafe extern "C" fn next(this: *mut PyObject) -> *mut PyObject {
    // SAFETY: as above.
    let result = unsafe {
        enter(RawContext::direct(), |ctx| {
            let this = Borrowed::new(ctx, handle(this));
            let next = receiver::<false, Coroutine>(&this)?.resume(ctx)?;
            Ok(next.into_raw())
        })
    };
    result._i as *mut PyObject
}

/// `send`, of which `await` and the tasks of `asyncio` make use.
unsafe extern "C" fn send(
    this: *mut PyObject,
    value: *mut PyObject,
    result: *mut *mut PyObject,
) -> c_int {
    // SAFETY: an entry by the interpreter; the objects stay alive during it, and `result` may be
    // written to.
    unsafe {
        *result = null_mut();
        enter(RawContext::direct(), |ctx| {
            let this = Borrowed::new(ctx, handle(this));
            let coroutine = receiver::<false, Coroutine>(&this)?;
            check_sent(&coroutine, &Borrowed::new(ctx, handle(value)))?;
            let give = |object: Handle<'_>| *result = object.into_raw()._i as *mut PyObject;
            Ok(match coroutine.advance(ctx)? {
                Advance::Waits(waits_for) => {
                    give(waits_for);
                    NEXT
                }
                Advance::Returns(value) => {
                    give(value);
                    RETURN
                }
            })
        })
    }
}
