//! The table's dynamic mode: names are looked up in the running interpreter when a universal binary is
//! imported by its own runtime. Nothing is linked, nothing is known of the interpreter before.

use super::structs::*;
use super::{Counting, IntLayout, PyObject, platform, table::c_api};
use crate::fork::{Guard, Lock};
use crate::wchar_t;
use core::ffi::{CStr, c_char, c_int, c_long, c_uint, c_ulong, c_void};
use core::sync::atomic::{AtomicBool, Ordering};

/// A name that the interpreter lacks, without which nothing works.
#[derive(Debug, Clone, Copy)]
pub struct Missing(pub &'static CStr);

macro_rules! link {
    (
        functions { $($name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)* }
        newer { $($since:ident $new:ident($($new_arg:ident: $new_ty:ty),*) -> $new_ret:ty;)* }
        older { $($until:ident $old:ident($($old_arg:ident: $old_ty:ty),*) -> $old_ret:ty;)* }
        objects { $($object:ident)* }
        variables { $($variable:ident)* }
    ) => {
        /// One word for each name, in the order of `NAMES`.
        #[repr(C)]
        #[allow(non_snake_case)]
        struct Addresses {
            $($name: unsafe extern "C" fn($($ty),*) -> $ret,)*
            $($new: unsafe extern "C" fn($($new_ty),*) -> $new_ret,)*
            $($old: unsafe extern "C" fn($($old_ty),*) -> $old_ret,)*
            $($object: *mut PyObject,)*
            $($variable: *mut *mut PyObject,)*
        }

        /// All names, each ended by a NUL: one constant, without relocations.
        const NAMES: &str = concat!(
            $(stringify!($name), "\0",)*
            $(stringify!($new), "\0",)*
            $(stringify!($old), "\0",)*
            $(stringify!($object), "\0",)*
            $(stringify!($variable), "\0",)*
        );
        /// How many of them are functions that every version has, and functions in all.
        const FUNCTIONS: usize = [$(stringify!($name)),*].len();
        const ALL_FUNCTIONS: usize = FUNCTIONS + [$(stringify!($new),)* $(stringify!($old),)*].len();
        const OBJECTS: usize = ALL_FUNCTIONS + [$(stringify!($object)),*].len();
        const COUNT: usize = size_of::<Addresses>() / size_of::<usize>();

        $(
            #[doc = concat!("CPython's `", stringify!($name), "`.")]
            #[inline(always)]
            pub unsafe fn $name($($arg: $ty),*) -> $ret {
                // SAFETY: resolved before any call; the contract is CPython's.
                unsafe { ((*addresses()).$name)($($arg),*) }
            }
        )*

        $(
            #[doc = concat!("CPython's `", stringify!($new), "`, where `has` says so.")]
            #[inline(always)]
            pub unsafe fn $new($($new_arg: $new_ty),*) -> $new_ret {
                // SAFETY: resolved before any call; the contract is CPython's.
                unsafe { ((*addresses()).$new)($($new_arg),*) }
            }
        )*

        $(
            #[doc = concat!("CPython's `", stringify!($old), "`, where `has` says so.")]
            #[inline(always)]
            pub unsafe fn $old($($old_arg: $old_ty),*) -> $old_ret {
                // SAFETY: resolved before any call; the contract is CPython's.
                unsafe { ((*addresses()).$old)($($old_arg),*) }
            }
        )*

        /// Whether the interpreter has a function that not every version has.
        pub(crate) mod has {
            $(
                #[doc = concat!("Whether there is a `", stringify!($new), "`.")]
                #[inline(always)]
                pub(crate) fn $new() -> bool {
                    // SAFETY: resolved before any call.
                    unsafe { (*super::addresses()).$new as *const () != super::absent as *const () }
                }
            )*
            $(
                #[doc = concat!("Whether there is a `", stringify!($old), "`.")]
                #[inline(always)]
                pub(crate) fn $old() -> bool {
                    // SAFETY: resolved before any call.
                    unsafe { (*super::addresses()).$old as *const () != super::absent as *const () }
                }
            )*
        }

        $(
            #[doc = concat!("The address of CPython's `", stringify!($object), "`.")]
            #[inline(always)]
            pub(crate) fn $object() -> *mut PyObject {
                // SAFETY: resolved before any call.
                unsafe { (*addresses()).$object }
            }
        )*

        $(
            #[doc = concat!("The object in CPython's `", stringify!($variable), "`, borrowed.")]
            #[inline(always)]
            pub(crate) fn $variable() -> *mut PyObject {
                // SAFETY: resolved before any call; written once by the interpreter.
                unsafe { *(*addresses()).$variable }
            }
        )*
    };
}

c_api!(link);

/// What is known of the interpreter. In one static, so that one address leads to all of it, and plain memory, so
/// that what was read once need not be read again.
#[repr(C)]
struct Resolved {
    facts: core::cell::UnsafeCell<Facts>,
    addresses: core::cell::UnsafeCell<[usize; COUNT]>,
}

// SAFETY: written under the lock of `resolve`, before the module is made whose code reads.
unsafe impl Sync for Resolved {}

static RESOLVED: Resolved = Resolved {
    facts: core::cell::UnsafeCell::new(Facts {
        counting: Counting::Unknown,
        layout_known: false,
        minor: 0,
        pypy: false,
        int_layout: IntLayout::Unknown,
        stack_check: None,
        same: None,
    }),
    addresses: core::cell::UnsafeCell::new([0; COUNT]),
};

#[derive(Clone, Copy)]
pub(super) struct Facts {
    counting: Counting,
    layout_known: bool,
    minor: u8,
    pub(super) pypy: bool,
    int_layout: IntLayout,
    /// What tells whether the stack is nearly used up, where that has to be asked.
    stack_check: Option<unsafe extern "C" fn(*const c_char) -> c_int>,
    /// What tells whether two addresses are one object's, where that has to be asked: GraalPy.
    same: Option<unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> c_int>,
}

#[inline(always)]
fn addresses() -> *const Addresses {
    RESOLVED.addresses.get().cast()
}

#[inline(always)]
pub(super) fn facts() -> Facts {
    // SAFETY: written before any code runs that asks.
    unsafe { *RESOLVED.facts.get() }
}

/// `PyGILState_Ensure`, which may end the thread by unwinding: see the module `thread`.
pub(crate) fn gil_ensure() -> unsafe extern "C-unwind" fn() -> core::ffi::c_uint {
    // SAFETY: resolved before any call; the types differ in whether the compiler expects unwinding.
    unsafe {
        core::mem::transmute::<
            unsafe extern "C" fn() -> core::ffi::c_uint,
            unsafe extern "C-unwind" fn() -> core::ffi::c_uint,
        >((*addresses()).PyGILState_Ensure)
    }
}

/// `PyEval_RestoreThread`, as a function that may unwind: see `thread`.
#[inline(always)]
pub(crate) fn restore_thread() -> unsafe extern "C-unwind" fn(*mut c_void) {
    // SAFETY: resolved before any call; the types differ in whether the compiler expects unwinding.
    unsafe {
        core::mem::transmute::<
            unsafe extern "C" fn(*mut c_void),
            unsafe extern "C-unwind" fn(*mut c_void),
        >((*addresses()).PyEval_RestoreThread)
    }
}

/// Functions that some interpreter lacks and that can do nothing there.
const DISPENSABLE: &[&CStr] = &[
    c"PyObject_GC_Track",
    c"PyObject_GC_UnTrack",
    c"PyObject_CallFinalizerFromDealloc",
    c"PyObject_ClearWeakRefs",
];
/// Functions that some interpreter lacks, and that are not called there.
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
];

