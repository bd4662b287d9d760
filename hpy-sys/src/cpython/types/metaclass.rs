//! Types with a metaclass.

use crate::capi::{self, PyObject, PyType_Spec};
use crate::cpython::methods::{Raised, raise};
use core::ffi::{CStr, c_void};

/// Makes the type.
///
/// # Safety
/// The spec is complete and its tables are valid forever. `metaclass` is a type or null, `bases` a
/// tuple or null.
pub(super) unsafe fn make(
    spec: &mut PyType_Spec,
    bases: *mut PyObject,
    metaclass: *mut PyObject,
) -> Result<*mut PyObject, Raised> {
    // SAFETY: as promised by the caller.
    unsafe {
        let made = if capi::has::PyType_FromMetaclass() {
            capi::PyType_FromMetaclass(metaclass, core::ptr::null_mut(), spec, bases)
        } else {
            check_bases(metaclass, bases)?;
            capi::type_from_spec(spec, bases)
        };
        if made.is_null() {
            return Err(Raised);
        }
        if metaclass.is_null() || capi::type_of(made) == metaclass {
            return Ok(made);
        }
        let moved = rebuild(made, metaclass, CStr::from_ptr(spec.name));
        if moved.is_err() {
            capi::xdecref_cold(made);
        }
        moved
    }
}

/// Before 3.12 CPython does not check that the metaclass derives from those of the bases.
unsafe fn check_bases(metaclass: *mut PyObject, bases: *mut PyObject) -> Result<(), Raised> {
    // SAFETY: as for `make`. Anything but a type is left to CPython to reject.
    unsafe {
        if metaclass.is_null()
            || bases.is_null()
            || !capi::has_type_flag(bases, capi::Py_TPFLAGS_TUPLE_SUBCLASS)
        {
            return Ok(());
        }
        for index in 0..capi::tuple_len(bases) {
            let base = capi::tuple_item(bases, index);
            if capi::is_type(base) && capi::PyType_IsSubtype(metaclass, capi::type_of(base)) == 0 {
                return Err(raise(
                    capi::PyExc_TypeError(),
                    c"metaclass conflict: the metaclass must derive from the metaclasses of all bases",
                ));
            }
        }
    }
    Ok(())
}

/// Words of `PyTypeObject` before 3.12 that `PyType_Ready` must fill in again.
const DICT: usize = 33;
const BASE: usize = 32;
const PER_TYPE: [usize; 7] = [DICT, 42, 43, 44, 45, 46, 48];
/// `tp_as_async`, `tp_as_number`, `tp_as_sequence`, `tp_as_mapping`, `tp_as_buffer`.
const PROTOCOLS: [usize; 5] = [10, 12, 13, 14, 20];
const FLAGS: usize = 21;
const DOC: usize = 22;
const READY: core::ffi::c_ulong = 1 << 12;
const READYING: core::ffi::c_ulong = 1 << 13;
const VALID_VERSION_TAG: core::ffi::c_ulong = 1 << 19;

/// Before 3.12 CPython makes only types with the metaclass `type`. So the finished type is moved
/// into an object that the metaclass allocates. The old object stays allocated, because the new one
/// points into it.
unsafe fn rebuild(
    made: *mut PyObject,
    metaclass: *mut PyObject,
    name: &CStr,
) -> Result<*mut PyObject, Raised> {
    let plain = capi::PyType_Type();
    // SAFETY: both are types. Before 3.12 all layouts are known except those of debug builds.
    unsafe {
        if !capi::layout_known() || capi::version() >= (3, 12) {
            return Err(raise(
                capi::PyExc_TypeError(),
                c"this interpreter cannot make types with a metaclass",
            ));
        }
        if capi::type_slot(metaclass, capi::Py_tp_new) != capi::type_slot(plain, capi::Py_tp_new) {
            return Err(raise(
                capi::PyExc_TypeError(),
                c"Metaclasses with custom tp_new are not supported.",
            ));
        }
        let result = capi::allocate(metaclass);
        if result.is_null() {
            return Err(Raised);
        }
        let (from, to) = (made.cast::<*mut c_void>(), result.cast::<*mut c_void>());
        let words = capi::basicsize(plain) / size_of::<usize>();
        // The first three words are the object's own.
        core::ptr::copy_nonoverlapping(from.add(3), to.add(3), words - 3);
        for word in PROTOCOLS {
            let inside = (*from.add(word)).byte_offset_from(from);
            *to.add(word) = to.byte_offset(inside).cast();
        }
        // The last protocol is followed by name, qualified name, slots and cached keys.
        let names = PROTOCOLS.map(|word| (*from.add(word)).byte_offset_from(from));
        let names = names.into_iter().max().unwrap_or(0) as usize / size_of::<usize>() + 2;
        for word in [names, names + 1, names + 2, BASE] {
            capi::xnew_ref((*to.add(word)).cast());
        }
        let keys = core::mem::replace(&mut *to.add(names + 3), core::ptr::null_mut());
        for word in PER_TYPE {
            *to.add(word) = core::ptr::null_mut();
        }
        // Else `PyType_Ready` would find nothing to do.
        let flags = to.add(FLAGS).cast::<core::ffi::c_ulong>();
        *flags &= !(READY | READYING | VALID_VERSION_TAG);
        // The text is freed with the type that has it.
        *from.add(DOC) = core::ptr::null_mut();
        if capi::PyType_Ready(result) < 0 {
            capi::xdecref_cold(result);
            return Err(Raised);
        }
        *to.add(names + 3) = keys;
        if let Some(dot) = name.to_bytes().iter().rposition(|byte| *byte == b'.') {
            let module = capi::PyUnicode_FromStringAndSize(name.as_ptr(), dot as isize);
            if module.is_null() {
                return Err(Raised);
            }
            let set =
                capi::PyDict_SetItemString((*to.add(DICT)).cast(), c"__module__".as_ptr(), module);
            capi::xdecref_cold(module);
            if set < 0 {
                return Err(Raised);
            }
        }
        Ok(result)
    }
}
