//! The running Python frame, read where CPython keeps it.
//!
//! CPython's functions for it make a frame object, which costs more than a call of an extension's
//! function. The places of the words are those of released versions, or are searched for. They are
//! used only if they agree with CPython's functions when debug mode begins. Nothing is read through
//! a word before it was found to be what it should be.

use super::frames::Functions;
use crate::binary::process_symbol;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::sync::atomic::{AtomicBool, Ordering};
use hpy::sys::Static;
use hpy::sys::capi::{self, PyObject};

type GetThreadState = unsafe extern "C" fn() -> *const u8;

/// Where the words are.
#[derive(Clone, Copy)]
struct Places {
    thread_state: GetThreadState,
    /// In the thread's state: the frame, or what has it.
    frame: usize,
    /// In what has the frame, on 3.11 and 3.12.
    inner_frame: Option<usize>,
    /// In the frame: the code object.
    code: usize,
    instruction: Instruction,
}

/// In the frame: the instruction.
#[derive(Clone, Copy)]
enum Instruction {
    /// Its number as a C int, and the bytes that one takes.
    Number(usize, isize),
    /// Its address, and where the code object has its first one.
    Address(usize, isize),
}

static KNOWN: AtomicBool = AtomicBool::new(false);
static PLACES: Static<Option<Places>> = Static::new(None);

/// The code object of the running frame, borrowed, and the instruction's offset in bytes. None if
/// the places are not known, or nothing runs.
#[inline(always)]
pub(super) fn current() -> Option<(*mut PyObject, isize)> {
    if !KNOWN.load(Ordering::Acquire) {
        return None;
    }
    // SAFETY: written once, before `KNOWN`. The places were found to be right, and the thread is
    // attached.
    unsafe {
        let places = (*PLACES.as_ptr()).as_ref()?;
        let mut frame = word((places.thread_state)(), places.frame);
        if let Some(inner) = places.inner_frame {
            frame = word(frame, inner);
        }
        if frame.is_null() {
            return None;
        }
        // The lowest bits are a mark.
        let code = (word(frame, places.code) as usize & !3) as *mut PyObject;
        let offset = match places.instruction {
            Instruction::Number(place, size) => {
                frame.add(place).cast::<c_int>().read() as isize * size
            }
            Instruction::Address(place, first) => {
                word(frame, place) as isize - code as isize - first
            }
        };
        Some((code, offset.max(0)))
    }
}

unsafe fn word(base: *const u8, offset: usize) -> *const u8 {
    // SAFETY: as promised by the caller.
    unsafe { base.add(offset).cast::<*const u8>().read() }
}

/// Finds the places, once.
///
/// # Safety
/// The thread is attached.
pub(super) unsafe fn learn(functions: Functions) {
    static LEARNT: AtomicBool = AtomicBool::new(false);
    // Without the GIL each thread may have its own copy of the instructions.
    if LEARNT.swap(true, Ordering::Relaxed) || capi::free_threaded() || size_of::<usize>() != 8 {
        return;
    }
    // SAFETY: as promised by the caller.
    if let Some(places) = unsafe { find(functions) } {
        // SAFETY: only this thread gets here, and nobody reads it before it is known.
        unsafe { *PLACES.as_ptr() = Some(places) };
        KNOWN.store(true, Ordering::Release);
    }
}

/// What an object's header and a link take, before what a frame object is about.
const FRAME: usize = 24;

unsafe fn find(functions: Functions) -> Option<Places> {
    // The first two do not look whether the thread is attached.
    let names = [
        c"PyThreadState_GetUnchecked",
        c"_PyThreadState_UncheckedGet",
        c"PyThreadState_Get",
    ];
    let mut addresses = names.into_iter().map(process_symbol);
    let thread_state = addresses.find(|address| !address.is_null())?;
    // SAFETY: CPython's functions of these names have this type. The frame object is borrowed and
    // runs, and its code stays alive. Thread states, frame objects and frames are longer than what
    // is read.
    unsafe {
        let thread_state = core::mem::transmute::<*mut c_void, GetThreadState>(thread_state);
        let state = thread_state();
        let object: *const u8 = functions.frame?().cast();
        if object.is_null() {
            return None;
        }
        let code = functions.code?(object.cast_mut().cast());
        capi::xdecref(code);
        let minor = minor_version()?;
        if minor < 11 {
            return find_object(thread_state, object, code, minor);
        }
        let offset = functions.offset?(object.cast_mut().cast()) as isize;
        let frame = word(object, FRAME);
        let (place, inner_frame) = match minor {
            11 | 12 => {
                let inner = if minor == 11 { 8 } else { 0 };
                const CFRAME: usize = 56;
                if word(word(state, CFRAME), inner) != frame {
                    return None;
                }
                (CFRAME, Some(inner))
            }
            _ => {
                let mut words = (24..=160).step_by(8);
                (words.find(|place| word(state, *place) == frame)?, None)
            }
        };
        let mut words = (0..=32).step_by(8);
        let code_place = words.find(|place| word(frame, *place) as usize & !3 == code as usize)?;
        let mut words = (40..=72).step_by(8);
        // A code object's own fields come before its instructions.
        let first = |place: usize| word(frame, place) as isize - code as isize - offset;
        let place_of_instruction = words.find(|place| (96..=512).contains(&first(*place)))?;
        Some(Places {
            thread_state,
            frame: place,
            inner_frame,
            code: code_place,
            instruction: Instruction::Address(place_of_instruction, first(place_of_instruction)),
        })
    }
}

/// On 3.9 and 3.10 frames are objects.
unsafe fn find_object(
    thread_state: GetThreadState,
    object: *const u8,
    code: *mut PyObject,
    minor: u32,
) -> Option<Places> {
    let (number, size) = match minor {
        9 => (104, 1),
        10 => (96, 2),
        _ => return None,
    };
    const IN_STATE: usize = 24;
    const CODE: usize = 32;
    // SAFETY: as in `find`. The attribute is an int, or an exception is cleared.
    unsafe {
        let attribute = capi::PyObject_GetAttrString(object.cast_mut().cast(), c"f_lasti".as_ptr());
        if attribute.is_null() {
            capi::PyErr_Clear();
            return None;
        }
        let offset = capi::PyLong_AsSsize_t(attribute);
        capi::xdecref(attribute);
        let is_right = word(thread_state(), IN_STATE) == object
            && word(object, CODE) == code.cast::<u8>().cast_const()
            && object.add(number).cast::<c_int>().read() as isize * size == offset;
        is_right.then_some(Places {
            thread_state,
            frame: IN_STATE,
            inner_frame: None,
            code: CODE,
            instruction: Instruction::Number(number, size),
        })
    }
}

/// 11 of 3.11.
fn minor_version() -> Option<u32> {
    let version = process_symbol(c"Py_GetVersion");
    if version.is_null() {
        return None;
    }
    // SAFETY: CPython's function of that name has this type and gives a static text.
    let text = unsafe {
        let version =
            core::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> *const c_char>(version);
        CStr::from_ptr(version())
    };
    let mut parts = text.to_str().ok()?.split('.');
    (parts.next() == Some("3")).then_some(())?;
    parts.next()?.parse().ok()
}
