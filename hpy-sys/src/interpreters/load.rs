//! An interpreter loads a module: it is known from then on until its end, and may be refused.

use super::interpreter::{
    FIRST, FIRST_NUMBER, Interpreter, Interpreters, JOINED, LOADED, NO_INTERPRETER, SEVERAL, all,
    by_number,
};
use super::release::end;
use crate::capi::{self, PyObject};
use crate::fork::Lock;
use core::ffi::{CStr, c_char, c_void};
use core::ptr::null_mut;
use core::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// An exception is set.
pub(crate) struct Refused;

/// Makes the current interpreter known, before it runs any of the library's code. What `named` says is the module's name.
///
/// Not when the library is initialised: CPython 3.13 and later do that in the main interpreter for all others.
///
/// # Errors
/// ImportError where the module is another interpreter's, MemoryError; AttributeError where a module to refuse has no name.
///
/// # Safety
/// The thread is attached, no exception is pending, and `named` gives a new reference or null with an exception.
pub(crate) unsafe fn load(
    interpreters: Interpreters,
    named: impl FnOnce() -> *mut PyObject,
) -> Result<(), Refused> {
    // SAFETY: as promised by the caller.
    let this = unsafe { find_or_add() }?;
    LOADED.store(true, Ordering::Release);
    if interpreters == Interpreters::Many || claim(this.number.load(Ordering::Relaxed)) {
        if !this.is_first() {
            JOINED.store(true, Ordering::Release);
        }
        return Ok(());
    }
    // SAFETY: the thread is attached. The name is given up once; so is the tuple, and the text.
    unsafe { refuse(named()) };
    Err(Refused)
}

/// What is said of a module that is refused, with `%s` for its name.
static REFUSAL: AtomicPtr<c_char> = AtomicPtr::new(
    c"module '%s' is for one interpreter of a process, and another one has imported it (its hpy_module! may say \
      `interpreters: many`)"
        .as_ptr()
        .cast_mut(),
);

/// Other words for modules that are refused, in which `%s` stands for the name: the default ones are for authors who have
/// `hpy_module!`. For the library that loads extensions of others.
///
/// # Safety
/// `%s` stands in the text once, and no other `%`: it is a format of `PyErr_Format`.
pub unsafe fn set_refusal(text: &'static CStr) {
    REFUSAL.store(text.as_ptr().cast_mut(), Ordering::Release);
}

#[cold]
unsafe fn refuse(name: *mut PyObject) {
    // SAFETY: the caller gives its reference to the name, or null with an exception, which stays then; the thread is attached.
    unsafe {
        if name.is_null() {
            return;
        }
        let text = capi::PyUnicode_FromString(REFUSAL.load(Ordering::Acquire));
        if !text.is_null() {
            let message = capi::PyNumber_Remainder(text, name);
            if !message.is_null() {
                capi::PyErr_SetObject(capi::PyExc_ImportError(), message);
            }
            capi::xdecref(message);
        }
        capi::xdecref(text);
        capi::decref(name);
    }
}

/// Whether the library's modules for one interpreter are this one's: then or from now on.
fn claim(number: u64) -> bool {
    static OWNER: AtomicU64 = AtomicU64::new(NO_INTERPRETER);
    let mut owner = OWNER.load(Ordering::Acquire);
    while owner != number {
        if by_number(owner).is_some() {
            return false;
        }
        match OWNER.compare_exchange(owner, number, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return true,
            Err(other) => owner = other,
        }
    }
    true
}

