//! Modules: CPython's module definition, made of HPy's.

use super::methods::{Chosen, Raised, definitions, method_table, raise, raise_text, trampoline};
use crate::capi::{self, *};
use crate::definitions::*;
use crate::enums::*;
use core::ffi::{CStr, c_void};
use std::sync::{Mutex, PoisonError};

/// The CPython definitions made so far, by the address of HPy's.
static MADE: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

/// What `PyInit_NAME` returns: CPython's multi-phase definition of the module that `def` describes.
/// Null with an exception if `def` is not a valid module.
///
/// The definition is made at the first call and kept. The module says that it needs no GIL (from
/// 3.13 on) and that it does not support several interpreters (from 3.12 on).
///
/// # Errors
/// SystemError for module state, unsupported slots, and a `HPy_mod_create` beside anything else.
///
/// # Safety
/// The thread is attached; `def` and all it points to is valid for ever and not changed any more.
pub unsafe fn HPyModule_Init(def: *mut HPyModuleDef, name: &'static CStr) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { module_init(def, name, trampoline) }
}

/// As `HPyModule_Init`, where another function than the trampoline is to be called: `function` says which.
///
/// # Safety
/// As for `HPyModule_Init`, and `function` gives one of CPython's calling convention for the definition.
pub unsafe fn module_init(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    function: Chosen,
) -> *mut PyObject {
    if super::objects::builtins().is_null() {
        return core::ptr::null_mut();
    }
    let header = capi::header_size();
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let known = made
        .iter()
        .find(|(hpy, _)| *hpy == def as usize)
        .map(|(_, cpython)| *cpython as *mut PyObject);
    let cpython = match known {
        Some(cpython) => cpython,
        // SAFETY: as promised by the caller.
        None => match unsafe { convert(&*def, name, header, function) } {
            Ok(cpython) => {
                made.push((def as usize, cpython as usize));
                cpython
            }
            Err(Raised) => return core::ptr::null_mut(),
        },
    };
    drop(made);
    // SAFETY: the definition is complete.
    unsafe { capi::PyModuleDef_Init(cpython) }
}

/// Builds the `PyModuleDef`: an object header, `m_init`, `m_index` and `m_copy`, then the body.
/// `PyModuleDef_Init` fills in the header.
unsafe fn convert(
    def: &HPyModuleDef,
    name: &'static CStr,
    header: usize,
    function: Chosen,
) -> Result<*mut PyObject, Raised> {
    if def.size < 0 {
        return Err(raise(
            capi::PyExc_SystemError(),
            c"HPy does not permit HPyModuleDef.size < 0",
        ));
    }
    if def.size > 0 {
        return Err(raise(
            capi::PyExc_SystemError(),
            c"Module state is not supported yet in HPy, set HPyModuleDef.size = 0 if module state is not needed",
        ));
    }
    // SAFETY: the arrays are valid for ever, as `HPyModule_Init` demands.
    let (methods, slots) = unsafe {
        (
            method_table(def.defines, def.legacy_methods.cast(), function)?,
            slots(def, function)?,
        )
    };
    let body_at = header + 3 * size_of::<usize>();
    let words = (body_at + size_of::<PyModuleDefBody>()).div_ceil(size_of::<usize>());
    let memory = super::methods::forever(vec![0usize; words]);
    let body = PyModuleDefBody {
        m_name: name.as_ptr(),
        m_doc: def.doc,
        m_size: 0,
        m_methods: methods,
        m_slots: slots,
        m_traverse: None,
        m_clear: None,
        m_free: None,
    };
    // SAFETY: the memory is long enough, and aligned for words.
    unsafe {
        memory
            .byte_add(body_at)
            .cast::<PyModuleDefBody>()
            .write(body);
        // PyPy wants a reference in the header, where the others put one themselves.
        memory.cast::<isize>().write(1);
    };
    Ok(memory.cast())
}

/// What a `HPy_mod_create` made, which must not be a module: that would get no methods and no further code.
/// Null with an exception otherwise.
///
/// # Safety
/// The thread is attached; `o` is a new reference or null.
pub(super) unsafe fn created(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller; a reference that is not returned is given up.
    unsafe {
        if o.is_null() || !capi::type_check(o, capi::PyModule_Type()) {
            return o;
        }
        capi::decref(o);
    }
    raise(
        capi::PyExc_SystemError(),
        c"HPy_mod_create slot returned a builtin module object. This is currently not supported.",
    );
    core::ptr::null_mut()
}

const NOTHING_ELSE: &str = "A custom HPy_mod_create slot cannot return a builtin module object and cannot \
    make any use of any other data defined in the HPyModuleDef. Either do not define a HPy_mod_create \
    slot, or do not define anything else.";

unsafe fn slots(def: &HPyModuleDef, function: Chosen) -> Result<*mut PyType_Slot, Raised> {
    let mut slots = Vec::new();
    let (mut creates, mut others) = (false, false);
    // SAFETY: as for `convert`; a definition's kind says which field is meant.
    for definition in unsafe { definitions(def.defines) } {
        if definition.kind != HPyDef_Kind_Slot {
            others = true;
            continue;
        }
        // SAFETY: it is a slot.
        let slot = unsafe { definition.definition.slot };
        let number = match slot.slot {
            HPy_mod_create if creates => {
                return Err(raise(
                    capi::PyExc_SystemError(),
                    c"Multiple definitions of the HPy_mod_create slot in HPyModuleDef.defines.",
                ));
            }
            HPy_mod_create => {
                creates = true;
                Py_mod_create
            }
            HPy_mod_exec => {
                others = true;
                Py_mod_exec
            }
            HPySlot_Slot(number) => {
                return Err(raise_text(
                    capi::PyExc_SystemError(),
                    &format!("Unsupported slot in HPyModuleDef.defines (value: {number})."),
                ));
            }
        };
        // SAFETY: the definition is a slot.
        let chosen = unsafe { function(definition) };
        slots.push(PyType_Slot {
            slot: number,
            pfunc: chosen.map_or(core::ptr::null_mut(), |f| f as *mut c_void),
        });
    }
    if creates && others {
        return Err(raise_text(
            capi::PyExc_SystemError(),
            &format!(
                "HPyModuleDef defines a HPy_mod_create slot and some other slots or methods. {NOTHING_ELSE}"
            ),
        ));
    }
    if creates && !(def.legacy_methods.is_null() && def.doc.is_null() && def.globals.is_null()) {
        return Err(raise_text(
            capi::PyExc_SystemError(),
            &format!(
                "HPyModuleDef defines a HPy_mod_create slot and some of the other fields are not set to \
                 their default value. {NOTHING_ELSE}"
            ),
        ));
    }
    // The values of these slots are small numbers: 0 is "not supported", 1 is "not used".
    if capi::version() >= (3, 12) {
        slots.push(PyType_Slot {
            slot: Py_mod_multiple_interpreters,
            pfunc: core::ptr::null_mut(),
        });
    }
    if capi::version() >= (3, 13) {
        slots.push(PyType_Slot {
            slot: Py_mod_gil,
            pfunc: core::ptr::without_provenance_mut(1),
        });
    }
    slots.push(PyType_Slot {
        slot: 0,
        pfunc: core::ptr::null_mut(),
    });
    Ok(super::methods::forever(slots))
}
