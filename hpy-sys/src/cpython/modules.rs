//! Makes CPython's module definitions from HPy's.

use super::methods::{Chosen, Raised, definitions, method_table, raise, raise_text, trampoline};
#[cfg(any(feature = "universal", hpy_since_3_15))]
use super::module_export::PySlot;
use crate::capi::{self, *};
use crate::definitions::*;
use crate::enums::*;
use crate::fork::{Guard, Lock};
use crate::interpreters::{self, Interpreters};
use core::ffi::{CStr, c_int, c_void};
use std::ffi::CString;

/// A CPython definition and the HPy definition it was made from.
#[derive(Clone, Copy)]
struct ConvertedDefinition {
    /// The address of HPy's definition.
    hpy: usize,
    cpython: usize,
    /// The slots for `PyModExport_NAME`, or 0 before they are asked for.
    #[cfg(any(feature = "universal", hpy_since_3_15))]
    exported: usize,
    name: &'static CStr,
    /// The module's own `HPy_mod_create`, as CPython calls it.
    create: Option<Create>,
    interpreters: Interpreters,
}

/// What a module declares to CPython, in slots that older versions do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promises {
    /// `Py_mod_multiple_interpreters`, from 3.12 on.
    pub interpreters: Interpreters,
    /// `Py_mod_gil`, from 3.13 on.
    pub gil: Gil,
}

/// Whether a module needs the GIL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gil {
    /// Free-threaded Python turns the GIL on, with a warning, when the module is imported.
    Used,
    /// It stays off.
    NotUsed,
}

type Create = unsafe extern "C" fn(*mut PyObject, *mut PyObject) -> *mut PyObject;

/// The definitions made so far. No thread calls Python while holding this, because a waiting thread
/// may hold the GIL.
#[inline(never)]
fn converted() -> Guard<Vec<ConvertedDefinition>> {
    static CONVERTED: Lock<Vec<ConvertedDefinition>> = Lock::new(Vec::new());
    CONVERTED.lock()
}

/// The entry of HPy's or CPython's definition at this address.
#[inline(never)]
fn find_converted(made: &[ConvertedDefinition], address: usize) -> Option<ConvertedDefinition> {
    let is_it = |made: &&ConvertedDefinition| made.hpy == address || made.cpython == address;
    made.iter().find(is_it).copied()
}

/// Adds an entry, unless another thread was faster. Returns the address of CPython's definition.
fn remember(new: ConvertedDefinition) -> usize {
    let mut made = converted();
    if let Some(faster) = find_converted(&made, new.hpy) {
        return faster.cpython;
    }
    made.push(new);
    new.cpython
}

/// What `PyInit_NAME` returns: CPython's multi-phase definition of the module that `def` describes.
/// Null with an exception if `def` is not a valid module.
///
/// The first call makes the definition, which is never freed. The module declares that it needs no
/// GIL (from 3.13 on) and that it does not support several interpreters (from 3.12 on). A second
/// interpreter that imports it gets an ImportError. See [`HPyModule_InitFor`].
///
/// # Errors
/// SystemError for module state, for unsupported slots, and for an `HPy_mod_create` combined with
/// anything else.
///
/// # Safety
/// The thread is attached. `def` and all that it points to are valid forever and never change.
pub unsafe fn HPyModule_Init(def: *mut HPyModuleDef, name: &'static CStr) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        HPyModule_InitFor(
            def,
            name,
            Promises {
                interpreters: Interpreters::One,
                gil: Gil::NotUsed,
            },
        )
    }
}

/// As [`HPyModule_Init`], for a module that declares how many interpreters may import it and
/// whether it needs the GIL.
///
/// If there are many, each has its own objects: what `HPyGlobal_Store` stores is visible only to
/// the interpreter that stored it. The module must not keep a handle, object or type in any other
/// static.
///
/// # Errors
/// As for [`HPyModule_Init`].
///
/// # Safety
/// As for [`HPyModule_Init`].
pub unsafe fn HPyModule_InitFor(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    promises: Promises,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { init::<true>(def, name, trampoline, promises) }
}

/// As [`HPyModule_InitFor`], for a module that the safe layer describes: without state and without
/// `HPy_mod_create`, which is an unsupported slot here. `function` chooses what CPython calls
/// instead of the trampoline.
///
/// # Safety
/// As for [`HPyModule_Init`]. `function` returns a function of CPython's calling convention for the
/// definition.
pub unsafe fn module_init(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    function: Option<Chosen>,
    promises: Promises,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { init::<false>(def, name, function.unwrap_or(trampoline), promises) }
}

