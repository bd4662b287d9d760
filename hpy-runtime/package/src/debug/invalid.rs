//! What is wrong: reported to Python's callback, or the end of the process.

use super::backtraces;
use super::context::Info;
use super::origin::{self, Entry};
use super::slots::{ARGUMENT, CONSTANT, OPEN, Slot, with_table};
use core::ptr;
use hpy::sys::capi::{self, PyObject};
use hpy::sys::{HPy, HPy_CallTupleDict, Static, h_None};
use std::ffi::CString;
use std::io::{Write as _, stderr};

/// Python's callbacks: what is called where a handle is invalid, and where a builder is.
#[derive(Clone, Copy)]
pub(super) enum Callback {
    Handle = 0,
    Builder = 1,
}

/// Owned references, or null. Guarded like the table of slots.
static CALLBACKS: Static<[*mut PyObject; 2]> = Static::new([ptr::null_mut(); 2]);

impl Callback {
    /// Sets it to an object, which this owns from now on, or to null.
    pub(super) fn set(self, object: *mut PyObject) {
        let before = with_table(|_| {
            // SAFETY: the table's lock is held.
            let place = unsafe { &mut (*CALLBACKS.as_ptr())[self as usize] };
            core::mem::replace(place, object)
        });
        // SAFETY: the reference was owned here. The thread is attached.
        unsafe { capi::xdecref(before) };
    }

    /// A new reference, or null.
    fn get(self) -> *mut PyObject {
        with_table(|_| {
            // SAFETY: the table's lock is held, and the object alive.
            unsafe {
                let object = (*CALLBACKS.as_ptr())[self as usize];
                if !object.is_null() {
                    capi::incref(object);
                }
                object
            }
        })
    }
}

const CLOSED_HANDLE: &str = "Invalid usage of already closed handle";

const USED_AFTER_CLOSE: &str = "A handle was used after it was closed.";
const USED_AFTER_CALL: &str = "An argument's handle was used after its call.";

/// An extension used a handle that is closed. If a callback lets the program go on, the handle
/// that it goes on with.
#[cold]
#[inline(never)]
pub(super) fn used_after_close(slot: *mut Slot, info: &Info) -> HPy {
    let known = of_argument(slot);
    report_handle(wrong_use(slot, info), slot, info);
    // SAFETY: the context is valid.
    known.unwrap_or_else(|| unsafe { h_None(info.underlying()) })
}

/// How a closed handle was used.
fn wrong_use(slot: *mut Slot, info: &Info) -> &'static str {
    // SAFETY: slots are never freed.
    let (state, made_in) = unsafe { ((*slot).state, (*slot).made_in) };
    if state & ARGUMENT != 0 && made_in != info.entry.get() {
        USED_AFTER_CALL
    } else {
        USED_AFTER_CLOSE
    }
}

/// The same, where the memory of the object is given or read: there is none to have instead.
#[cold]
#[inline(never)]
pub(super) fn memory_used_after_close(slot: *mut Slot, info: &Info) -> HPy {
    // SAFETY: slots are never freed.
    let is_of_this_call = unsafe { (*slot).made_in } == info.entry.get();
    let known = of_argument(slot).filter(|_| is_of_this_call);
    let what = wrong_use(slot, info);
    report_handle(what, slot, info);
    known.unwrap_or_else(|| {
        eprintln!("{what}");
        describe(slot);
        fatal(CLOSED_HANDLE, info);
    })
}

/// The wrapped handle of a closed one that was an argument. Its object is the caller's, and alive
/// while the call runs. HPy's tests want it used after the call too. The object of any other handle
/// may have been freed with the handle.
fn of_argument(slot: *mut Slot) -> Option<HPy> {
    // SAFETY: slots are never freed.
    let slot = unsafe { &*slot };
    (slot.state & ARGUMENT != 0).then_some(slot.underlying)
}

/// An extension closed a handle that is closed.
#[cold]
#[inline(never)]
pub(super) fn closed_twice(slot: *mut Slot, info: &Info) {
    report_handle("A handle was closed that was closed before.", slot, info);
}

/// An extension closed a handle that is not its own.
#[cold]
#[inline(never)]
pub(super) fn closed_wrongly(slot: *mut Slot, info: &Info) {
    // SAFETY: slots are never freed.
    let what = if unsafe { (*slot).state } & CONSTANT != 0 {
        "A constant of the context was closed. Only a handle that HPy_Dup made of it may be."
    } else {
        "A function closed a handle that is its argument. The caller closes it."
    };
    report_handle(what, slot, info);
}

/// An extension's function returned a handle that is not its own to give. If a callback lets the
/// program go on, the handle to return, which is borrowed.
#[cold]
#[inline(never)]
pub(super) fn returned_wrongly(slot: *mut Slot, info: &Info) -> HPy {
    // SAFETY: slots are never freed.
    let (state, underlying) = unsafe { ((*slot).state, (*slot).underlying) };
    let what = if state & CONSTANT != 0 {
        "A function returned a constant of the context. It must return what HPy_Dup makes of it."
    } else if state & OPEN != 0 {
        "A function returned its argument's handle. It must return what HPy_Dup makes of it."
    } else {
        "A function returned a handle that is closed."
    };
    let known = if state & OPEN != 0 {
        Some(underlying)
    } else {
        of_argument(slot)
    };
    report_handle(what, slot, info);
    // SAFETY: the context is valid.
    known.unwrap_or_else(|| unsafe { h_None(info.underlying()) })
}