/// Functions that GraalPy exports, and that end the process when they are called.
const EMPTY_ON_GRAALPY: &[&CStr] = &[
    c"PyInterpreterState_Get",
    c"PyInterpreterState_GetDict",
    c"PyObject_CallFinalizerFromDealloc",
    c"PyObject_ClearWeakRefs",
];

/// Looks all names up, at the first call.
///
/// # Errors
/// The first name that is missing and can't be done without.
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
    // SAFETY: all names are there, the thread is attached. Of threads that come here at once all find the same.
    let (facts, free_threaded) = unsafe { learn() };
    let first = {
        let mut done = done();
        let first = *done != Done::All;
        if first {
            FREE_THREADED.store(free_threaded, Ordering::Relaxed);
            // SAFETY: under the lock, before anybody reads.
            unsafe { *RESOLVED.facts.get() = facts };
            *done = Done::All;
        }
        first
    };
    if first && facts.pypy {
        // Python code, which must run once, and there only. Others, who need not wait for it, do without until it has run.
        // SAFETY: all names are there, the thread is attached.
        unsafe { super::pypy::exceptions::prepare() };
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

/// Nobody calls CPython while holding this: it may let another thread run, and that one wait for this, with the GIL.
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
            () if pypy => super::pypy::instead_of(name, symbol),
            () if graalpy => super::graalpy::instead_of(name, address),
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
        // SAFETY: within the array, and nobody reads before this is done.
        unsafe { words.add(index).write(address as usize) };
    }
    Ok(())
}

