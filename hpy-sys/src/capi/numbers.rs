//! Values of ints and floats, read inline where the layout is known.
//!
//! A float's value follows the header. An int has digits of 30 bits after one word. (A CPython
//! configured for digits of 15 bits counts as unknown.) Up to 3.11 the word is the number of
//! digits, negative for a negative int. From 3.11 on zero has a digit, which is 0. From 3.12 on the
//! number of digits is shifted left by three bits, and the low two bits are the sign: 0 for
//! positive, 1 for zero, 2 for negative.

use super::layout::{Header, VarHeader, known};
use super::type_checks::flags_in_line;
use super::*;

#[repr(C)]
struct Long {
    header: VarHeader,
    digit: u32,
}

/// The number of bits in a digit, where the layout is known.
const DIGIT_BITS: u32 = 30;

#[repr(C)]
struct Float {
    header: Header,
    value: f64,
}

/// The value of an int, or of an instance of a subclass, that has one digit and can be read without
/// a call. `None` is inconclusive.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub unsafe fn small_int(o: *mut PyObject) -> Option<i64> {
    let layout = int_layout();
    if layout == IntLayout::Unknown {
        return None;
    }
    // SAFETY: `o` is an object of a known layout. The type's flag means that it is an int in
    // memory, subclasses included.
    unsafe {
        if !is_int_in_memory(o) {
            return None;
        }
        one_digit(o, layout)
    }
}

/// Whether the object is an int in memory. Most are of type `int` itself, which takes a load less
/// to see.
///
/// # Safety
/// `o` is an object of a known layout.
#[inline(always)]
unsafe fn is_int_in_memory(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        (*known::<Header>(o)).type_ == PyLong_Type()
            || flags_in_line(o) & Py_TPFLAGS_LONG_SUBCLASS != 0
    }
}

/// The value of an int of one digit.
///
/// # Safety
/// `o` is an int in memory, of this layout, which is known.
#[inline(always)]
unsafe fn one_digit(o: *mut PyObject, layout: IntLayout) -> Option<i64> {
    // SAFETY: as promised by the caller. Where it is not the number zero of a `Signed` layout, it
    // has a digit.
    unsafe {
        let word = (*known::<VarHeader>(o)).size;
        let digit = &raw const (*known::<Long>(o)).digit;
        match layout {
            IntLayout::Tagged => {
                let tag = word.cast_unsigned();
                (tag < 2 << 3).then(|| (1 - (tag & 3) as i64) * i64::from(*digit))
            }
            IntLayout::Product => {
                let is_short = word.wrapping_add(1).cast_unsigned() < 3;
                is_short.then(|| word as i64 * i64::from(*digit))
            }
            _ => match word {
                1 => Some(i64::from(*digit)),
                0 => Some(0),
                -1 => Some(-i64::from(*digit)),
                _ => None,
            },
        }
    }
}

/// As [`small_int`], for ints of up to two digits, which have less than 60 bits.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub unsafe fn medium_int(o: *mut PyObject) -> Option<i64> {
    let layout = int_layout();
    if layout == IntLayout::Unknown {
        return None;
    }
    // SAFETY: as in `small_int`. The second digit follows the first.
    unsafe {
        if !is_int_in_memory(o) {
            return None;
        }
        if let Some(value) = one_digit(o, layout) {
            return Some(value);
        }
        let word = (*known::<VarHeader>(o)).size;
        let digits = &raw const (*known::<Long>(o)).digit;
        let (count, sign) = if layout == IntLayout::Tagged {
            let tag = word.cast_unsigned();
            (tag >> 3, 1 - (tag & 3) as i64)
        } else {
            (word.unsigned_abs(), word.signum() as i64)
        };
        if count != 2 {
            return None;
        }
        let high = i64::from(*digits.add(1)) << DIGIT_BITS;
        Some(sign * (high | i64::from(*digits)))
    }
}

/// Whether the object is exactly an int. `false` is inconclusive: only a known layout is checked.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub unsafe fn is_exact_int(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { layout_known() && is_exactly(o, PyLong_Type()) }
}

/// The value of an object that is exactly a float. `None` is inconclusive: only a known layout is
/// read.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[inline(always)]
pub unsafe fn exact_float(o: *mut PyObject) -> Option<f64> {
    // SAFETY: `o` is an object, and where the layout is known a float has its value there.
    unsafe { (layout_known() && is_exactly(o, PyFloat_Type())).then(|| (*known::<Float>(o)).value) }
}

/// Overwrites the items of a list, if all of them are floats that only the list refers to. No code
/// can tell them from new floats, and CPython's own operators do the same from 3.12 on. Returns
/// whether it did: all or nothing.
///
/// # Safety
/// `list` is a list, and the thread is attached.
#[inline]
pub unsafe fn overwrite_floats(
    list: *mut PyObject,
    values: impl ExactSizeIterator<Item = f64>,
) -> bool {
    // SAFETY: as promised by the caller. Nothing that runs here can change the list. An item is an
    // object or null, and a float of a known layout has its value there.
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
            (&raw mut (*known::<Float>(*item)).value).write(value);
        }
        true
    }
}

/// Detects how ints are stored, by looking at some.
///
/// # Safety
/// All names are resolved, objects' headers have this size, the thread is attached, no
/// exception is pending.
#[cfg(feature = "universal")]
pub(super) unsafe fn measure_ints(minor: u8, header: isize) -> IntLayout {
    const DIGIT: u32 = 0x2bcd_ef01;
    let value = DIGIT.cast_signed();
    // SAFETY: as promised by the caller. A new int has at least a word and a digit after the
    // header. It is released once.
    let words = [value, -value].map(|value| unsafe {
        let int = PyLong_FromLong(core::ffi::c_long::from(value));
        if int.is_null() {
            PyErr_Clear();
            return 0;
        }
        let words = int.byte_offset(header).cast::<isize>();
        let (word, digit) = (*words, *words.add(1).cast::<u32>());
        Py_DecRef(int);
        if digit == DIGIT { word } else { 0 }
    });
    match (minor, words) {
        (..11, [1, -1]) => IntLayout::Signed,
        (11, [1, -1]) => IntLayout::Product,
        (12.., [0b01_000, 0b01_010]) => IntLayout::Tagged,
        _ => IntLayout::Unknown,
    }
}
