//! Values of ints and floats, in line where the layout is known.
//!
//! Facts used here: a float's value follows the header. An int has digits of 30 bits (15 where CPython was configured so, which
//! is not known here), behind a word: to 3.11 the number of digits, negative for a negative int; from 3.12 on that number
//! above three bits, of which the low two say the sign (0, 1 for zero, 2 for negative).

use super::layout::{Header, VarHeader};
use super::type_checks::flags_in_line;
use super::*;

#[repr(C)]
struct Long {
    header: VarHeader,
    digit: u32,
}

/// How many bits of an int a digit has, where the layout is known.
const DIGIT_BITS: u32 = 30;

#[repr(C)]
struct Float {
    header: Header,
    value: f64,
}

/// The value of an int (or an object of a subclass) if it has one digit, and if that can be seen without a call. None says
/// nothing about the object.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub unsafe fn small_int(o: *mut PyObject) -> Option<i64> {
    let layout = int_layout();
    if layout == IntLayout::Unknown {
        return None;
    }
    // SAFETY: `o` is an object of a known layout; what is an int by its type's flag is one in memory, subclasses included.
    unsafe {
        if flags_in_line(o) & Py_TPFLAGS_LONG_SUBCLASS == 0 {
            return None;
        }
        let word = (*o.cast::<VarHeader>()).size;
        let digit = &raw const (*o.cast::<Long>()).digit;
        if layout == IntLayout::Tagged {
            let tag = word.cast_unsigned();
            // Zero has a digit too.
            return (tag < 2 << 3).then(|| (1 - (tag & 3) as i64) * i64::from(*digit));
        }
        match word {
            1 => Some(i64::from(*digit)),
            0 => Some(0),
            -1 => Some(-i64::from(*digit)),
            _ => None,
        }
    }
}

/// As [`small_int`], for ints of up to two digits: those of less than 60 bits.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub unsafe fn medium_int(o: *mut PyObject) -> Option<i64> {
    let layout = int_layout();
    if layout == IntLayout::Unknown {
        return None;
    }
    // SAFETY: as in `small_int`; an int of two digits has a second one behind the first.
    unsafe {
        if flags_in_line(o) & Py_TPFLAGS_LONG_SUBCLASS == 0 {
            return None;
        }
        let word = (*o.cast::<VarHeader>()).size;
        let digits = &raw const (*o.cast::<Long>()).digit;
        let (count, sign) = if layout == IntLayout::Tagged {
            let tag = word.cast_unsigned();
            (tag >> 3, 1 - (tag & 3) as i64)
        } else {
            (word.unsigned_abs(), word.signum() as i64)
        };
        match count {
            // Zero of old has a size of 0, zero of today the sign 0.
            0 => Some(0),
            1 => Some(sign * i64::from(*digits)),
            2 => {
                let high = i64::from(*digits.add(1)) << DIGIT_BITS;
                Some(sign * (high | i64::from(*digits)))
            }
            _ => None,
        }
    }
}

/// Whether the object is exactly an int, as far as that can be seen without a call.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub unsafe fn is_exact_int(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { layout_known() && is_exactly(o, PyLong_Type()) }
}

/// The value of an object that is exactly a float, if that can be seen without a call.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub unsafe fn exact_float(o: *mut PyObject) -> Option<f64> {
    // SAFETY: `o` is an object, and where the layout is known a float has its value there.
    unsafe { (layout_known() && is_exactly(o, PyFloat_Type())).then(|| (*o.cast::<Float>()).value) }
}

/// Gives the items of a list other values: floats that nobody but the list has a reference to, so that nobody can see whether they are
/// new. CPython's own operators do so from 3.12 on. Whether it was done, which is all or nothing.
///
/// # Safety
/// `list` is a list with so many items, and the thread is attached.
#[inline]
pub unsafe fn overwrite_floats(
    list: *mut PyObject,
    values: impl ExactSizeIterator<Item = f64>,
) -> bool {
    // SAFETY: as promised by the caller; nothing runs here that could change the list. An item is an object, or null, and where the layout
    // is known a float has its value there.
    unsafe {
        let Some(items) = list_items(list) else {
            return false;
        };
        let is_free = |item: &*mut PyObject| {
            !item.is_null() && is_exactly(*item, PyFloat_Type()) && is_unique(*item)
        };
        if items.len() != values.len() || !items.iter().all(is_free) {
            return false;
        }
        for (item, value) in items.iter().zip(values) {
            (&raw mut (*item.cast::<Float>()).value).write(value);
        }
        true
    }
}

/// Finds out how ints are kept, by looking at some.
///
/// # Safety
/// All names are resolved, the layout of objects' headers is known, the thread is attached, no exception is pending.
#[cfg(feature = "universal")]
pub(super) unsafe fn measure_ints(minor: u8) -> IntLayout {
    /// Whether an int of this value has this first word, and the digit.
    unsafe fn is_stored_as(value: i32, word: isize, digit: u32) -> bool {
        // SAFETY: a new int, which has at least a word and a digit behind the header, is given back once.
        unsafe {
            let int = PyLong_FromLong(core::ffi::c_long::from(value));
            if int.is_null() {
                PyErr_Clear();
                return false;
            }
            let is =
                (*int.cast::<VarHeader>()).size == word && (*int.cast::<Long>()).digit == digit;
            Py_DecRef(int);
            is
        }
    }
    const DIGIT: u32 = 0x2bcd_ef01;
    let value = DIGIT.cast_signed();
    // SAFETY: as promised by the caller.
    unsafe {
        if is_stored_as(value, 1, DIGIT) && is_stored_as(-value, -1, DIGIT) && minor < 12 {
            IntLayout::Signed
        } else if is_stored_as(value, 1 << 3, DIGIT)
            && is_stored_as(-value, 1 << 3 | 2, DIGIT)
            && minor >= 12
        {
            IntLayout::Tagged
        } else {
            IntLayout::Unknown
        }
    }
}
