//! The table for universal binaries that use the bundled runtime. Nothing is linked. `resolve`
//! in `symbol_lookup.rs` looks the names up in the running interpreter at the first import.

use super::facts::{Counting, IntLayout};
use super::platform;
use super::structs::*;
use super::table::c_api;
use crate::wchar_t;
use core::ffi::{CStr, c_char, c_int, c_long, c_uint, c_ulong, c_void};
use core::sync::atomic::{AtomicBool, AtomicU8, Ordering};

macro_rules! link {
    (
        functions { $($name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)* }
        newer { $($since:ident $new:ident($($new_arg:ident: $new_ty:ty),*) -> $new_ret:ty;)* }
        older { $($until:ident $old:ident($($old_arg:ident: $old_ty:ty),*) -> $old_ret:ty;)* }
        objects { $($object:ident)* }
        variables { $($variable:ident)* }
    ) => {
        /// One word per name, in the order of `NAMES`.
        #[repr(C)]
        #[allow(non_snake_case)]
        struct Addresses {
            $($name: unsafe extern "C" fn($($ty),*) -> $ret,)*
            $($new: unsafe extern "C" fn($($new_ty),*) -> $new_ret,)*
            $($old: unsafe extern "C" fn($($old_ty),*) -> $old_ret,)*
            $($object: *mut PyObject,)*
            $($variable: *mut *mut PyObject,)*
        }

        /// All names, each terminated by a NUL: one constant, without relocations.
        pub(super) const NAMES: &str = concat!(
            $(stringify!($name), "\0",)*
            $(stringify!($new), "\0",)*
            $(stringify!($old), "\0",)*
            $(stringify!($object), "\0",)*
            $(stringify!($variable), "\0",)*
        );
        /// The number of functions that every version has, and of all functions.
        pub(super) const FUNCTIONS: usize = [$(stringify!($name)),*].len();
        pub(super) const ALL_FUNCTIONS: usize =
            FUNCTIONS + [$(stringify!($new),)* $(stringify!($old),)*].len();
        pub(super) const OBJECTS: usize = ALL_FUNCTIONS + [$(stringify!($object)),*].len();
        pub(super) const COUNT: usize = size_of::<Addresses>() / size_of::<usize>();

        $(
            #[doc = concat!("CPython's `", stringify!($name), "`.")]
            #[inline(always)]
            pub unsafe fn $name($($arg: $ty),*) -> $ret {
                // SAFETY: resolved before any call. The contract is CPython's.
                unsafe { ((*addresses()).$name)($($arg),*) }
            }
        )*

        $(
            #[doc = concat!("CPython's `", stringify!($new), "`, where `has` says so.")]
            #[inline(always)]
            pub unsafe fn $new($($new_arg: $new_ty),*) -> $new_ret {
                // SAFETY: resolved before any call. The contract is CPython's.
                unsafe { ((*addresses()).$new)($($new_arg),*) }
            }
        )*

        $(
            #[doc = concat!("CPython's `", stringify!($old), "`, where `has` says so.")]
            #[inline(always)]
            pub unsafe fn $old($($old_arg: $old_ty),*) -> $old_ret {
                // SAFETY: resolved before any call. The contract is CPython's.
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
                // SAFETY: resolved before any call. The interpreter writes it once.
                unsafe { *(*addresses()).$variable }
            }
        )*
    };
}

c_api!(link);

/// What is known about the interpreter. One static, so that a single address reaches all of it.
/// Plain memory, so that the compiler need not read it twice.
#[repr(C)]
pub(super) struct Resolved {
    pub(super) facts: core::cell::UnsafeCell<Facts>,
    /// Of the interpreters that use this binary: 0 before the first, `WITH_LOCK`, `WITHOUT_LOCK`.
    locks: AtomicU8,
    pub(super) addresses: core::cell::UnsafeCell<[usize; COUNT]>,
}

// SAFETY: written under the lock of `resolve`, before the module exists whose code reads it.
unsafe impl Sync for Resolved {}

pub(super) static RESOLVED: Resolved = Resolved {
    facts: core::cell::UnsafeCell::new(Facts {
        counting: Counting::Unknown,
        mutable_in_line: false,
        type_offset: 0,
        memory_stays: false,
        minor: 0,
        pypy: false,
        int_layout: IntLayout::Unknown,
        stack_check: None,
        same: None,
    }),
    locks: AtomicU8::new(0),
    addresses: core::cell::UnsafeCell::new([0; COUNT]),
};

