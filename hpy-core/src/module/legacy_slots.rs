//! Slots of a type that are written in C.

use crate::Result;
use crate::exceptions::ImportError;
use core::ffi::{c_int, c_void};
use hpy_sys::capi::PyType_Slot;
use hpy_sys::{HPyDef, HPyDef_Kind_Slot};

/// Slots in C that a type written in Rust has: what HPy's `HPyType_Spec.legacy_slots` is filled
/// with.
///
/// ```
/// use hpy::legacy::{self, LegacySlots, PyObject, PyType_Slot};
/// use hpy::prelude::*;
///
/// unsafe extern "C" {
///     // PyType_Slot words_slots[] = { {Py_sq_item, words_item}, {0, NULL} };
///     static words_slots: PyType_Slot;
/// }
///
/// // SAFETY: it ends with slot 0, and its functions leave the data to `words_len`.
/// const SLOTS: LegacySlots = unsafe { LegacySlots::new(&raw const words_slots) };
///
/// # #[cfg(any())]
/// #[hpy_type(legacy_slots = SLOTS)]
/// # struct Unused;
/// # #[hpy_type]
/// struct Words {
///     words: Vec<String>,
/// }
///
/// # #[cfg(any())]
/// /// For the functions in C. -1 of an object whose constructor did not run.
/// #[unsafe(no_mangle)]
/// unsafe extern "C" fn words_len(words: *mut PyObject) -> isize {
///     // SAFETY: C calls it with the objects that its slots are given.
///     match unsafe { legacy::borrow::<Words>(words) } {
///         Some(words) => words.words.len() as isize,
///         None => -1,
///     }
/// }
/// ```
///
/// The type has HPy's legacy shape: no data in C lies in its objects, but that of the struct in
/// Rust, to which [`borrow`](crate::legacy::borrow) leads. A type may derive from one with legacy
/// slots, and have some itself; none that has some derives from a type without, or from a built-in
/// one but `object`.
#[derive(Clone, Copy)]
pub struct LegacySlots {
    first: *const PyType_Slot,
    /// Here, so that a module without such slots has no such code.
    check: CheckSlots,
}

type CheckSlots = fn(LegacySlots, &str, &[*mut HPyDef]) -> Result<()>;

impl LegacySlots {
    /// The table of which `first` is the first entry.
    ///
    /// What makes objects and ends them is Rust's: with a slot for that (`Py_tp_new`,
    /// `Py_tp_dealloc`, `Py_tp_alloc`, `Py_tp_free`, `Py_tp_finalize`, `Py_tp_traverse`,
    /// `Py_tp_clear`, `Py_tp_base`, `Py_tp_bases`), or for what it writes itself (`Py_tp_doc`,
    /// which is the doc comment, and `Py_tp_vectorcall`), importing the module is an ImportError;
    /// so is one with a slot of HPy's that the type has in Rust too. Where both have a method, an
    /// attribute, or a special method for which HPy has no slot (`__iter__`, `__getattr__`), Rust's
    /// is taken.
    ///
    /// # Safety
    /// The table ends with slot 0, is valid for ever, and nobody changes it. Each entry is what
    /// CPython's documentation asks of its slot, for objects in whose memory C has no part. Without
    /// the GIL the functions may be called on several threads at once, unless the module says
    /// `gil: used`.
    pub const unsafe fn new(first: *const PyType_Slot) -> Self {
        Self {
            first,
            check: check_slots,
        }
    }

    #[inline]
    pub(crate) fn as_ptr(self) -> *mut c_void {
        self.first.cast_mut().cast()
    }

    /// Whether C has the type's hash.
    #[inline]
    pub(crate) fn hashes(self) -> bool {
        let mut next = self.first;
        // SAFETY: as promised to `new`: what comes before slot 0 is an entry.
        unsafe {
            while !next.is_null() && (*next).slot != 0 {
                if (*next).slot == HASH {
                    return true;
                }
                next = next.add(1);
            }
        }
        false
    }

    #[inline]
    pub(crate) fn check(self, type_name: &str, defines: &[*mut HPyDef]) -> Result<()> {
        (self.check)(self, type_name, defines)
    }
}

impl core::fmt::Debug for LegacySlots {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("LegacySlots").field(&self.first).finish()
    }
}

/// CPython's numbers of slots that Rust fills, or that would undo what it fills: alloc, base,
/// bases, clear, dealloc, del, doc, new, traverse, free, finalize, vectorcall.
const RUSTS: [c_int; 12] = [47, 48, 49, 51, 52, 53, 56, 65, 71, 74, 80, 82];

/// `Py_tp_hash`.
const HASH: c_int = 59;

#[cold]
#[inline]
fn check_slots(slots: LegacySlots, type_name: &str, defines: &[*mut HPyDef]) -> Result<()> {
    let in_rust = |number: c_int| {
        defines.iter().any(|definition| {
            // SAFETY: a type's definitions are valid for ever; the kind says which field is meant.
            unsafe {
                (**definition).kind == HPyDef_Kind_Slot
                    && i64::from((**definition).definition.slot.slot.0) == i64::from(number)
            }
        })
    };
    let mut next = slots.first;
    // SAFETY: as promised to `new`: what comes before slot 0 is an entry.
    while !next.is_null() && unsafe { (*next).slot } != 0 {
        // SAFETY: as above.
        let number = unsafe { (*next).slot };
        next = next.wrapping_add(1);
        let why = match number {
            _ if RUSTS.contains(&number) => "which is for Rust to fill",
            _ if in_rust(number) => "which it has in Rust too: take it out of the table in C",
            _ => continue,
        };
        let number = i64::from(number).to_string();
        let parts = [
            "the legacy_slots of ",
            type_name,
            " have slot ",
            &number,
            ", ",
            why,
        ];
        return Err(ImportError::new(crate::error::joined(&parts)));
    }
    Ok(())
}