/// What `PyModExport_NAME` returns: what [`module_init`] returns, as slots.
///
/// # Safety
/// As for [`module_init`].
#[cfg(any(feature = "universal", hpy_since_3_15))]
pub unsafe fn module_export(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    function: Option<Chosen>,
    promises: Promises,
) -> *mut PySlot {
    // SAFETY: as promised by the caller.
    unsafe { export::<false>(def, name, function.unwrap_or(trampoline), promises) }
}

/// What `PyModExport_NAME` of a raw module returns: what [`HPyModule_Init`] returns, as slots.
///
/// # Safety
/// As for [`HPyModule_Init`].
#[cfg(any(feature = "universal", hpy_since_3_15))]
#[doc(hidden)]
pub unsafe fn export_any_module(def: *mut HPyModuleDef, name: &'static CStr) -> *mut PySlot {
    let promises = Promises {
        interpreters: Interpreters::One,
        gil: Gil::NotUsed,
    };
    // SAFETY: as promised by the caller.
    unsafe { export::<true>(def, name, trampoline, promises) }
}

#[inline(always)]
unsafe fn init<const ANY: bool>(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    function: Chosen,
    promises: Promises,
) -> *mut PyObject {
    // SAFETY: as promised by the caller. The definition is complete.
    unsafe {
        match converted_once::<ANY>(def, name, function, promises) {
            Ok(cpython) => capi::PyModuleDef_Init(cpython as *mut PyObject),
            Err(Raised) => core::ptr::null_mut(),
        }
    }
}

#[cfg(any(feature = "universal", hpy_since_3_15))]
#[inline(always)]
unsafe fn export<const ANY: bool>(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    function: Chosen,
    promises: Promises,
) -> *mut PySlot {
    // SAFETY: as promised by the caller.
    match unsafe { converted_once::<ANY>(def, name, function, promises) } {
        Ok(cpython) => exported(cpython),
        Err(Raised) => core::ptr::null_mut(),
    }
}

/// The slots of a definition that was made, which are made once.
#[cfg(any(feature = "universal", hpy_since_3_15))]
#[inline(never)]
fn exported(cpython: usize) -> *mut PySlot {
    let mut made = converted();
    let Some(of) = made.iter_mut().find(|made| made.cpython == cpython) else {
        return core::ptr::null_mut(); // It was added, and nothing removes it.
    };
    if of.exported == 0 {
        // SAFETY: `convert` made it so. Its slots end with 0.
        of.exported = unsafe {
            let body = (cpython as *const u8).add(body_at()).cast();
            super::module_export::slots(&*body) as usize
        };
    }
    of.exported as *mut PySlot
}

/// The address of CPython's definition, which is made once.
///
/// `ANY` is false for the safe layer's modules, which leaves out code that they do not need.
#[inline(never)]
unsafe fn converted_once<const ANY: bool>(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    function: Chosen,
    promises: Promises,
) -> Result<usize, Raised> {
    crate::import::on_import();
    let known = find_converted(&converted(), def.addr()).map(|made| made.cpython);
    match known {
        Some(cpython) => Ok(cpython),
        // SAFETY: as promised by the caller.
        None => unsafe { convert::<ANY>(def, name, function, promises) }.map(remember),
    }
}

/// Where the body of a `PyModuleDef` begins.
fn body_at() -> usize {
    capi::header_size() + 3 * size_of::<usize>()
}

/// Runs before any code of a module: registers the interpreter or refuses the module. The attribute
/// `name` of the object is the module's name.
fn load_into_interpreter(
    interpreters: Interpreters,
    o: *mut PyObject,
    name: &CStr,
) -> Result<(), Raised> {
    // SAFETY: callers are attached. The object is a module or its spec.
    let named = || unsafe { capi::PyObject_GetAttrString(o, name.as_ptr()) };
    // SAFETY: as above.
    unsafe { interpreters::load(interpreters, named) }.map_err(|interpreters::Refused| Raised)?;
    let builtins = super::objects::builtins();
    if builtins.is_null() {
        return Err(Raised);
    }
    #[cfg(feature = "universal")]
    crate::bundled_context::set_builtins(builtins, interpreters);
    Ok(())
}

unsafe extern "C" fn exec_for_one(module: *mut PyObject) -> c_int {
    load_into_interpreter(Interpreters::One, module, c"__name__").map_or(-1, |()| 0)
}

unsafe extern "C" fn exec_for_many(module: *mut PyObject) -> c_int {
    load_into_interpreter(Interpreters::Many, module, c"__name__").map_or(-1, |()| 0)
}