/// An extension used a builder after Build or Cancel.
#[cold]
#[inline(never)]
pub(super) fn builder_used_after_end(info: &Info) {
    const WHAT: &str = "A builder was used after its Build or Cancel.";
    let callback = Callback::Builder.get();
    if callback.is_null() {
        eprintln!("{WHAT}");
        fatal("Invalid usage of already closed builder", info);
    }
    remember(WHAT, ptr::null_mut(), info);
    call(callback, "on_invalid_builder_handle", info);
}

/// What a callback is called for.
#[derive(Clone, Default)]
pub(super) struct Invalid {
    /// What is wrong, as a sentence.
    pub(super) what: &'static str,
    /// The address of the slot that was used, or 0 for a builder.
    pub(super) slot: usize,
    /// The call of the extension.
    pub(super) entry: Entry,
    /// Where it is in Rust or C.
    pub(super) addresses: Vec<usize>,
}

static LAST: Static<Option<Invalid>> = Static::new(None);

/// Keeps what the callback may ask for.
fn remember(what: &'static str, slot: *mut Slot, info: &Info) {
    let limit = with_table(|table| table.backtrace_limit());
    let invalid = Invalid {
        what,
        slot: slot as usize,
        entry: info.entry.get(),
        addresses: if limit == 0 {
            Vec::new()
        } else {
            backtraces::capture(limit)
        },
    };
    // SAFETY: the table's lock is held.
    drop(with_table(|_| unsafe { (*LAST.as_ptr()).replace(invalid) }));
}

/// What the last callback was called for.
pub(super) fn last() -> Option<Invalid> {
    // SAFETY: the table's lock is held.
    with_table(|_| unsafe { (*LAST.as_ptr()).clone() })
}

fn report_handle(what: &'static str, slot: *mut Slot, info: &Info) {
    let callback = Callback::Handle.get();
    if callback.is_null() {
        eprintln!("{what}");
        describe(slot);
        fatal(CLOSED_HANDLE, info);
    }
    remember(what, slot, info);
    call(callback, "on_invalid_handle", info);
}

/// Writes where a handle was made and closed.
fn describe(slot: *mut Slot) {
    // SAFETY: slots are never freed.
    let (made_in, closed_in, is_open, state) = unsafe {
        let slot = &*slot;
        (slot.made_in, slot.closed_in(), slot.is_open(), slot.state)
    };
    if state & CONSTANT != 0 {
        return;
    }
    if let Some(place) = origin::of(made_in).describe() {
        eprintln!("  It was made {place}.");
    }
    // SAFETY: slots are never freed, and this one's backtraces stay while it is in the queue.
    let backtraces = unsafe { (*slot).backtraces };
    // SAFETY: they belong to the slot.
    unsafe { backtraces::print_of(backtraces, "made", backtraces::Which::Opened) };
    if !is_open {
        if let Some(place) = origin::of(closed_in).describe() {
            eprintln!("  It was closed {place}.");
        }
        // SAFETY: they belong to the slot.
        unsafe { backtraces::print_of(backtraces, "closed", backtraces::Which::Closed) };
    }
}

/// Calls a callback, which may be anything. Its own error does not reach the extension.
fn call(callback: *mut PyObject, name: &str, info: &Info) {
    // SAFETY: the thread is attached, and the reference is this function's. The pending exception,
    // if there is one, is put back.
    unsafe {
        let (mut kind, mut value, mut traceback) =
            (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
        capi::PyErr_Fetch(&mut kind, &mut value, &mut traceback);
        let function = HPy {
            _i: callback as isize,
        };
        let result = info.outside(|ctx| HPy_CallTupleDict(ctx, function, HPy::NULL, HPy::NULL));
        if result.is_null() {
            // Nobody may read it, and the program goes on.
            let _ = writeln!(stderr(), "Error when executing the {name} callback");
            capi::PyErr_WriteUnraisable(callback);
        }
        capi::xdecref(result._i as *mut PyObject);
        capi::xdecref(callback);
        capi::PyErr_Restore(kind, value, traceback);
    }
}

/// Ends the process with a message, after what is known of the call.
#[cold]
#[inline(never)]
pub(super) fn fatal(message: &str, info: &Info) -> ! {
    if let Some(place) = origin::of(info.entry.get()).describe() {
        eprintln!("  It happened {place}.");
    }
    if with_table(|table| table.backtrace_limit()) != 0 {
        backtraces::print(16);
    }
    // The messages have no NUL in them.
    let message = CString::new(message).unwrap_or_default();
    // SAFETY: the message is a C string.
    unsafe { capi::Py_FatalError(message.as_ptr()) };
    std::process::abort()
}
