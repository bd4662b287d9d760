//~ a type with `legacy_slots` derives from `object`, or from a type that has `legacy_slots` too
//~ `legacy_slots` is given twice: keep one
//! A type with slots in C has its data behind CPython's header, others have it elsewhere.
use hpy::legacy::{LegacySlots, PyType_Slot};
use hpy::prelude::*;

static SLOT: hpy::sys::Static<PyType_Slot> = hpy::sys::Static::new(PyType_Slot {
    slot: 0,
    pfunc: std::ptr::null_mut(),
});

// SAFETY: it ends with slot 0.
const SLOTS: LegacySlots = unsafe { LegacySlots::new(SLOT.as_ptr()) };

#[hpy_type(subclass)]
struct Plain {}

#[hpy_type(base = Plain, legacy_slots = SLOTS)]
struct Derived {}

#[hpy_type(base = dict, legacy_slots = SLOTS)]
struct OfDict {}

#[hpy_type(legacy_slots = SLOTS, legacy_slots = SLOTS)]
struct Twice {}

#[hpy_type(legacy_slots = SLOTS)]
enum Colour {
    Red,
}

fn main() {}