#[derive(Clone, Copy)]
pub(super) struct Facts {
    pub(super) counting: Counting,
    pub(super) mutable_in_line: bool,
    /// The place of an object's type, where the layout is known; otherwise 0.
    pub(super) type_offset: usize,
    pub(super) memory_stays: bool,
    pub(super) minor: u8,
    pub(super) pypy: bool,
    pub(super) int_layout: IntLayout,
    /// The function that tells whether the stack is nearly used up: on PyPy.
    pub(super) stack_check: Option<unsafe extern "C" fn(*const c_char) -> c_int>,
    /// The function that tells whether two addresses belong to one object: on GraalPy.
    pub(super) same: Option<unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> c_int>,
}

/// A function that makes an int.
#[cfg(all(target_pointer_width = "64", not(windows)))]
pub(super) type Make<T> = unsafe extern "C" fn(T) -> *mut PyObject;

/// Replaces the functions for ints by the one for `Py_ssize_t`, or by `unsigned` where those take
/// unsigned numbers. Returns the one for `size_t`. All numbers are of one size.
///
/// # Safety
/// All names are resolved, and no code has called a function yet.
#[cfg(all(target_pointer_width = "64", not(windows)))]
pub(super) unsafe fn make_ints_by_ssize(unsigned: Make<usize>) -> Make<usize> {
    // SAFETY: as promised by the caller. The types differ in names of one type of the machine.
    unsafe {
        let all = &mut *RESOLVED.addresses.get().cast::<Addresses>();
        all.PyLong_FromLong =
            core::mem::transmute::<Make<isize>, Make<c_long>>(all.PyLong_FromSsize_t);
        all.PyLong_FromLongLong =
            core::mem::transmute::<Make<isize>, Make<i64>>(all.PyLong_FromSsize_t);
        all.PyLong_FromUnsignedLong = core::mem::transmute::<Make<usize>, Make<c_ulong>>(unsigned);
        all.PyLong_FromUnsignedLongLong = core::mem::transmute::<Make<usize>, Make<u64>>(unsigned);
        core::mem::replace(&mut all.PyLong_FromSize_t, unsigned)
    }
}

#[inline(always)]
fn addresses() -> *const Addresses {
    RESOLVED.addresses.get().cast()
}

#[inline(always)]
pub(super) fn facts() -> Facts {
    // SAFETY: written before any code reads it.
    unsafe { *RESOLVED.facts.get() }
}

/// `PyGILState_Ensure`, which may end the thread by unwinding. See the module `thread`.
pub(crate) fn gil_ensure() -> unsafe extern "C-unwind" fn() -> core::ffi::c_uint {
    // SAFETY: resolved before any call. The types differ in whether the compiler expects unwinding.
    unsafe {
        core::mem::transmute::<
            unsafe extern "C" fn() -> core::ffi::c_uint,
            unsafe extern "C-unwind" fn() -> core::ffi::c_uint,
        >((*addresses()).PyGILState_Ensure)
    }
}

/// `PyEval_RestoreThread`, as a function that may unwind. See the module `thread`.
#[inline(always)]
pub(crate) fn restore_thread() -> unsafe extern "C-unwind" fn(*mut c_void) {
    // SAFETY: resolved before any call. The types differ in whether the compiler expects unwinding.
    unsafe {
        core::mem::transmute::<
            unsafe extern "C" fn(*mut c_void),
            unsafe extern "C-unwind" fn(*mut c_void),
        >((*addresses()).PyEval_RestoreThread)
    }
}

