//! Words of type objects on PyPy, read without a call.
//!
//! PyPy fills a struct with CPython's fields for each type that C code gets. An object's header is
//! one word longer there. A call of PyPy's function takes as long as making an object, so the word
//! at a field's place is compared with its answer once, and read from then on.

use crate::capi::PyObject;
use core::sync::atomic::{AtomicU8, Ordering};

/// More than CPython's struct has up to `tp_finalize`.
const WORDS: usize = 64;

/// Of each field: 0 before it was compared, [`SAME`], [`OTHER`].
static COMPARED: [AtomicU8; WORDS] = [const { AtomicU8::new(0) }; WORDS];

/// The word is what PyPy's function answers.
const SAME: u8 = 1;
/// It is something else.
const OTHER: u8 = 2;

/// A field of a type, which CPython has at this word, or what `ask` answers.
///
/// # Safety
/// `type_` is a type, and the interpreter is PyPy. The word is that of `tp_finalize` or one before.
/// `ask` answers PyPy's value of the field.
#[inline(always)]
pub(in crate::capi) unsafe fn type_word(
    type_: *mut PyObject,
    word: usize,
    ask: impl FnOnce() -> usize,
) -> usize {
    // SAFETY: as promised by the caller: each type has so many words and one more in its header.
    unsafe {
        let compared = &COMPARED[word % WORDS];
        let known = compared.load(Ordering::Relaxed);
        let place = type_.cast::<usize>().add(word + 1);
        if known == SAME {
            return *place;
        }
        let value = ask();
        // Zero could be anything.
        if value != 0 && known == 0 {
            let found = if *place == value { SAME } else { OTHER };
            compared.store(found, Ordering::Relaxed);
        }
        value
    }
}
