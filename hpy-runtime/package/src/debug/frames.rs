//! The Python line that runs: as a code object and an offset, which are cheap to get, and resolved
//! only when somebody asks.
//!
//! The functions of CPython that tell it make a frame object. So the words are read where CPython
//! keeps them, if what is there agrees with those functions when debug mode begins.

use super::{getframe, running_frame};
use crate::binary::process_symbol;
use core::ffi::{c_int, c_void};
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering};
use hpy::sys::capi::{self, PyObject};

/// A place in Python code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Position {
    /// Borrowed, unless it is said to be owned.
    pub(super) code: *mut PyObject,
    /// The offset in bytes, or less than 0: the line, negated.
    offset: isize,
}

impl Position {
    pub(super) const NONE: Self = Self {
        code: ptr::null_mut(),
        offset: 0,
    };

    /// A line of a code object, which is borrowed.
    pub(super) fn of_line(code: *mut PyObject, line: isize) -> Self {
        Self {
            code,
            offset: -line,
        }
    }

    /// The same, with a reference of its own to the code object.
    pub(super) fn owned(self) -> Self {
        if !self.code.is_null() {
            // SAFETY: a position's code object is alive.
            unsafe { capi::incref(self.code) };
        }
        self
    }

    /// Gives up the reference of [`owned`](Self::owned).
    pub(super) fn release(self) {
        // SAFETY: the reference is this position's.
        unsafe { capi::xdecref(self.code) };
    }

    /// The file and the line.
    pub(super) fn line(self) -> Option<(String, i32)> {
        if self.code.is_null() {
            return None;
        }
        // SAFETY: the code object is alive. Exceptions are cleared.
        unsafe {
            let name = capi::PyObject_GetAttrString(self.code, c"co_filename".as_ptr());
            let mut size = 0;
            let text = if name.is_null() {
                ptr::null()
            } else {
                capi::PyUnicode_AsUTF8AndSize(name, &mut size)
            };
            let file = if text.is_null() {
                capi::PyErr_Clear();
                None
            } else {
                let bytes = core::slice::from_raw_parts(text.cast::<u8>(), size.cast_unsigned());
                Some(String::from_utf8_lossy(bytes).into_owned())
            };
            capi::xdecref(name);
            let file = file?;
            // With a file's name it is a code object.
            let line = if self.offset < 0 {
                i32::try_from(-self.offset).ok()?
            } else {
                functions().line?(self.code, c_int::try_from(self.offset).ok()?)
            };
            Some((file, line))
        }
    }
}

/// The Python line that runs on this thread.
#[inline(always)]
pub(super) fn current() -> Position {
    match running_frame::current() {
        Some((code, offset)) => Position { code, offset },
        None => by_function(),
    }
}

/// Finds out how to get the running line without making an object.
///
/// # Safety
/// The thread is attached.
pub(super) unsafe fn learn() {
    // GraalPy has this symbol, and no words where CPython keeps them.
    if process_symbol(c"_Py_NoneStructReference").is_null() {
        // SAFETY: as promised by the caller.
        unsafe { running_frame::learn(functions()) }
    }
}

type GetFrame = unsafe extern "C" fn() -> *mut PyObject;
type GetCode = unsafe extern "C" fn(*mut PyObject) -> *mut PyObject;
type GetNumber = unsafe extern "C" fn(*mut PyObject) -> c_int;
type ResolveLine = unsafe extern "C" fn(*mut PyObject, c_int) -> c_int;

/// CPython's functions, as far as the running one has them.
#[derive(Clone, Copy)]
pub(super) struct Functions {
    pub(super) frame: Option<GetFrame>,
    pub(super) code: Option<GetCode>,
    pub(super) offset: Option<GetNumber>,
    line_of_frame: Option<GetNumber>,
    line: Option<ResolveLine>,
}

fn functions() -> Functions {
    static FOUND: [AtomicUsize; 5] = [const { AtomicUsize::new(0) }; 5];
    static LOOKED_UP: AtomicUsize = AtomicUsize::new(0);
    if LOOKED_UP.load(Ordering::Acquire) == 0 {
        let names = [
            c"PyEval_GetFrame",
            c"PyFrame_GetCode",
            c"PyFrame_GetLasti",
            c"PyFrame_GetLineNumber",
            c"PyCode_Addr2Line",
        ];
        for (place, name) in FOUND.iter().zip(names) {
            place.store(process_symbol(name) as usize, Ordering::Relaxed);
        }
        LOOKED_UP.store(1, Ordering::Release);
    }
    let word = |index: usize| FOUND[index].load(Ordering::Relaxed) as *mut c_void;
    // SAFETY: CPython gives functions of these names these types. A null is None.
    unsafe {
        Functions {
            frame: core::mem::transmute::<*mut c_void, Option<GetFrame>>(word(0)),
            code: core::mem::transmute::<*mut c_void, Option<GetCode>>(word(1)),
            offset: core::mem::transmute::<*mut c_void, Option<GetNumber>>(word(2)),
            line_of_frame: core::mem::transmute::<*mut c_void, Option<GetNumber>>(word(3)),
            line: core::mem::transmute::<*mut c_void, Option<ResolveLine>>(word(4)),
        }
    }
}

/// By CPython's functions.
#[inline(never)]
fn by_function() -> Position {
    let functions = functions();
    let (Some(frame), Some(code), Some(line)) =
        (functions.frame, functions.code, functions.line_of_frame)
    else {
        return getframe::current();
    };
    // SAFETY: the thread is attached. The frame is borrowed and runs, so its code stays alive.
    unsafe {
        let frame = frame();
        if frame.is_null() {
            return Position::NONE;
        }
        let owned = code(frame);
        capi::xdecref(owned);
        let offset = match functions.offset {
            Some(offset) => offset(frame) as isize,
            None => -(line(frame) as isize),
        };
        Position {
            code: owned,
            offset,
        }
    }
}

/// Whether this thread is attached to Python.
#[cold]
pub(super) fn is_attached() -> bool {
    let check = process_symbol(c"PyGILState_Check");
    if check.is_null() {
        return true;
    }
    // SAFETY: CPython's function of that name has this type and may be called at any time.
    unsafe { core::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> c_int>(check)() != 0 }
}