/// Raises an ImportError where not all names could be resolved. Does nothing where not even that works.
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

/// The address of a name in the interpreter: as CPython has it, or with PyPy's prefix.
pub(super) fn symbol(name: &CStr) -> *mut c_void {
    let found = platform::symbol(name);
    if !found.is_null() {
        return found;
    }
    let mut prefixed = [0u8; 64];
    let bytes = name.to_bytes_with_nul();
    let underscore = usize::from(bytes.first() == Some(&b'_'));
    let parts: [&[u8]; 3] = [&bytes[..underscore], b"Py", &bytes[underscore..]];
    let mut at = 0;
    for part in parts {
        let Some(room) = prefixed.get_mut(at..at + part.len()) else {
            return core::ptr::null_mut();
        };
        room.copy_from_slice(part);
        at += part.len();
    }
    CStr::from_bytes_until_nul(&prefixed).map_or(core::ptr::null_mut(), platform::symbol)
}

/// GraalPy's way to a constant: `_Py_NoneStructReference` holds what others have at `_Py_NoneStruct`.
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

/// Stands for a function that has nothing to do here. C's conventions let it ignore its arguments.
unsafe extern "C" fn nothing() -> usize {
    0
}

/// Stands for a function that the interpreter lacks: `has` is asked before each call.
#[cold]
unsafe extern "C" fn absent() -> usize {
    std::process::abort()
}

fn is_pypy() -> bool {
    !platform::symbol(c"PyPyNumber_Add").is_null()
}

fn is_graalpy() -> bool {
    !platform::symbol(c"_Py_NoneStructReference").is_null()
}

static FREE_THREADED: AtomicBool = AtomicBool::new(false);

/// The version of Python that runs.
#[inline(always)]
pub(crate) fn version() -> (u8, u8) {
    (3, facts().minor)
}

/// Whether objects of the running interpreter have a layout that `layout` knows.
#[inline(always)]
pub(crate) fn layout_known() -> bool {
    facts().layout_known
}

/// How reference counts are kept.
#[inline(always)]
pub(crate) fn counting() -> Counting {
    facts().counting
}

/// How ints are kept.
#[inline(always)]
pub(crate) fn int_layout() -> IntLayout {
    facts().int_layout
}

/// Whether the C API is PyPy's.
#[inline(always)]
pub(crate) fn of_pypy() -> bool {
    facts().pypy
}

/// Whether the C API is GraalPy's.
#[inline(always)]
pub(crate) fn of_graalpy() -> bool {
    facts().same.is_some()
}

/// Whether the interpreter runs without a lock for the whole of it.
#[inline(always)]
pub fn free_threaded() -> bool {
    FREE_THREADED.load(Ordering::Relaxed)
}

/// The size of an object's header, where the interpreter does not say it itself: PyPy's has a link word more
/// than `object.__basicsize__` tells.
#[inline(always)]
pub(crate) fn header_told() -> Option<usize> {
    facts().pypy.then_some(3 * size_of::<usize>())
}