/// The last part of the name in an attribute: of a spec, or of a module that it made.
fn last_name(o: *mut PyObject, attribute: &CStr) -> Option<CString> {
    // SAFETY: the import calls with the thread attached. The text is valid until it is released.
    unsafe {
        let name = capi::PyObject_GetAttrString(o, attribute.as_ptr());
        if name.is_null() {
            capi::PyErr_Clear();
            return None;
        }
        let text = capi::PyUnicode_AsUTF8AndSize(name, core::ptr::null_mut());
        let last = if text.is_null() {
            capi::PyErr_Clear();
            None
        } else {
            let last = CStr::from_ptr(text)
                .to_bytes()
                .rsplit(|byte| *byte == b'.')
                .next();
            last.and_then(|last| CString::new(last).ok())
        };
        capi::xdecref_cold(name);
        last
    }
}

/// What was made for a module of slots alone, which has no definition. The import found its hook by
/// the last part of its name.
fn find_by_name(o: *mut PyObject, attribute: &CStr) -> Option<ConvertedDefinition> {
    let name = last_name(o, attribute)?;
    let made = converted();
    made.iter()
        .find(|made| made.name == name.as_c_str())
        .copied()
}

fn raise_unknown() {
    raise(
        capi::PyExc_SystemError(),
        c"a module of an unknown definition",
    );
}

/// All `Py_mod_exec` of a module of slots alone, which may have but one.
#[cfg(any(feature = "universal", hpy_since_3_15))]
pub(super) unsafe extern "C" fn exec_all(module: *mut PyObject) -> c_int {
    let Some(made) = find_by_name(module, c"__name__") else {
        raise_unknown();
        return -1;
    };
    // SAFETY: `convert` made it so. Its slots end with 0.
    unsafe {
        let body: *const PyModuleDefBody = (made.cpython as *const u8).add(body_at()).cast();
        let mut slot: *const PyType_Slot = (*body).m_slots;
        while (*slot).slot != 0 {
            if (*slot).slot == Py_mod_exec && !(*slot).pfunc.is_null() {
                // SAFETY: the slot's number says what the function is.
                let exec = core::mem::transmute::<
                    *mut c_void,
                    unsafe extern "C" fn(*mut PyObject) -> c_int,
                >((*slot).pfunc);
                if exec(module) != 0 {
                    return -1;
                }
            }
            slot = slot.add(1);
        }
    }
    0
}

/// For modules with an `HPy_mod_create`, which have no `HPy_mod_exec`.
unsafe extern "C" fn create(spec: *mut PyObject, def: *mut PyObject) -> *mut PyObject {
    let made = if def.is_null() {
        find_by_name(spec, c"name")
    } else {
        find_converted(&converted(), def.addr())
    };
    let Some((create, interpreters)) =
        made.and_then(|made| Some((made.create?, made.interpreters)))
    else {
        raise_unknown();
        return core::ptr::null_mut();
    };
    if load_into_interpreter(interpreters, spec, c"name").is_err() {
        return core::ptr::null_mut();
    }
    // SAFETY: the module's own function, with the arguments that CPython would pass.
    unsafe { create(spec, def) }
}

/// Builds the `PyModuleDef`: an object header, `m_init`, `m_index` and `m_copy`, then the body.
/// `PyModuleDef_Init` fills in the header.
unsafe fn convert<const ANY: bool>(
    address: *mut HPyModuleDef,
    name: &'static CStr,
    function: Chosen,
    promises: Promises,
) -> Result<ConvertedDefinition, Raised> {
    // SAFETY: as `HPyModule_Init` demands.
    let def = unsafe { &*address };
    if ANY && def.size < 0 {
        return Err(raise(
            capi::PyExc_SystemError(),
            c"HPy does not permit HPyModuleDef.size < 0",
        ));
    }
    if ANY && def.size > 0 {
        return Err(raise(
            capi::PyExc_SystemError(),
            c"Module state is not supported yet in HPy, set HPyModuleDef.size = 0 if module state \
              is not needed",
        ));
    }
    // SAFETY: the arrays are valid forever, as `HPyModule_Init` demands.
    let (methods, (slots, create)) = unsafe {
        (
            method_table(def.defines, def.legacy_methods.cast(), function)?,
            slots::<ANY>(def, function, promises)?,
        )
    };
    let body_at = body_at();
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
        // PyPy expects a reference count in the header. The others set it themselves.
        memory.cast::<isize>().write(1);
    };
    Ok(ConvertedDefinition {
        hpy: address as usize,
        cpython: memory as usize,
        #[cfg(any(feature = "universal", hpy_since_3_15))]
        exported: 0,
        name,
        create,
        interpreters: promises.interpreters,
    })
}

