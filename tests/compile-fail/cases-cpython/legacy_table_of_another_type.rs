//~ expected `LegacyMethods`, found `LegacySlots`
//~ expected `LegacySlots`, found `*const PyMethodDef`
//! A table for a type's slots is no table of functions. A bare pointer is neither: nobody has said
//! what it points to.
use hpy::legacy::{LegacySlots, PyMethodDef, PyType_Slot};
use hpy::prelude::*;

static SLOT: hpy::sys::Static<PyType_Slot> = hpy::sys::Static::new(PyType_Slot {
    slot: 0,
    pfunc: std::ptr::null_mut(),
});

// SAFETY: it ends with slot 0.
const SLOTS: LegacySlots = unsafe { LegacySlots::new(SLOT.as_ptr()) };

hpy_module! {
    name: one,
    legacy_methods: SLOTS,
}

#[hpy_type(legacy_slots = std::ptr::null::<PyMethodDef>())]
struct Old {}

fn main() {}
