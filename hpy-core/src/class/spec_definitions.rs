//! Definitions that a type's spec has beside those of the macros.

use crate::entry;
use crate::entry::definition::MethodDef;
use hpy_sys::*;

pub(super) fn slot(slot: HPySlot_Slot, functions: entry::Functions) -> HPyDef {
    HPyDef::slot(HPySlot {
        slot,
        r#impl: functions.implementation,
        cpy_trampoline: functions.trampoline,
    })
}

pub(super) fn call_slot(call: &HPyCallFunction) -> HPyDef {
    HPyDef::slot(HPySlot {
        slot: HPy_tp_call,
        r#impl: call.r#impl,
        cpy_trampoline: call.cpy_trampoline,
    })
}

/// `__call__` as a method of its name: the convention is the same.
pub(super) fn call_method(call: &HPyCallFunction) -> HPyDef {
    HPyDef::method(HPyMeth {
        name: c"__call__".as_ptr(),
        r#impl: call.r#impl,
        cpy_trampoline: call.cpy_trampoline,
        signature: HPyFunc_KEYWORDS,
        doc: core::ptr::null(),
    })
}

/// `#[new]`, a slot, as a method of its name, whose first argument is the class.
#[cfg(feature = "universal")]
pub(super) fn new_method(new: MethodDef) -> HPyDef {
    // SAFETY: the definition is a static's that nobody writes to, and of a slot.
    let slot = unsafe { &(*new.as_raw()).definition.slot };
    HPyDef::method(HPyMeth {
        name: c"__new__".as_ptr(),
        r#impl: slot.r#impl,
        cpy_trampoline: slot.cpy_trampoline,
        signature: HPyFunc_KEYWORDS,
        doc: core::ptr::null(),
    })
}

pub(super) fn destroy_slot(function: HPyFunc_destroyfunc) -> HPyDef {
    extern "C" fn trampoline() {
        // Runtimes call the implementation.
    }
    HPyDef::slot(HPySlot {
        slot: HPy_tp_destroy,
        // SAFETY: who calls it goes by the slot.
        r#impl: Some(unsafe {
            core::mem::transmute::<HPyFunc_destroyfunc, unsafe extern "C" fn()>(function)
        }),
        cpy_trampoline: Some(trampoline),
    })
}

pub(super) fn traverse_slot([function, trampoline]: [unsafe extern "C" fn(); 2]) -> HPyDef {
    HPyDef::slot(HPySlot {
        slot: HPy_tp_traverse,
        r#impl: Some(function),
        cpy_trampoline: Some(trampoline),
    })
}

/// The method's definition as one that is given the class.
pub(super) fn of_class(method: MethodDef) -> HPyDef {
    // SAFETY: the definition is a static's that nobody writes to, and of a method.
    unsafe {
        HPyDef {
            kind: cpython::CLASS_METHOD,
            ..*method.for_type(true)
        }
    }
}