/// Checks what an `HPy_mod_create` made. It must not be a module, which would get neither methods
/// nor further code. Null with an exception otherwise.
///
/// # Safety
/// The thread is attached; `o` is a new reference or null.
pub(super) unsafe fn check_created(o: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller. A reference that is not returned is released.
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

/// CPython's slots, and the module's own `HPy_mod_create`, if it has one.
unsafe fn slots<const ANY: bool>(
    def: &HPyModuleDef,
    function: Chosen,
    promises: Promises,
) -> Result<(*mut PyType_Slot, Option<Create>), Raised> {
    // The first one's place is filled below.
    let mut slots = vec![slot(0, core::ptr::null_mut())];
    let (mut module_create, mut others) = (None, false);
    // SAFETY: as for `convert`. A definition's kind determines the field.
    for definition in unsafe { definitions(def.defines) } {
        if definition.kind != HPyDef_Kind_Slot {
            others = true;
            continue;
        }
        // SAFETY: it is a slot.
        let wanted = unsafe { definition.definition.slot.slot };
        let number = match wanted {
            HPy_mod_create if ANY && module_create.is_some() => {
                return Err(raise(
                    capi::PyExc_SystemError(),
                    c"Multiple definitions of the HPy_mod_create slot in HPyModuleDef.defines.",
                ));
            }
            HPy_mod_create if ANY => {
                // SAFETY: the definition is a slot. Its number determines the function's type.
                module_create = unsafe {
                    core::mem::transmute::<crate::HPyCFunction, Option<Create>>(function(
                        definition,
                    ))
                };
                continue;
            }
            HPy_mod_exec => {
                others = true;
                Py_mod_exec
            }
            HPySlot_Slot(number) => {
                let number = i64::from(number); // As most numbers are that are printed.
                return Err(raise_text(
                    capi::PyExc_SystemError(),
                    &format!("Unsupported slot in HPyModuleDef.defines (value: {number})."),
                ));
            }
        };
        // SAFETY: the definition is a slot.
        let chosen = unsafe { function(definition) };
        let pfunc = chosen.map_or(core::ptr::null_mut(), |f| f as *mut c_void);
        slots.push(slot(number, pfunc));
    }
    let defaults = def.legacy_methods.is_null() && def.doc.is_null() && def.globals.is_null();
    if module_create.is_some() && (others || !defaults) {
        let clash = if others {
            "some other slots or methods."
        } else {
            "some of the other fields are not set to their default value."
        };
        return Err(raise_text(
            capi::PyExc_SystemError(),
            &format!(
                "HPyModuleDef defines a HPy_mod_create slot and {clash} A custom HPy_mod_create \
                 slot cannot return a builtin module object and cannot make any use of any other \
                 data defined in the HPyModuleDef. Either do not define a HPy_mod_create slot, or \
                 do not define anything else."
            ),
        ));
    }
    // Runs before all others. CPython checks the slot for several interpreters only in isolated
    // ones, and only from 3.12 on.
    let first = match (module_create, promises.interpreters) {
        (Some(_), _) => slot(Py_mod_create, create as *mut c_void),
        (None, Interpreters::One) => slot(Py_mod_exec, exec_for_one as *mut c_void),
        (None, Interpreters::Many) => slot(Py_mod_exec, exec_for_many as *mut c_void),
    };
    if let Some(place) = slots.first_mut() {
        *place = first;
    }
    // The values of these slots are small numbers.
    let value = core::ptr::without_provenance_mut;
    if capi::version() >= (3, 12) {
        let support = match promises.interpreters {
            Interpreters::One => MULTIPLE_INTERPRETERS_NOT_SUPPORTED,
            Interpreters::Many => PER_INTERPRETER_GIL_SUPPORTED,
        };
        slots.push(slot(Py_mod_multiple_interpreters, value(support)));
    }
    if capi::version() >= (3, 13) {
        let gil = match promises.gil {
            Gil::Used => GIL_USED,
            Gil::NotUsed => GIL_NOT_USED,
        };
        slots.push(slot(Py_mod_gil, value(gil)));
    }
    slots.push(slot(0, core::ptr::null_mut()));
    Ok((super::methods::forever(slots), module_create))
}

fn slot(number: c_int, pfunc: *mut c_void) -> PyType_Slot {
    PyType_Slot {
        slot: number,
        pfunc,
    }
}

// Values of slots, as CPython has them.
const MULTIPLE_INTERPRETERS_NOT_SUPPORTED: usize = 0;
const PER_INTERPRETER_GIL_SUPPORTED: usize = 2;
const GIL_USED: usize = 0;
const GIL_NOT_USED: usize = 1;
