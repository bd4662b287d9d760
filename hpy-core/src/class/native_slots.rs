//! Slots that HPy has no words for, of the library's own types. CPython calls them where the
//! bundled runtime or the CPython ABI made the type; elsewhere methods stand for them.

use core::ffi::{CStr, c_int};
use hpy_sys::*;

/// A function for one of CPython's slots.
#[derive(Debug)]
pub struct NativeSlot {
    /// CPython's number of the slot.
    pub(crate) number: c_int,
    /// The first version that has it.
    pub(crate) since: (u8, u8),
    /// What the slot's signature asks for.
    pub(crate) function: unsafe extern "C" fn(),
    /// The method that need not be assigned then.
    pub(crate) instead_of: Option<&'static CStr>,
}

impl NativeSlot {
    /// The definition that has the runtime pass the slot on.
    pub(super) fn definition(&self) -> HPyDef {
        HPyDef::slot(HPySlot {
            slot: HPySlot_Slot(self.number),
            r#impl: None,
            cpy_trampoline: Some(self.function),
        })
    }
}