/// The address of a name in the interpreter, as it stands or with PyPy's prefix.
pub(crate) fn symbol(name: &CStr) -> *mut c_void {
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

/// Stands for a function that the interpreter lacks. Callers check `has` first.
#[cold]
pub(super) unsafe extern "C" fn absent() -> usize {
    std::process::abort()
}

pub(super) static FREE_THREADED: AtomicBool = AtomicBool::new(false);

/// The version of Python that runs.
#[inline(always)]
pub(crate) fn version() -> (u8, u8) {
    (3, facts().minor)
}

/// Whether objects of the running interpreter have a layout that `layout` knows.
#[inline(always)]
pub(crate) fn layout_known() -> bool {
    facts().type_offset != 0
}

/// Whether the layout is known, and objects that can change may be read without a lock of their
/// own.
#[inline(always)]
pub(crate) fn mutable_in_line() -> bool {
    facts().mutable_in_line
}

/// Whether this code may run without the GIL.
pub(super) const MAY_BE_FREE_THREADED: bool = true;

/// The place of an object's type, where the layout is known.
#[inline(always)]
pub(super) fn type_offset() -> usize {
    facts().type_offset
}

/// Whether text stays where it is while it is referred to: on CPython, in versions that were tried.
/// Debug builds free interned strs at the end of their interpreter, whoever refers to them.
#[inline(always)]
pub(crate) fn memory_stays() -> bool {
    facts().memory_stays
}

/// How reference counts are stored.
#[inline(always)]
pub(crate) fn counting() -> Counting {
    facts().counting
}

/// How ints are stored.
#[inline(always)]
pub(crate) fn int_layout() -> IntLayout {
    facts().int_layout
}

/// Whether this is PyPy.
#[inline(always)]
pub(crate) fn on_pypy() -> bool {
    facts().pypy
}

/// Whether this is GraalPy.
#[inline(always)]
pub(crate) fn on_graalpy() -> bool {
    facts().same.is_some()
}

/// Whether the interpreter runs without the GIL.
#[inline(always)]
pub fn free_threaded() -> bool {
    FREE_THREADED.load(Ordering::Relaxed)
}

/// All of them have a lock that is held while objects are used.
const WITH_LOCK: u8 = 1;
/// One of them has none.
const WITHOUT_LOCK: u8 = 2;

/// Whether each interpreter that uses this binary has a lock that is held while its objects are
/// used. `false` is inconclusive.
#[inline(always)]
pub fn has_lock() -> bool {
    RESOLVED.locks.load(Ordering::Relaxed) == WITH_LOCK
}

/// Remembers whether an interpreter has such a lock, before its modules run.
///
/// # Safety
/// That is so.
pub unsafe fn remember_lock(exists: bool) {
    let (found, order) = (&RESOLVED.locks, Ordering::Relaxed);
    if !exists {
        found.store(WITHOUT_LOCK, order);
    } else {
        // There may be one without a lock already.
        let _ = found.compare_exchange(0, WITH_LOCK, order, order);
    }
}

/// The size of an object's header on PyPy, which is one link word more than `object.__basicsize__`.
#[inline(always)]
pub(crate) fn pypy_header_size() -> Option<usize> {
    facts().pypy.then_some(3 * size_of::<usize>())
}

/// Whether two addresses are the same object's: CPython's `Py_Is`.
///
/// # Safety
/// Both are objects or null, and the thread is attached.
#[inline(always)]
pub(crate) unsafe fn is_same(a: *mut PyObject, b: *mut PyObject) -> bool {
    a == b || (!layout_known() && same_slow(a, b))
}

#[inline(never)]
extern "C" fn same_slow(a: *mut PyObject, b: *mut PyObject) -> bool {
    match facts().same {
        None => false,
        // SAFETY: as promised by the caller of `is_same`.
        Some(same) => unsafe { same(a, b) != 0 },
    }
}

/// Whether the stack is nearly used up, on an interpreter whose functions abort then: PyPy. If so,
/// a RecursionError is set.
///
/// # Safety
/// The thread is attached.
#[inline(always)]
pub unsafe fn is_stack_low() -> bool {
    match facts().stack_check {
        None => false,
        // SAFETY: as promised by the caller. The text is the end of the message.
        Some(check) => unsafe { check(c"".as_ptr()) != 0 },
    }
}

/// Whether the check of such an interpreter says that stack is left. `false` elsewhere.
///
/// # Safety
/// The thread is attached.
#[inline(always)]
pub unsafe fn is_stack_seen_to_be_left() -> bool {
    match facts().stack_check {
        None => false,
        // SAFETY: as promised by the caller. The text is the end of the message.
        Some(check) => unsafe { check(c"".as_ptr()) == 0 },
    }
}

/// The current interpreter, CPython's `PyInterpreterState`. Null where there can only be one.
///
/// # Safety
/// The thread is attached.
pub unsafe fn current_interpreter() -> *mut c_void {
    // SAFETY: as promised by the caller. An absent function is not called.
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
    // SAFETY: CPython's function of that name has this type and may be called at any time.
    unsafe { core::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> *mut c_void>(main)() }
}
