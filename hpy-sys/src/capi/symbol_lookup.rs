//! Looks up the table's names in the running interpreter, and detects what is known about it.

use super::facts::{Counting, IntLayout};
use super::numbers::measure_ints;
use super::resolved::*;
use super::split_counts;
use super::structs::PyObject;
use super::{graalpy, platform, pypy};
use crate::fork::{Guard, Lock};
use crate::stack_pages;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::sync::atomic::Ordering;

/// A required name that the interpreter lacks.
#[derive(Debug, Clone, Copy)]
pub struct Missing(pub &'static CStr);

/// Functions that some interpreter lacks, and that may do nothing there.
const DISPENSABLE: &[&CStr] = &[
    c"PyObject_GC_Track",
    c"PyObject_GC_UnTrack",
    c"PyObject_CallFinalizerFromDealloc",
    c"PyObject_ClearWeakRefs",
];
/// Functions that some interpreter lacks, and that are never called there.
const AVOIDABLE: &[&CStr] = &[
    c"PyObject_CheckBuffer",
    c"PyMember_GetOne",
    c"PyMember_SetOne",
    c"PyInterpreterState_Get",
    c"PyModule_FromDefAndSpec2",
    c"PyModule_ExecDef",
    c"PyInterpreterState_GetDict",
    c"PyDict_SetDefault",
    c"PySys_GetObject",
    c"Py_CompileString",
    c"PyUnicode_New",
    c"PyUnicode_FromKindAndData",
];

/// Functions that GraalPy exports, but that abort when called.
const EMPTY_ON_GRAALPY: &[&CStr] = &[
    c"PyInterpreterState_Get",
    c"PyInterpreterState_GetDict",
    c"PyObject_CallFinalizerFromDealloc",
    c"PyObject_ClearWeakRefs",
];

/// Looks all names up, at the first call.
///
/// # Errors
/// The first required name that is missing.
///
/// # Safety
/// Called by an import, with the thread attached to the interpreter.
pub unsafe fn resolve() -> Result<(), Missing> {
    {
        let mut done = done();
        match *done {
            Done::Nothing => look_up()?,
            Done::Names => {}
            Done::All => return Ok(()),
        }
        *done = Done::Names;
    }
    // SAFETY: all names are resolved and the thread is attached. Threads that run this at the same
    // time detect the same.
    let (facts, free_threaded) = unsafe { learn() };
    let first = {
        let mut done = done();
        let first = *done != Done::All;
        if first {
            FREE_THREADED.store(free_threaded, Ordering::Relaxed);
            // SAFETY: written under the lock, before any code reads it; and so the interpreter was
            // detected.
            unsafe {
                *RESOLVED.facts.get() = facts;
                remember_lock(!free_threaded);
            }
            *done = Done::All;
        }
        first
    };
    if first && facts.stack_check.is_some() {
        stack_pages::never_ready();
    }
    if first && facts.pypy {
        // This runs Python code, once, outside the lock. Other threads do not wait for it and use
        // PyPy's functions until it has run.
        // SAFETY: all names are resolved and the thread is attached.
        unsafe { pypy::exceptions::prepare() };
    }
    Ok(())
}

/// How far `resolve` has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Nothing,
    Names,
    All,
}

/// No thread calls CPython while holding this. A call could switch to another thread, which would
/// wait for this lock while holding the GIL.
fn done() -> Guard<Done> {
    static DONE: Lock<Done> = Lock::new(Done::Nothing);
    DONE.lock()
}

fn look_up() -> Result<(), Missing> {
    let words = RESOLVED.addresses.get().cast::<usize>();
    let mut rest = NAMES.as_bytes();
    let (graalpy, pypy) = (is_graalpy(), is_pypy());
    for index in 0..COUNT {
        // The constant has as many names as there are words, so neither fails.
        let Ok(name) = CStr::from_bytes_until_nul(rest) else {
            break;
        };
        rest = rest.get(name.count_bytes() + 1..).unwrap_or_default();
        let mut address = symbol(name);
        if graalpy && EMPTY_ON_GRAALPY.contains(&name) {
            address = core::ptr::null_mut();
        }
        let other = match () {
            () if pypy => pypy::replacements::replacement(name, symbol),
            () if graalpy => graalpy::replacements::replacement(name, address),
            () => core::ptr::null_mut(),
        };
        if !other.is_null() {
            address = other;
        }
        if address.is_null() && (ALL_FUNCTIONS..OBJECTS).contains(&index) {
            address = constant(name);
        }
        if address.is_null() {
            address = if DISPENSABLE.contains(&name) {
                nothing as *mut c_void
            } else if (FUNCTIONS..ALL_FUNCTIONS).contains(&index) || AVOIDABLE.contains(&name) {
                absent as *mut c_void
            } else {
                return Err(Missing(name));
            };
        }
        // SAFETY: within the array. No code reads it before this is done.
        unsafe { words.add(index).write(address as usize) };
    }
    #[cfg(all(target_pointer_width = "64", not(windows)))]
    if pypy {
        // SAFETY: all names are resolved, and no code calls a function before this returns.
        unsafe { pypy::replacements::quicken_ints() }
    }
    Ok(())
}

/// Raises an ImportError when names are missing. Does nothing if even that is impossible.
///
/// # Safety
/// The message is a C string, the thread is attached.
#[cold]
pub unsafe fn raise_import_error(message: *const c_char) {
    type SetString = unsafe extern "C" fn(*mut PyObject, *const c_char);
    let (kind, set) = (symbol(c"PyExc_ImportError"), symbol(c"PyErr_SetString"));
    if !kind.is_null() && !set.is_null() {
        // SAFETY: both have these types in every interpreter.
        unsafe {
            let set = core::mem::transmute::<*mut c_void, SetString>(set);
            set(*kind.cast::<*mut PyObject>(), message);
        }
    }
}

