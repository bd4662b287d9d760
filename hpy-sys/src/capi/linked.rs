//! The table for the CPython ABI: the dynamic linker resolves names when it loads the extension.

use super::facts::{Counting, IntLayout};
use super::structs::*;
use super::table::c_api;
use crate::wchar_t;
use core::ffi::{c_char, c_int, c_long, c_uint, c_ulong, c_void};

/// An `extern` block of the interpreter's symbols.
///
/// On Windows each symbol belongs to a DLL. The compiler makes the import library itself, so none
/// of the interpreter's is needed, and statics are imported as such.
macro_rules! of_python {
    (@with [$($dll:literal)*] $content:tt) => {
        $(#[cfg_attr(hpy_python_dll = $dll, link(name = $dll, kind = "raw-dylib"))])*
        unsafe extern "C" $content
    };
    ($($content:tt)*) => {
        of_python! { @with [
            "python39" "python310" "python311" "python312" "python313" "python314" "python315"
            "python313t" "python314t" "python315t"
            "python39_d" "python310_d" "python311_d" "python312_d" "python313_d" "python314_d"
            "python315_d" "python313t_d" "python314t_d" "python315t_d"
        ] { $($content)* } }
    };
}

macro_rules! link {
    (
        functions { $($name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)* }
        newer { $($since:ident $new:ident($($new_arg:ident: $new_ty:ty),*) -> $new_ret:ty;)* }
        older { $($until:ident $old:ident($($old_arg:ident: $old_ty:ty),*) -> $old_ret:ty;)* }
        objects { $($object:ident)* }
        variables { $($variable:ident)* }
    ) => {
        of_python! {
            $(
                #[doc = concat!("CPython's `", stringify!($name), "`.")]
                pub fn $name($($arg: $ty),*) -> $ret;
            )*
        }

        $(
            #[cfg($since)]
            of_python! {
                #[doc = concat!("CPython's `", stringify!($new), "`, where `has` says so.")]
                pub fn $new($($new_arg: $new_ty),*) -> $new_ret;
            }

            // The loader resolves every name that an extension mentions. So a missing one must not
            // be mentioned, not even in code that never runs.
            #[doc = concat!("CPython's `", stringify!($new), "`,")]
            /// which this version does not have.
            #[cfg(not($since))]
            #[cold]
            pub unsafe fn $new($($new_arg: $new_ty),*) -> $new_ret {
                $(let _ = $new_arg;)*
                absent()
            }
        )*

        $(
            #[cfg(not($until))]
            of_python! {
                #[doc = concat!("CPython's `", stringify!($old), "`, where `has` says so.")]
                pub fn $old($($old_arg: $old_ty),*) -> $old_ret;
            }

            #[doc = concat!("CPython's `", stringify!($old), "`,")]
            /// which this version no longer has.
            #[cfg($until)]
            #[cold]
            pub unsafe fn $old($($old_arg: $old_ty),*) -> $old_ret {
                $(let _ = $old_arg;)*
                absent()
            }
        )*

        /// Whether the interpreter has a function that not every version has.
        pub(crate) mod has {
            $(
                #[doc = concat!("Whether there is a `", stringify!($new), "`.")]
                #[inline(always)]
                pub(crate) const fn $new() -> bool {
                    cfg!($since)
                }
            )*
            $(
                #[doc = concat!("Whether there is a `", stringify!($old), "`.")]
                #[inline(always)]
                pub(crate) const fn $old() -> bool {
                    !cfg!($until)
                }
            )*
        }

        pub(crate) mod statics {
            use super::PyObject;
            of_python! {
                $(pub static mut $object: PyObject;)*
                $(pub static mut $variable: *mut PyObject;)*
            }
        }

        $(
            #[doc = concat!("The address of CPython's `", stringify!($object), "`.")]
            #[inline(always)]
            pub(crate) fn $object() -> *mut PyObject {
                &raw mut statics::$object
            }
        )*

        $(
            #[doc = concat!("The object in CPython's `", stringify!($variable), "`, borrowed.")]
            #[inline(always)]
            pub(crate) fn $variable() -> *mut PyObject {
                // SAFETY: written once, before any extension is loaded.
                unsafe { statics::$variable }
            }
        )*
    };
}

c_api!(link);

/// Stands for a function that the interpreter lacks. Callers check `has` first.
#[cold]
#[allow(dead_code)] // Nothing is absent in the newest version.
fn absent() -> ! {
    std::process::abort()
}

/// Aborts a test that called Python. The message bypasses the test runner's capture, which an abort
/// would lose.
#[doc(hidden)]
pub fn no_interpreter(function: &str) -> ! {
    use std::io::Write;
    let _ = writeln!(
        std::io::stderr(),
        "error: this test uses Python ({function}), but `cargo test` runs without an interpreter: \
         write #[hpy::test], which starts one, or test it from Python"
    );
    std::process::abort()
}

/// Whether objects of the interpreter have a layout that `layout` knows: release builds. Without
/// the GIL only what never changes may be read in line, see `mutable_in_line`.
#[inline(always)]
pub(crate) const fn layout_known() -> bool {
    !cfg!(hpy_py_debug) && PYTHON_VERSION.1 <= 14
}

/// Whether objects that can change may be read without a lock of their own.
#[inline(always)]
pub(crate) const fn mutable_in_line() -> bool {
    layout_known() && !cfg!(hpy_free_threaded)
}

/// Whether this code may run without the GIL.
pub(super) const MAY_BE_FREE_THREADED: bool = cfg!(hpy_free_threaded);

/// The place of an object's type, where the layout is known.
#[inline(always)]
pub(super) const fn type_offset() -> usize {
    if cfg!(hpy_free_threaded) {
        super::split_counts::TYPE_OFFSET
    } else {
        size_of::<isize>()
    }
}

/// Whether text stays where it is while it is referred to: in versions that were tried. Debug
/// builds free interned strs at the end of their interpreter, whoever refers to them.
#[inline(always)]
pub(crate) const fn memory_stays() -> bool {
    !cfg!(hpy_py_debug) && PYTHON_VERSION.1 <= 15
}

/// How reference counts are stored.
#[inline(always)]
pub(crate) const fn counting() -> Counting {
    match (layout_known(), PYTHON_VERSION.1) {
        (false, _) => Counting::Unknown,
        _ if cfg!(hpy_free_threaded) => Counting::Split,
        (true, ..12) => Counting::Word,
        (true, _) => Counting::Immortal,
    }
}

/// How ints are stored.
#[inline(always)]
pub(crate) const fn int_layout() -> IntLayout {
    match (layout_known() && cfg!(hpy_int_digits_30), PYTHON_VERSION.1) {
        (false, _) => IntLayout::Unknown,
        (true, ..11) => IntLayout::Signed,
        (true, 11) => IntLayout::Product,
        (true, _) => IntLayout::Tagged,
    }
}

/// The version of CPython that this is compiled for.
pub const PYTHON_VERSION: (u8, u8) = (3, minor(env!("HPY_SYS_PYTHON_MINOR")));

/// The version of the running CPython. In this ABI it is the one this was compiled for.
#[inline(always)]
pub(crate) const fn version() -> (u8, u8) {
    PYTHON_VERSION
}

/// The size of an object's header on PyPy.
#[inline(always)]
pub(crate) const fn pypy_header_size() -> Option<usize> {
    None
}

/// Parses the number that the build script wrote.
const fn minor(text: &str) -> u8 {
    let bytes = text.as_bytes();
    let mut number = 0;
    let mut index = 0;
    while index < bytes.len() {
        number = number * 10 + (bytes[index] - b'0');
        index += 1;
    }
    number
}

/// `PyGILState_Ensure`, which may end the thread by unwinding. See the module `thread`.
pub(crate) fn gil_ensure() -> unsafe extern "C-unwind" fn() -> core::ffi::c_uint {
    // The compiler must not see which function this is, because that is declared not to unwind.
    // SAFETY: the types differ in whether the compiler expects unwinding.
    unsafe {
        core::mem::transmute::<
            unsafe extern "C" fn() -> core::ffi::c_uint,
            unsafe extern "C-unwind" fn() -> core::ffi::c_uint,
        >(core::hint::black_box(PyGILState_Ensure))
    }
}

/// `PyEval_RestoreThread`, as a function that may unwind. See the module `thread`.
#[inline(always)]
pub(crate) fn restore_thread() -> unsafe extern "C-unwind" fn(*mut c_void) {
    // The compiler must not see which function this is, because that is declared not to unwind.
    // SAFETY: the types differ in whether the compiler expects unwinding.
    unsafe {
        core::mem::transmute::<
            unsafe extern "C" fn(*mut c_void),
            unsafe extern "C-unwind" fn(*mut c_void),
        >(core::hint::black_box(PyEval_RestoreThread))
    }
}

#[cfg(hpy_since_3_13)]
of_python! {
    fn PyThreadState_GetUnchecked() -> *mut c_void;
}

#[cfg(not(hpy_since_3_13))]
of_python! {
    fn _PyThreadState_UncheckedGet() -> *mut c_void;
}

#[cfg(not(hpy_since_3_12))]
of_python! {
    fn PyGILState_GetThisThreadState() -> *mut c_void;
}

/// Whether this thread is attached to an interpreter. May be called on any thread. Returns false if
/// it cannot tell: before 3.12, in a subinterpreter.
///
/// `PyGILState_Check` does not serve: it is always true once there has been a subinterpreter.
pub fn attached() -> bool {
    !state_of_attached().is_null()
}

/// The state of this thread, if it is attached; otherwise null. May be called on any thread.
#[inline(always)]
pub(crate) fn state_of_attached() -> *mut c_void {
    #[cfg(hpy_since_3_13)]
    // SAFETY: may be called at any time; the state is the thread's own.
    unsafe {
        PyThreadState_GetUnchecked()
    }
    #[cfg(all(hpy_since_3_12, not(hpy_since_3_13)))]
    // SAFETY: as above.
    unsafe {
        _PyThreadState_UncheckedGet()
    }
    #[cfg(not(hpy_since_3_12))]
    // SAFETY: may be called at any time. The current state belongs to the thread that has the GIL.
    // It must be this thread's.
    unsafe {
        let current = _PyThreadState_UncheckedGet();
        if current.is_null() || current == PyGILState_GetThisThreadState() {
            current
        } else {
            core::ptr::null_mut()
        }
    }
}

/// The same: there is nothing to find first.
///
/// # Safety
/// None is needed here.
#[inline(always)]
pub(crate) unsafe fn state_of_attached_again() -> *mut c_void {
    state_of_attached()
}

/// `PyType_FromSpecWithBases`.
///
/// # Safety
/// As for the C function.
#[inline(always)]
pub unsafe fn type_from_spec(spec: *mut PyType_Spec, bases: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { PyType_FromSpecWithBases(spec, bases) }
}

/// Whether this is PyPy. The CPython ABI is never built for it.
#[inline(always)]
pub(crate) const fn on_pypy() -> bool {
    false
}

/// Whether this is GraalPy. The CPython ABI is never built for it.
#[inline(always)]
pub(crate) const fn on_graalpy() -> bool {
    false
}

of_python! {
    fn PyInterpreterState_Main() -> *mut c_void;
}

/// The interpreter that the process began with.
pub(crate) fn main_interpreter() -> *mut c_void {
    // SAFETY: may be called at any time.
    unsafe { PyInterpreterState_Main() }
}

/// Whether this is a build for the free-threaded interpreter.
#[inline(always)]
pub const fn free_threaded() -> bool {
    cfg!(hpy_free_threaded)
}

/// Whether the interpreter has a lock that is held while objects are used.
#[inline(always)]
pub const fn has_lock() -> bool {
    !free_threaded()
}

/// Whether two addresses are the same object's.
///
/// # Safety
/// None is needed here.
#[inline(always)]
pub(crate) unsafe fn is_same(a: *mut PyObject, b: *mut PyObject) -> bool {
    a == b
}

/// Whether the stack is nearly used up, on an interpreter that aborts then. CPython does not.
///
/// # Safety
/// None is needed here.
#[inline(always)]
pub const unsafe fn is_stack_low() -> bool {
    false
}

/// The current interpreter: CPython's `PyInterpreterState`.
///
/// # Safety
/// The thread is attached.
#[inline]
pub unsafe fn current_interpreter() -> *mut c_void {
    // SAFETY: as promised by the caller.
    unsafe { PyInterpreterState_Get() }
}