/// The place of the current interpreter, which gets one if it has none.
unsafe fn find_or_add() -> Result<&'static Interpreter, Refused> {
    // SAFETY: the thread is attached. Where there is a state, there is its dict. What is made is given up once.
    unsafe {
        let state = capi::current_interpreter();
        if state.is_null() {
            return Ok(&FIRST);
        }
        let dict = capi::PyInterpreterState_GetDict(state);
        // One name for each copy of this code in the process.
        let name = format!("hpy interpreter {}\0", (&raw const FIRST).addr());
        let name = capi::PyUnicode_FromString(name.as_ptr().cast());
        let mut fresh = null_mut();
        if !name.is_null() {
            // A capsule needs a pointer. What it stands for is its context, which is set later.
            let any = (&raw const FIRST).cast_mut().cast();
            fresh = capi::PyCapsule_New(any, NAME.as_ptr(), Some(ended));
        }
        if dict.is_null() || fresh.is_null() {
            capi::xdecref(name);
            capi::xdecref(fresh);
            if capi::PyErr_Occurred().is_null() {
                capi::PyErr_NoMemory();
            }
            return Err(Refused);
        }
        let capsule = capi::PyDict_SetDefault(dict, name, fresh);
        let entry = if capsule.is_null() {
            Err(Refused)
        } else {
            Ok(entry_of(capsule, state))
        };
        capi::decref(name);
        // Of the two that two threads may have made at once, one goes, and stands for nothing.
        capi::decref(fresh);
        entry
    }
}

/// What the capsules are called.
const NAME: &CStr = c"hpy.interpreter";

/// The place that the interpreter's capsule stands for.
unsafe fn entry_of(capsule: *mut PyObject, state: *mut c_void) -> &'static Interpreter {
    static LAST_NUMBER: Lock<u64> = Lock::new(NO_INTERPRETER);
    let mut last = LAST_NUMBER.lock();
    // SAFETY: the dict keeps the capsule, whose context is null or a entry. The two functions run no other code, so nobody
    // waits for the lock's owner, who waits for nobody.
    unsafe {
        let known = capi::PyCapsule_GetContext(capsule).cast::<Interpreter>();
        if let Some(known) = known.as_ref() {
            return known;
        }
        // Of an interpreter that has ended without a word, only the address is left, and that is this one's now.
        let stale = all().find(|known| known.state.load(Ordering::Acquire) == state);
        if let Some(stale) = stale {
            end(stale, false);
        }
        *last += 1;
        let entry = if *last == FIRST_NUMBER {
            &FIRST
        } else {
            SEVERAL.store(true, Ordering::SeqCst);
            free_entry()
        };
        // The state comes last: it is what a place is found by.
        entry.number.store(*last, Ordering::Release);
        entry.state.store(state, Ordering::Release);
        let context = core::ptr::from_ref(entry).cast_mut().cast();
        capi::PyCapsule_SetContext(capsule, context);
        entry
    }
}

/// One whose interpreter has ended, or a new one. Not the first: words of globals that are its objects tell it from others.
fn free_entry() -> &'static Interpreter {
    let free = |known: &&Interpreter| {
        !known.is_first() && known.number.load(Ordering::Acquire) == NO_INTERPRETER
    };
    if let Some(free) = all().find(free) {
        return free;
    }
    let new: &'static Interpreter = Box::leak(Box::new(Interpreter::new(NO_INTERPRETER)));
    // Only here places are added, under a lock.
    let first = FIRST.next.load(Ordering::Acquire);
    new.next.store(first, Ordering::Relaxed);
    let new_first = core::ptr::from_ref(new).cast_mut();
    FIRST.next.store(new_first, Ordering::Release);
    new
}

/// The capsule's end, which is the interpreter's: its dict is emptied when hardly anything else is left.
unsafe extern "C" fn ended(capsule: *mut PyObject) {
    // SAFETY: CPython calls it with the capsule, whose context is null or a entry.
    unsafe {
        let entry = capi::PyCapsule_GetContext(capsule).cast::<Interpreter>();
        let Some(entry) = entry.as_ref() else {
            return;
        };
        // In a forked process interpreters are removed by the thread of another.
        let state = entry.state.load(Ordering::Acquire);
        end(entry, state == capi::current_interpreter());
    }
}