/// A constant on GraalPy, where `_Py_NoneStructReference` holds the address of `_Py_NoneStruct`.
fn constant(name: &CStr) -> *mut c_void {
    let mut reference = name.to_bytes().to_vec();
    reference.extend_from_slice(b"Reference\0");
    let Ok(reference) = CStr::from_bytes_with_nul(&reference) else {
        return core::ptr::null_mut();
    };
    let variable = platform::symbol(reference).cast::<*mut c_void>();
    if variable.is_null() {
        return core::ptr::null_mut();
    }
    // SAFETY: a variable of that name holds the object.
    unsafe { *variable }
}

/// Stands for a function that has nothing to do. C's calling conventions let it ignore its
/// arguments.
unsafe extern "C" fn nothing() -> usize {
    0
}

fn is_pypy() -> bool {
    !platform::symbol(c"PyPyNumber_Add").is_null()
}

fn is_graalpy() -> bool {
    !platform::symbol(c"_Py_NoneStructReference").is_null()
}

/// The minor version reported when a CPython is treated as a future one.
const UNKNOWN: u8 = u8::MAX;

/// Whether to treat the running CPython as one newer than this code, which tests use. Only with
/// debug assertions: a release build contains no code for this.
fn pretends() -> bool {
    cfg!(debug_assertions)
        && !platform::symbol(c"PyNumber_Add").is_null()
        && !is_graalpy()
        && std::env::var_os("HPY_TEST_UNKNOWN_PYTHON").is_some()
}

/// Whether the object's first word is its reference count.
///
/// # Safety
/// `o` is an object in memory, and the thread is attached.
unsafe fn counts_in_first_word(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller. The reference is given back.
    unsafe {
        let word = o.cast::<isize>();
        let before = word.read_volatile();
        Py_IncRef(o);
        let counted = word.read_volatile();
        Py_DecRef(o);
        counted.wrapping_sub(before) == 1 && word.read_volatile() == before
    }
}

/// Detects what is known about the interpreter, and whether it runs without the GIL. Layouts are
/// known for release builds of known versions.
///
/// # Safety
/// All names are resolved, the thread is attached, no exception is pending.
unsafe fn learn() -> (Facts, bool) {
    // SAFETY: the C string is valid forever. It begins with the version.
    let text = unsafe { CStr::from_ptr(Py_GetVersion()) }.to_bytes();
    let minor = text.split(|byte| *byte == b'.').nth(1).unwrap_or_default();
    let digits = minor.iter().take_while(|byte| byte.is_ascii_digit());
    let minor = digits.fold(0u8, |number, digit| {
        number.wrapping_mul(10).wrapping_add(digit - b'0')
    });
    let minor = if pretends() { UNKNOWN } else { minor };
    let pypy = is_pypy();
    let stack_check = match symbol(c"Py_EnterRecursiveCall") {
        check if pypy && !check.is_null() => {
            type Check = unsafe extern "C" fn(*const c_char) -> c_int;
            // SAFETY: the function has this type.
            Some(unsafe { core::mem::transmute::<*mut c_void, Check>(check) })
        }
        _ => None,
    };
    let cpython = !platform::symbol(c"PyNumber_Add").is_null() && !is_graalpy();
    let mut facts = Facts {
        counting: Counting::Unknown,
        mutable_in_line: false,
        type_offset: 0,
        memory_stays: false,
        minor,
        pypy,
        int_layout: IntLayout::Unknown,
        stack_check,
        same: None,
    };
    if is_graalpy() {
        facts.same = Some(graalpy::replacements::same());
    }
    // PyPy's header file counts in line too. The rest of an object is PyPy's own affair.
    // SAFETY: all names are resolved, and the thread is attached.
    if pypy && unsafe { counts_in_first_word(PyBaseObject_Type()) } {
        facts.counting = Counting::Word;
    }
    if !cpython {
        return (facts, false);
    }
    // SAFETY: `object` is a type. Nothing is known yet, so only exported functions are used.
    let (header, counts) = unsafe {
        let size = PyObject_GetAttrString(PyBaseObject_Type(), c"__basicsize__".as_ptr());
        let header = if size.is_null() {
            0
        } else {
            let header = PyLong_AsSsize_t(size);
            Py_DecRef(size);
            header
        };
        PyErr_Clear();
        // Only debug builds have this function.
        let counts = !PySys_GetObject(c"gettotalrefcount".as_ptr()).is_null();
        (header, counts)
    };
    facts.memory_stays = !counts && (9..=15).contains(&minor);
    const HEADER_WITHOUT_GIL: isize = (split_counts::TYPE_OFFSET + size_of::<usize>()) as isize;
    let with_gil = header == 2 * size_of::<usize>() as isize;
    if with_gil && !counts && (9..=14).contains(&minor) {
        facts.mutable_in_line = true;
        facts.type_offset = size_of::<usize>();
        facts.counting = match minor {
            ..12 => Counting::Word,
            _ => Counting::Immortal,
        };
    } else if header == HEADER_WITHOUT_GIL && !counts && matches!(minor, 13 | 14) {
        facts.type_offset = split_counts::TYPE_OFFSET;
        facts.counting = Counting::Split;
    }
    if facts.type_offset != 0 {
        // SAFETY: objects' headers are of a known layout.
        facts.int_layout = unsafe { measure_ints(minor, header) };
    }
    (facts, !with_gil)
}
