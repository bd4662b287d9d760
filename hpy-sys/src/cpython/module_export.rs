//! What `PyModExport_NAME` returns: a module as slots alone, which CPython 3.15 asks for first.

use super::methods::forever;
use super::modules::exec_all;
use crate::capi::{PyModuleDefBody, PyType_Slot};
use core::ffi::c_void;

/// CPython's `PySlot`.
#[repr(C)]
#[derive(Debug)]
pub struct PySlot {
    id: u16,
    flags: u16,
    reserved: u32,
    value: Value,
}

/// As wide on 32-bit systems. A pointer stands at the start.
#[repr(C)]
#[derive(Clone, Copy)]
union Value {
    pointer: *const c_void,
    wide: u64,
}

impl core::fmt::Debug for Value {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        // SAFETY: all bits of it are written.
        unsafe { self.wide }.fmt(f)
    }
}

/// CPython's `PyABIInfo`.
#[repr(C)]
struct PyABIInfo {
    major: u8,
    minor: u8,
    flags: u16,
    build_version: u32,
    abi_version: u32,
}

// Numbers of slots, as CPython 3.15 has them. Those of `PyModuleDef` before 3.15 are others.
const Py_mod_create: u16 = 84;
const Py_mod_exec: u16 = 85;
const Py_mod_name: u16 = 100;
const Py_mod_doc: u16 = 101;
const Py_mod_methods: u16 = 103;
const Py_mod_abi: u16 = 109;

/// The value is valid forever.
const PySlot_STATIC: u16 = 2;
/// The value is a pointer or a number as wide as one.
const PySlot_INTPTR: u16 = 4;

#[cfg(feature = "universal")]
const STABLE: u16 = 1;
const WITH_GIL: u16 = 2;
const FREE_THREADED: u16 = 4;

/// CPython refuses a module whose ABI it has not, before any code of the module runs.
#[cfg(feature = "universal")]
static ABI: PyABIInfo = PyABIInfo {
    major: 1,
    minor: 0,
    // By what is exported, with the GIL and without: `abi3t`.
    flags: STABLE | WITH_GIL | FREE_THREADED,
    build_version: 0,
    abi_version: packed((3, 9)),
};

/// CPython refuses a module whose ABI it has not, before any code of the module runs.
#[cfg(not(feature = "universal"))]
static ABI: PyABIInfo = PyABIInfo {
    major: 1,
    minor: 0,
    flags: if crate::capi::free_threaded() {
        FREE_THREADED
    } else {
        WITH_GIL
    },
    build_version: packed(crate::capi::PYTHON_VERSION),
    abi_version: packed(crate::capi::PYTHON_VERSION),
};

/// CPython's `Py_PACK_VERSION`.
const fn packed((major, minor): (u8, u8)) -> u32 {
    (major as u32) << 24 | (minor as u32) << 16
}

fn slot(id: u16, pointer: *const c_void) -> PySlot {
    let mut value = Value { wide: 0 };
    value.pointer = pointer;
    PySlot {
        id,
        flags: PySlot_INTPTR | PySlot_STATIC,
        reserved: 0,
        value,
    }
}

/// The slots that say what a definition says. They are never freed.
///
/// # Safety
/// The definition's slots end with the number 0.
pub(super) unsafe fn slots(body: &PyModuleDefBody) -> *mut PySlot {
    let mut slots = vec![
        slot(Py_mod_abi, (&raw const ABI).cast()),
        slot(Py_mod_name, body.m_name.cast()),
    ];
    // Null is not a value for these two.
    if !body.m_doc.is_null() {
        slots.push(slot(Py_mod_doc, body.m_doc.cast()));
    }
    if !body.m_methods.is_null() {
        slots.push(slot(Py_mod_methods, body.m_methods.cast_const().cast()));
    }
    let mut old: *const PyType_Slot = body.m_slots;
    let mut executes = false;
    // SAFETY: as promised by the caller.
    unsafe {
        while (*old).slot != 0 {
            // Creation, execution, several interpreters and the GIL are 1 to 4 there.
            let id = Py_mod_create - 1 + (*old).slot as u16;
            // A module may execute one function alone here.
            if id != Py_mod_exec {
                slots.push(slot(id, (*old).pfunc));
            } else if !executes {
                slots.push(slot(id, exec_all as *const c_void));
                executes = true;
            }
            old = old.add(1);
        }
    }
    slots.push(PySlot {
        flags: 0,
        ..slot(0, core::ptr::null())
    });
    forever(slots)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::mem::{offset_of, size_of};

    #[test]
    fn the_structures_are_those_of_cpython() {
        assert_eq!(size_of::<PySlot>(), 16);
        assert_eq!(offset_of!(PySlot, flags), 2);
        assert_eq!(offset_of!(PySlot, value), 8);
        assert_eq!(size_of::<PyABIInfo>(), 12);
        assert_eq!(offset_of!(PyABIInfo, build_version), 4);
        assert_eq!(packed((3, 15)), 0x030f_0000);
    }

    #[test]
    fn a_definition_is_said_in_slots() {
        let one = core::ptr::without_provenance_mut(1);
        let of = |slot, pfunc| PyType_Slot { slot, pfunc };
        let mut old = [
            of(2, one),
            of(2, one),
            of(4, one),
            of(0, core::ptr::null_mut()),
        ];
        let body = PyModuleDefBody {
            m_name: c"name".as_ptr(),
            m_doc: core::ptr::null(),
            m_size: 0,
            m_methods: core::ptr::null_mut(),
            m_slots: old.as_mut_ptr(),
            m_traverse: None,
            m_clear: None,
            m_free: None,
        };
        // SAFETY: the slots end with 0. So do those that are returned.
        let made = unsafe { core::slice::from_raw_parts(slots(&body), 5) };
        let ids: Vec<_> = made.iter().map(|slot| slot.id).collect();
        assert_eq!(ids, [Py_mod_abi, Py_mod_name, Py_mod_exec, 87, 0]);
        // SAFETY: all values are pointers.
        assert_eq!(unsafe { made[3].value.pointer }, one.cast_const());
        // SAFETY: as above. One function executes what two slots did.
        assert_eq!(unsafe { made[2].value.pointer }, exec_all as *const c_void);
    }
}
