//! Registers the interpreter that loads a module, or refuses the module.

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

/// Registers the current interpreter before it runs any of the library's code. `named` returns the
/// module's name.
///
/// This cannot happen when the library is initialised: CPython 3.13 and later do that in the main
/// interpreter for all others.
///
/// # Errors
/// ImportError if the module belongs to another interpreter, MemoryError, or AttributeError if a
/// refused module has no name.
///
/// # Safety
/// The thread is attached, no exception is pending, and `named` gives a new reference or null with
/// an exception.
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
    // SAFETY: the thread is attached. The name, the text and the message are released once.
    unsafe { refuse(named()) };
    Err(Refused)
}

/// The message for a refused module. `%s` stands for its name.
static REFUSAL: AtomicPtr<c_char> = AtomicPtr::new(
    c"module '%s' is for one interpreter of a process, and another one has imported it (its \
      hpy_module! may say `interpreters: many`)"
        .as_ptr()
        .cast_mut(),
);

/// Replaces the message for refused modules. `%s` stands for the name. The default text is for
/// authors who use `hpy_module!`; the Python package, which loads other people's extensions, needs
/// another one.
///
/// # Safety
/// The text contains `%s` once and no other `%`, as it is a format string.
pub unsafe fn set_refusal(text: &'static CStr) {
    REFUSAL.store(text.as_ptr().cast_mut(), Ordering::Release);
}

#[cold]
unsafe fn refuse(name: *mut PyObject) {
    // SAFETY: the thread is attached. The caller passes its reference to the name, or null with an
    // exception, which stays set.
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
            capi::xdecref_cold(message);
        }
        capi::xdecref_cold(text);
        capi::xdecref_cold(name);
    }
}

/// Whether this interpreter owns the library's modules that allow only one. It becomes the owner if
/// there is none.
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

/// The entry of the current interpreter, which is added if needed.
unsafe fn find_or_add() -> Result<&'static Interpreter, Refused> {
    // SAFETY: the thread is attached. An interpreter with a state has a dict. New references are
    // released once.
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
            // A capsule needs a pointer. The entry is its context, which is set later.
            let any = (&raw const FIRST).cast_mut().cast();
            fresh = capi::PyCapsule_New(any, NAME.as_ptr(), Some(ended));
        }
        if dict.is_null() || fresh.is_null() {
            capi::xdecref_cold(name);
            capi::xdecref_cold(fresh);
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
        capi::xdecref_cold(name);
        // If two threads have made a capsule at the same time, one of them is unused and is
        // released here.
        capi::xdecref_cold(fresh);
        entry
    }
}

/// The name of the capsules.
const NAME: &CStr = c"hpy.interpreter";

/// The entry that the interpreter's capsule stands for.
unsafe fn entry_of(capsule: *mut PyObject, state: *mut c_void) -> &'static Interpreter {
    static LAST_NUMBER: Lock<u64> = Lock::new(NO_INTERPRETER);
    let mut last = LAST_NUMBER.lock();
    // SAFETY: the dict keeps the capsule alive. Its context is null or an entry. The two functions
    // run no other code, so the lock's owner never waits.
    unsafe {
        let known = capi::PyCapsule_GetContext(capsule).cast::<Interpreter>();
        if let Some(known) = known.as_ref() {
            return known;
        }
        // An interpreter may have ended unnoticed. The new interpreter has its address now.
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
        // The state comes last, because entries are found by it.
        entry.number.store(*last, Ordering::Release);
        entry.state.store(state, Ordering::Release);
        let context = core::ptr::from_ref(entry).cast_mut().cast();
        capi::PyCapsule_SetContext(capsule, context);
        entry
    }
}

/// An entry whose interpreter has ended, or a new one. Never the first entry: words of globals may
/// still hold its objects.
fn free_entry() -> &'static Interpreter {
    let free = |known: &&Interpreter| {
        !known.is_first() && known.number.load(Ordering::Acquire) == NO_INTERPRETER
    };
    if let Some(free) = all().find(free) {
        return free;
    }
    let new: &'static Interpreter = Box::leak(Box::new(Interpreter::new(NO_INTERPRETER)));
    // Entries are added only here, under a lock.
    let first = FIRST.next.load(Ordering::Acquire);
    new.next.store(first, Ordering::Relaxed);
    let new_first = core::ptr::from_ref(new).cast_mut();
    FIRST.next.store(new_first, Ordering::Release);
    new
}

/// The capsule's destructor, which marks the interpreter's end. The interpreter clears its dict
/// when hardly anything else is left.
unsafe extern "C" fn ended(capsule: *mut PyObject) {
    // SAFETY: CPython calls it with the capsule, whose context is null or an entry.
    unsafe {
        let entry = capi::PyCapsule_GetContext(capsule).cast::<Interpreter>();
        let Some(entry) = entry.as_ref() else {
            return;
        };
        // In a forked process another interpreter's thread removes the interpreters.
        let state = entry.state.load(Ordering::Acquire);
        end(entry, state == capi::current_interpreter());
    }
}
