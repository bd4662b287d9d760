//! The definitions of slots and attributes, for statics.

use super::attribute::Setting;
use crate::entry::definition::{Functions, MethodStatic};
use crate::entry::guard::NoArgsMethod;
use core::ffi::CStr;
use hpy_sys::*;

/// The signature of the slots that `#[hpy_methods]` and `#[hpy_type]` fill.
#[allow(non_upper_case_globals)] // HPy's names.
const fn signature_of(slot: HPySlot_Slot) -> Option<HPyFunc_Signature> {
    Some(match slot {
        HPy_tp_repr | HPy_tp_str | HPy_nb_negative | HPy_nb_positive | HPy_nb_absolute
        | HPy_nb_invert | HPy_nb_int | HPy_nb_float | HPy_nb_index => HPyFunc_UNARYFUNC,
        HPy_nb_add
        | HPy_nb_subtract
        | HPy_nb_multiply
        | HPy_nb_matrix_multiply
        | HPy_nb_true_divide
        | HPy_nb_floor_divide
        | HPy_nb_remainder
        | HPy_nb_divmod
        | HPy_nb_lshift
        | HPy_nb_rshift
        | HPy_nb_and
        | HPy_nb_or
        | HPy_nb_xor
        | HPy_nb_inplace_add
        | HPy_nb_inplace_subtract
        | HPy_nb_inplace_multiply
        | HPy_nb_inplace_matrix_multiply
        | HPy_nb_inplace_true_divide
        | HPy_nb_inplace_floor_divide
        | HPy_nb_inplace_remainder
        | HPy_nb_inplace_lshift
        | HPy_nb_inplace_rshift
        | HPy_nb_inplace_and
        | HPy_nb_inplace_or
        | HPy_nb_inplace_xor
        | HPy_mp_subscript => HPyFunc_BINARYFUNC,
        HPy_nb_power | HPy_nb_inplace_power => HPyFunc_TERNARYFUNC,
        HPy_nb_bool => HPyFunc_INQUIRY,
        HPy_sq_length | HPy_mp_length => HPyFunc_LENFUNC,
        HPy_tp_hash => HPyFunc_HASHFUNC,
        HPy_sq_contains => HPyFunc_OBJOBJPROC,
        HPy_tp_richcompare => HPyFunc_RICHCMPFUNC,
        HPy_mp_ass_subscript => HPyFunc_OBJOBJARGPROC,
        HPy_bf_getbuffer => HPyFunc_GETBUFFERPROC,
        HPy_bf_releasebuffer => HPyFunc_RELEASEBUFFERPROC,
        HPy_tp_new => HPyFunc_NEWFUNC,
        HPy_tp_init => HPyFunc_INITPROC,
        HPy_tp_finalize => HPyFunc_DESTRUCTOR,
        _ => return None,
    })
}

/// The definition of a slot, for a static.
///
/// # Panics
/// When compiled, where the functions are those of a slot of another signature: they would be
/// called with other arguments than they have.
pub const fn slot_def(slot: HPySlot_Slot, functions: Functions) -> MethodStatic {
    match signature_of(slot) {
        Some(signature) if signature.0 == functions.signature.0 => {}
        _ => panic!("a slot has functions of another signature"),
    }
    let definition = HPyDef::slot(HPySlot {
        slot,
        r#impl: functions.implementation,
        cpy_trampoline: functions.trampoline,
    });
    crate::entry::slots::definition(definition, [functions.own, functions.construct])
}

/// The definition of an attribute, for a static.
///
/// # Panics
/// When compiled, where the functions are not those of a setter.
pub const fn attribute_def<G: NoArgsMethod, S: Setting>(
    name: &'static CStr,
    doc: &'static CStr,
) -> MethodStatic {
    const NONE: Functions = Functions {
        signature: HPyFunc_SETTER,
        implementation: None,
        trampoline: None,
        own: None,
        construct: None,
    };
    let getter = crate::entry::slots::getter::<G>();
    let setter = match S::FUNCTIONS {
        Some(setter) if setter.signature.0 == HPyFunc_SETTER.0 => setter,
        Some(_) => panic!("an attribute has functions of another signature"),
        None => NONE,
    };
    let definition = HPyDef::getset(HPyGetSet {
        name: name.as_ptr(),
        getter_impl: getter.implementation,
        setter_impl: setter.implementation,
        getter_cpy_trampoline: getter.trampoline,
        setter_cpy_trampoline: setter.trampoline,
        doc: doc.as_ptr(),
        closure: crate::entry::slots::closure_of_attribute::<G, S>(),
    });
    crate::entry::slots::definition(definition, [getter.own, setter.own])
}
