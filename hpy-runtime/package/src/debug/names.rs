//! The names that Python has for an extension's functions, by the functions' addresses.
//!
//! They are learned from the definitions of modules and types when these are made.

use core::ffi::{CStr, c_char};
use hpy::sys::fork::Lock;
use hpy::sys::*;
use std::collections::HashMap;
use std::sync::OnceLock;

type Names = HashMap<usize, String>;

static NAMES: Lock<OnceLock<Names>> = Lock::new(OnceLock::new());

/// The name of an implementation.
pub(super) fn of(function: HPyCFunction) -> Option<String> {
    let address = function? as usize;
    NAMES.lock().get()?.get(&address).cloned()
}

/// Learns the names of a module's functions.
///
/// # Safety
/// The definition is valid.
pub(crate) unsafe fn add_module(def: *const HPyModuleDef, name: &str) {
    // SAFETY: as promised by the caller.
    unsafe { add((*def).defines, name) }
}

/// Learns the names of a type's functions.
///
/// # Safety
/// The spec is valid.
pub(super) unsafe fn add_type(spec: *const HPyType_Spec) {
    // SAFETY: as promised by the caller.
    unsafe {
        if let Some(name) = text((*spec).name) {
            add((*spec).defines, &name);
        }
    }
}

unsafe fn add(mut defines: *const *mut HPyDef, owner: &str) {
    if defines.is_null() {
        return;
    }
    let mut found: Vec<(HPyCFunction, String)> = Vec::new();
    // SAFETY: as promised by the caller: a list that ends with null. The kind says which field is
    // meant.
    unsafe {
        while let Some(define) = (*defines).as_ref() {
            let definition = &define.definition;
            match define.kind {
                HPyDef_Kind_Meth => {
                    if let Some(name) = text(definition.meth.name) {
                        found.push((definition.meth.r#impl, format!("{owner}.{name}")));
                    }
                }
                HPyDef_Kind_GetSet => {
                    if let Some(name) = text(definition.getset.name) {
                        let name = format!("{owner}.{name}");
                        found.push((definition.getset.getter_impl, name.clone()));
                        found.push((definition.getset.setter_impl, name));
                    }
                }
                HPyDef_Kind_Slot => {
                    let slot = definition.slot;
                    let name = match slot.slot {
                        HPy_mod_exec => format!("{owner} (its import)"),
                        slot => format!("{owner}.{}", special_method(slot)),
                    };
                    found.push((slot.r#impl, name));
                }
                _ => {}
            }
            defines = defines.add(1);
        }
    }
    let mut names = NAMES.lock();
    names.get_or_init(Names::new);
    if let Some(names) = names.get_mut() {
        for (function, name) in found {
            if let Some(function) = function {
                names.insert(function as usize, name);
            }
        }
    }
}

unsafe fn text(name: *const c_char) -> Option<String> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as promised by the caller: a C string.
    Some(
        unsafe { CStr::from_ptr(name) }
            .to_string_lossy()
            .into_owned(),
    )
}

/// The special method that a slot is.
fn special_method(slot: HPySlot_Slot) -> &'static str {
    match slot {
        HPy_bf_getbuffer => "__buffer__",
        HPy_bf_releasebuffer => "__release_buffer__",
        HPy_mp_ass_subscript | HPy_sq_ass_item => "__setitem__",
        HPy_mp_length | HPy_sq_length => "__len__",
        HPy_mp_subscript | HPy_sq_item => "__getitem__",
        HPy_nb_absolute => "__abs__",
        HPy_nb_add | HPy_sq_concat => "__add__",
        HPy_nb_and => "__and__",
        HPy_nb_bool => "__bool__",
        HPy_nb_divmod => "__divmod__",
        HPy_nb_float => "__float__",
        HPy_nb_floor_divide => "__floordiv__",
        HPy_nb_index => "__index__",
        HPy_nb_inplace_add | HPy_sq_inplace_concat => "__iadd__",
        HPy_nb_inplace_and => "__iand__",
        HPy_nb_inplace_floor_divide => "__ifloordiv__",
        HPy_nb_inplace_lshift => "__ilshift__",
        HPy_nb_inplace_multiply | HPy_sq_inplace_repeat => "__imul__",
        HPy_nb_inplace_or => "__ior__",
        HPy_nb_inplace_power => "__ipow__",
        HPy_nb_inplace_remainder => "__imod__",
        HPy_nb_inplace_rshift => "__irshift__",
        HPy_nb_inplace_subtract => "__isub__",
        HPy_nb_inplace_true_divide => "__itruediv__",
        HPy_nb_inplace_xor => "__ixor__",
        HPy_nb_int => "__int__",
        HPy_nb_invert => "__invert__",
        HPy_nb_lshift => "__lshift__",
        HPy_nb_multiply | HPy_sq_repeat => "__mul__",
        HPy_nb_negative => "__neg__",
        HPy_nb_or => "__or__",
        HPy_nb_positive => "__pos__",
        HPy_nb_power => "__pow__",
        HPy_nb_remainder => "__mod__",
        HPy_nb_rshift => "__rshift__",
        HPy_nb_subtract => "__sub__",
        HPy_nb_true_divide => "__truediv__",
        HPy_nb_xor => "__xor__",
        HPy_nb_matrix_multiply => "__matmul__",
        HPy_nb_inplace_matrix_multiply => "__imatmul__",
        HPy_sq_contains => "__contains__",
        HPy_tp_call => "__call__",
        HPy_tp_hash => "__hash__",
        HPy_tp_init => "__init__",
        HPy_tp_new => "__new__",
        HPy_tp_repr => "__repr__",
        HPy_tp_str => "__str__",
        HPy_tp_richcompare => "__eq__ or another comparison",
        HPy_tp_finalize => "__del__",
        _ => "a slot",
    }
}
