//! Lists of numbers for extensions written with this project: read and made in one call.

use core::ffi::c_int;
use hpy::sys::capi::{self, PyObject};
use hpy::sys::universal::{NumberFunctions, PackedKind};
use hpy::sys::{HPy, HPyContext};

pub(crate) static FUNCTIONS: NumberFunctions = NumberFunctions { read, make_list };

/// The bytes of a number, if the object is one whose value can be seen without a call.
///
/// # Safety
/// The object is one, and the thread is attached.
#[inline(always)]
unsafe fn seen(object: *mut PyObject, kind: PackedKind) -> Option<[u8; 8]> {
    // SAFETY: as promised by the caller.
    unsafe {
        if kind == PackedKind::INTS {
            return capi::medium_int(object).map(i64::to_ne_bytes);
        }
        let value = match capi::exact_float(object) {
            Some(value) => value,
            // A subclass of int may have a `__float__` of its own.
            None if capi::is_exact_int(object) => capi::medium_int(object)? as f64,
            None => return None,
        };
        Some(value.to_ne_bytes())
    }
}

unsafe extern "C" fn read(
    _: *mut HPyContext,
    sequence: HPy,
    is_list: c_int,
    kind: PackedKind,
    target: *mut [u8; 8],
    room: usize,
) -> usize {
    let sequence = sequence._i as *mut PyObject;
    // SAFETY: a list or a tuple, as the caller says, with room for so many numbers. Nothing runs
    // here that could change the items. One that is null is no item yet.
    unsafe {
        let read = |items: &[*mut PyObject]| {
            let mut count = 0;
            for item in items.iter().take(room) {
                match (!item.is_null()).then(|| seen(*item, kind)).flatten() {
                    Some(number) => target.add(count).write(number),
                    None => break,
                }
                count += 1;
            }
            count
        };
        match is_list {
            0 => read(capi::tuple_items_in_line(sequence).unwrap_or_default()),
            _ => capi::with_list_items(sequence, read),
        }
    }
}

unsafe extern "C" fn make_list(
    _: *mut HPyContext,
    kind: PackedKind,
    numbers: *const [u8; 8],
    len: usize,
) -> HPy {
    // SAFETY: the thread is attached, and the caller's memory has so many numbers. Nobody else
    // knows the list before it is filled.
    unsafe {
        let list = capi::PyList_New(len as isize);
        if list.is_null() {
            return HPy::NULL;
        }
        for index in 0..len {
            let number = numbers.add(index).read();
            let item = if kind == PackedKind::INTS {
                capi::PyLong_FromLongLong(i64::from_ne_bytes(number))
            } else {
                capi::PyFloat_FromDouble(f64::from_ne_bytes(number))
            };
            if item.is_null() {
                capi::xdecref(list);
                return HPy::NULL;
            }
            capi::list_fill(list, index as isize, item);
        }
        HPy { _i: list as isize }
    }
}
