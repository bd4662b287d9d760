//! The names that Python has for an extension's functions, by the functions' addresses.
//!
//! They are learned from the definitions of modules and types when these are made.

use crate::special_methods;
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
                        slot => format!("{owner}.{}", special_methods::name(slot)),
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
