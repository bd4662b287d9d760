//! The functions of extensions that Python calls, and their names.

use crate::special_methods;
use core::ffi::{CStr, c_char};
use hpy::sys::fork::Lock;
use hpy::sys::*;
use std::collections::HashMap;

/// A function of an extension: the address of its implementation, or 0 for what runs outside of
/// all functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) extension: usize,
    pub(super) function: usize,
}

impl Key {
    /// A number that seldom is another function's.
    #[inline(always)]
    pub(super) fn place(self) -> usize {
        // The lowest four bits are those of an aligned address.
        self.extension ^ (self.function >> 4) ^ (self.function >> 12)
    }
}

static NAMES: Lock<Option<HashMap<Key, String>>> = Lock::new(None);

/// What is known of the function.
pub(super) fn name(key: Key) -> String {
    if key.function == 0 {
        return "(outside of functions)".into();
    }
    let names = NAMES.lock();
    let known = names.as_ref().and_then(|names| names.get(&key)).cloned();
    known.unwrap_or_else(|| format!("function at {:#x}", key.function))
}

/// Learns the names of a module's functions.
///
/// # Safety
/// The definition is valid.
pub(super) unsafe fn name_module(extension: usize, def: *mut HPyModuleDef) {
    // SAFETY: as promised by the caller.
    unsafe {
        if let Some(def) = def.as_ref() {
            name_all(extension, "", def.defines);
        }
    }
}

/// Learns the names of a type's functions.
///
/// # Safety
/// The spec is valid or null.
pub(super) unsafe fn name_type(extension: usize, spec: *const HPyType_Spec) {
    // SAFETY: as promised by the caller.
    unsafe {
        if let Some(spec) = spec.as_ref() {
            let name = text(spec.name);
            let short = name.rsplit('.').next().unwrap_or_default();
            name_all(extension, &format!("{short}."), spec.defines);
        }
    }
}

/// # Safety
/// The array is null, or ends with null and points to definitions.
unsafe fn name_all(extension: usize, prefix: &str, defines: *mut *mut HPyDef) {
    let mut names = NAMES.lock();
    let names = names.get_or_insert_with(HashMap::new);
    let mut add = |function: HPyCFunction, name: &str| {
        if let Some(function) = function {
            let key = Key {
                extension,
                function: function as usize,
            };
            names
                .entry(key)
                .or_insert_with(|| format!("{prefix}{name}"));
        }
    };
    let mut next = defines;
    // SAFETY: as promised by the caller; a definition's kind determines the field.
    unsafe {
        while !next.is_null() && !(*next).is_null() {
            let HPyDef { kind, definition } = &**next;
            next = next.add(1);
            match *kind {
                HPyDef_Kind_Meth => add(definition.meth.r#impl, &text(definition.meth.name)),
                HPyDef_Kind_Slot => {
                    let name = match definition.slot.slot {
                        HPy_mod_create => "(module creation)",
                        HPy_mod_exec => "(module execution)",
                        // Short, for a column.
                        HPy_tp_richcompare => "comparison",
                        slot => special_methods::name(slot),
                    };
                    add(definition.slot.r#impl, name);
                }
                HPyDef_Kind_GetSet => {
                    let name = text(definition.getset.name);
                    add(definition.getset.getter_impl, &name);
                    add(definition.getset.setter_impl, &format!("{name} (set)"));
                }
                _ => {}
            }
        }
    }
}

/// # Safety
/// The pointer is null or a C string.
unsafe fn text(name: *const c_char) -> String {
    if name.is_null() {
        return String::new();
    }
    // SAFETY: as promised by the caller.
    unsafe { CStr::from_ptr(name) }
        .to_string_lossy()
        .into_owned()
}