/// Whether this is GraalPy.
#[inline(always)]
pub(crate) fn on_graalpy() -> bool {
    facts().same.is_some()
}

/// Whether two addresses are the same object's: CPython's `Py_Is`.
///
/// # Safety
/// Both are objects or null, and the thread is attached.
#[inline(always)]
pub(crate) unsafe fn is_same(a: *mut PyObject, b: *mut PyObject) -> bool {
    a == b || (!layout_known() && same_elsewhere(a, b))
}

#[inline(never)]
fn same_elsewhere(a: *mut PyObject, b: *mut PyObject) -> bool {
    match facts().same {
        None => false,
        // SAFETY: as promised by the caller of `is_same`.
        Some(same) => unsafe { same(a, b) != 0 },
    }
}

/// Whether the stack is nearly used up, on an interpreter whose functions end the process where they find that out
/// themselves: PyPy. A RecursionError is set then.
///
/// # Safety
/// The thread is attached.
#[inline(always)]
pub unsafe fn stack_ends() -> bool {
    match facts().stack_check {
        None => false,
        // SAFETY: as promised by the caller; the text is what the message ends with.
        Some(check) => unsafe { check(c"".as_ptr()) != 0 },
    }
}

/// The minor version that is told of a CPython which is taken for one that does not exist yet.
const UNKNOWN: u8 = u8::MAX;

/// Whether to take the CPython that runs for one that is newer than this code, so that tests run what such a one
/// would. Only where debug assertions are on: a release build reads no variable and has no code for it.
fn pretends() -> bool {
    cfg!(debug_assertions)
        && !platform::symbol(c"PyNumber_Add").is_null()
        && !is_graalpy()
        && std::env::var_os("HPY_TEST_UNKNOWN_PYTHON").is_some()
}

/// Finds out what can be relied on: only release builds with the GIL, of versions that are known. And whether there is no GIL.
///
/// # Safety
/// All names are resolved, the thread is attached, no exception is pending.
unsafe fn learn() -> (Facts, bool) {
    // SAFETY: a C string for ever; it begins with the version.
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
        layout_known: false,
        minor,
        pypy,
        int_layout: IntLayout::Unknown,
        stack_check,
        same: None,
    };
    if is_graalpy() {
        facts.same = Some(super::graalpy::same());
    }
    if !cpython {
        return (facts, false);
    }
    // SAFETY: `object` is a type. Nothing is known yet, so exported functions do all.
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
        // Debug builds count references and say how many.
        let counts = !PySys_GetObject(c"gettotalrefcount".as_ptr()).is_null();
        (header, counts)
    };
    let with_gil = header == 2 * size_of::<usize>() as isize;
    if with_gil && !counts && (9..=14).contains(&minor) {
        facts.layout_known = true;
        facts.counting = match minor {
            ..12 => Counting::Word,
            _ => Counting::Immortal,
        };
        // SAFETY: objects' headers are of a known layout.
        facts.int_layout = unsafe { super::numbers::measure_ints(minor) };
    }
    (facts, !with_gil)
}

/// The current interpreter, CPython's `PyInterpreterState`. Null where there can be one only.
///
/// # Safety
/// The thread is attached.
pub unsafe fn current_interpreter() -> *mut c_void {
    // SAFETY: as promised by the caller; a function that is absent is not called.
    unsafe {
        let absent = absent as *const ();
        if (*addresses()).PyInterpreterState_Get as *const () == absent
            || (*addresses()).PyInterpreterState_GetDict as *const () == absent
        {
            return core::ptr::null_mut();
        }
        PyInterpreterState_Get()
    }
}

/// The interpreter that the process began with, or null where there is only one.
pub(crate) fn main_interpreter() -> *mut c_void {
    let main = platform::symbol(c"PyInterpreterState_Main");
    if main.is_null() {
        return core::ptr::null_mut();
    }
    // SAFETY: CPython's function of that name has this type, and may be called at any time.
    unsafe { core::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> *mut c_void>(main)() }
}
