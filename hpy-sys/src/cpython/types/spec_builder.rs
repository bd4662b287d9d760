//! Builds CPython's type spec from HPy's definitions of a type.

use super::lifetime;
use super::referents;
use super::registry::{TypeInfo, hpy_bases};
use super::shapes::aligned;
use super::side_table;
use crate::capi::{self, *};
use crate::cpython::methods::{Raised, definitions, forever, method_table, raise, trampoline};
use crate::definitions::*;
use crate::enums::*;
use core::ffi::{CStr, c_int, c_void};

/// The kind of a class method with the KEYWORDS convention. HPy has no class methods, so only this
/// module's `HPyType_FromSpec` accepts it.
pub const CLASS_METHOD: HPyDef_Kind = HPyDef_Kind(0x100);

/// CPython's type spec under construction.
pub(super) struct SpecBuilder {
    pub slots: Vec<PyType_Slot>,
    pub info: TypeInfo,
    pub basicsize: usize,
    pub flags: core::ffi::c_uint,
    /// Members in the side table, as attributes with functions.
    pub side_table_members: Vec<PyGetSetDef>,
    /// Whether members of an instance refer to objects.
    pub holds_objects: bool,
}

/// The tables in `legacy_slots`. All other slots are passed on.
struct Legacy {
    methods: *const PyMethodDef,
    members: *const PyMemberDef,
    getsets: *const PyGetSetDef,
}

/// The member with the offset of an instance's vectorcall function.
const VECTORCALL_OFFSET: &CStr = c"__vectorcalloffset__";

const NO_SLOT: PyType_Slot = PyType_Slot {
    slot: 0,
    pfunc: core::ptr::null_mut(),
};

fn address(function: AnyFunction) -> *mut c_void {
    function.map_or(core::ptr::null_mut(), |f| f as *mut c_void)
}

type Getter = unsafe extern "C" fn(*mut PyObject, *mut c_void) -> *mut PyObject;
type Setter = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut c_void) -> c_int;

/// A size larger than that of every base. Instances do not use the extra words. The size tells
/// CPython that the type cannot be combined with, or replaced by, another type with data in the
/// side table.
unsafe fn larger_than(bases: *mut PyObject) -> usize {
    // SAFETY: the caller passes a tuple or null. Anything but a type is left to CPython to reject.
    unsafe {
        let mut size = capi::basicsize(capi::PyBaseObject_Type());
        if !bases.is_null() && capi::has_type_flag(bases, capi::Py_TPFLAGS_TUPLE_SUBCLASS) {
            for index in 0..capi::tuple_len(bases) {
                let base = capi::tuple_item(bases, index);
                if capi::is_type(base) {
                    size = size.max(capi::basicsize(base));
                }
            }
        }
        aligned(size + 1)
    }
}

/// Whether a member names the type's own word for the vectorcall function.
///
/// # Safety
/// As for `fill`. The legacy table is null or ends with a null name.
unsafe fn names_call_word(spec: &HPyType_Spec, mut legacy: *const PyMemberDef) -> bool {
    // SAFETY: as promised by the caller; a definition's kind determines the field, and names are C
    // strings.
    unsafe {
        let named = |name| CStr::from_ptr(name) == VECTORCALL_OFFSET;
        let mut found = definitions(spec.defines).any(|definition| {
            definition.kind == HPyDef_Kind_Member && named(definition.definition.member.name)
        });
        while !found && !legacy.is_null() && !(*legacy).name.is_null() {
            found = named((*legacy).name);
            legacy = legacy.add(1);
        }
        found
    }
}

/// Data in the side table has no fixed offset in the instance.
fn no_call_protocol() -> Raised {
    raise(
        capi::PyExc_TypeError(),
        c"Cannot use HPy call protocol with types of this shape",
    )
}

/// The class methods, followed by those of the table.
///
/// # Safety
/// As for `fill`. The table is null or ends with a null name.
unsafe fn class_methods(spec: &HPyType_Spec, mut others: *const PyMethodDef) -> Vec<PyMethodDef> {
    let mut table = Vec::new();
    // SAFETY: as promised by the caller; a definition's kind determines the field.
    unsafe {
        for definition in definitions(spec.defines) {
            if definition.kind == CLASS_METHOD {
                let method = definition.definition.meth;
                table.push(PyMethodDef {
                    ml_name: method.name,
                    ml_meth: method.cpy_trampoline,
                    ml_flags: METH_FASTCALL | METH_KEYWORDS | METH_CLASS,
                    ml_doc: method.doc,
                });
            }
        }
        while !others.is_null() && !(*others).ml_name.is_null() {
            table.push(*others);
            others = others.add(1);
        }
    }
    table.push(PyMethodDef {
        ml_name: core::ptr::null(),
        ml_meth: None,
        ml_flags: 0,
        ml_doc: core::ptr::null(),
    });
    table
}

impl SpecBuilder {
    fn push(&mut self, slot: c_int, value: *mut c_void) {
        self.slots.push(PyType_Slot { slot, pfunc: value });
    }

    /// Translates the whole spec. `self` has the initial info, size and flags.
    ///
    /// # Safety
    /// The spec and all that it points to are valid forever. `bases` is a tuple of types or null.
    pub(super) unsafe fn fill(
        &mut self,
        spec: &HPyType_Spec,
        bases: *mut PyObject,
    ) -> Result<(), Raised> {
        let mut has_new = false;
        let (mut is_called, mut has_call_word) = (false, false);
        // SAFETY: as promised by the caller; a definition's kind determines the field.
        let named_word = unsafe {
            for definition in definitions(spec.defines) {
                if definition.kind == HPyDef_Kind_Slot {
                    let slot = definition.definition.slot;
                    has_new |= slot.slot == HPy_tp_new;
                    self.slot(spec, &slot)?;
                }
            }
            if !spec.doc.is_null() {
                self.push(Py_tp_doc, spec.doc as *mut c_void);
            }
            let legacy = self.legacy(spec.legacy_slots.cast());
            let named_word = names_call_word(spec, legacy.members);
            if self.info.vectorcall_offset != 0 {
                (is_called, has_call_word) = (true, true);
            } else if !named_word {
                has_call_word = self.inherit_call(bases);
            } else if self.info.in_side_table {
                return Err(no_call_protocol());
            }
            self.info.names_call_word |= named_word;
            let others = class_methods(spec, legacy.methods);
            let methods = method_table(spec.defines, others.as_ptr(), trampoline)?;
            self.info.methods = methods;
            self.push(Py_tp_methods, methods.cast());
            self.members(spec, legacy.members, has_call_word)?;
            self.getsets(spec, legacy.getsets);
            named_word
        };
        // Only the author knows whether a `tp_call` in `legacy_slots` does the same as the
        // vectorcall function, and sets the flag if so.
        let has_call = self.slots.iter().any(|slot| slot.slot == Py_tp_call);
        if is_called || (has_call_word || named_word) && !has_call {
            self.push(
                Py_tp_call,
                capi::PyVectorcall_Call as *const () as *mut c_void,
            );
            self.flags |= capi::Py_TPFLAGS_HAVE_VECTORCALL as core::ffi::c_uint;
            if is_called && !has_new {
                self.info.makes_instances = true;
                self.push(Py_tp_new, lifetime::new as *const () as *mut c_void);
            }
        }
        Ok(())
    }

    /// Completes the slots with the functions for traversal and deallocation.
    ///
    /// # Safety
    /// `bases` is a tuple of types, or null.
    pub(super) unsafe fn finish(&mut self, bases: *mut PyObject) -> Result<(), Raised> {
        let fields = self.info.traverse.is_some();
        // SAFETY: as promised by the caller.
        unsafe { self.fit(bases)? };
        // SAFETY: as promised by the caller.
        let inherited = unsafe { lifetime::inherited(bases, self.info.needs_dealloc())? };
        let collected = capi::Py_TPFLAGS_HAVE_GC as core::ffi::c_uint;
        if fields && inherited.traverse {
            // Inherited together with the flag if the type has none of the three.
            self.flags &= !collected;
        } else if fields {
            if inherited.collected {
                self.flags |= collected;
            }
            // SAFETY: the caller makes a type, so the thread is attached and no exception is
            // pending.
            unsafe { referents::learn() };
            self.push(
                Py_tp_traverse,
                lifetime::traverse_instance as *const () as *mut c_void,
            );
            self.push(
                Py_tp_clear,
                lifetime::clear_instance as *const () as *mut c_void,
            );
        }
        if self.info.needs_dealloc() && !inherited.dealloc {
            self.push(Py_tp_dealloc, lifetime::dealloc as *const () as *mut c_void);
        } else if bases.is_null() && self.is_plain() {
            let dealloc = lifetime::dealloc_plain as *const ();
            self.push(Py_tp_dealloc, dealloc as *mut c_void);
        }
        self.slots.push(NO_SLOT);
        Ok(())
    }

    /// If instances of a base have a word for the vectorcall function, instances of this type have
    /// one too. It is the same word, or a new one if this type's data is there. Returns whether it
    /// is a new one.
    ///
    /// A word that the base's member names is in the base's data, with which this type's data
    /// begins.
    ///
    /// # Safety
    /// As for `finish`.
    unsafe fn inherit_call(&mut self, bases: *mut PyObject) -> bool {
        const WORD: usize = size_of::<*mut c_void>();
        // SAFETY: the caller passes a tuple or null. Anything but a type is left to CPython to
        // reject.
        let inherited = unsafe {
            if self.info.in_side_table
                || bases.is_null()
                || !capi::has_type_flag(bases, capi::Py_TPFLAGS_TUPLE_SUBCLASS)
            {
                return false;
            }
            (0..capi::tuple_len(bases))
                .map(|index| capi::tuple_item(bases, index))
                .filter(|base| capi::is_type(*base))
                .flat_map(|base| hpy_bases(base))
                .find(|info| info.vectorcall_offset != 0)
        };
        let Some(inherited) = inherited else {
            return false;
        };
        self.info.vectorcall = inherited.vectorcall;
        self.info.names_call_word = inherited.names_call_word;
        let (offset, end) = (inherited.vectorcall_offset, self.basicsize);
        let own = end > offset && !inherited.names_call_word;
        self.info.vectorcall_offset = if own { aligned(end) } else { offset };
        if end != 0 {
            self.basicsize = end.max(self.info.vectorcall_offset + WORD);
        }
        own
    }

    /// Whether the type derives from `object` and the deallocation of an instance only frees it.
    fn is_plain(&self) -> bool {
        let collected = capi::Py_TPFLAGS_HAVE_GC as core::ffi::c_uint;
        // From 3.14 on CPython's own function gives the reference to the type back without a write
        // to a word that all threads share.
        let counts_alone = capi::mutable_in_line() || capi::version() < (3, 14);
        capi::layout_known()
            && counts_alone
            && self.info.shape == HPyType_BuiltinShape_Object
            && !self.info.needs_dealloc()
            && !self.info.weakly_referenced
            && self.info.dict_offset == 0
            // CPython's function for Python classes releases their contents, unless it finds
            // another function first.
            && !self.holds_objects
            && self.flags & collected == 0
            && !self.slots.iter().any(|slot| slot.slot == Py_tp_finalize)
    }

    /// Ensures that the data does not overlap what a base has in its instances.
    unsafe fn fit(&mut self, bases: *mut PyObject) -> Result<(), Raised> {
        if self.info.data_size != 0 {
            // SAFETY: as promised by the caller.
            self.basicsize = unsafe { larger_than(bases) };
            return Ok(());
        }
        // The data of a legacy type includes that of its base.
        if self.basicsize == 0 || self.info.data_offset == 0 {
            return Ok(());
        }
        let own_end = self.basicsize;
        self.info.data_end = own_end;
        // SAFETY: the caller passes a tuple or null. Anything but a type is left to CPython to
        // reject.
        unsafe {
            if bases.is_null() || !capi::has_type_flag(bases, capi::Py_TPFLAGS_TUPLE_SUBCLASS) {
                return Ok(());
            }
            for index in 0..capi::tuple_len(bases) {
                let base = capi::tuple_item(bases, index);
                if !capi::is_type(base) {
                    continue;
                }
                if capi::size_attribute(base, c"__itemsize__") != 0
                    && !(self.info.shape == HPyType_BuiltinShape_Type
                        && capi::PyType_IsSubtype(base, capi::PyType_Type()) != 0)
                {
                    return Err(raise(
                        capi::PyExc_TypeError(),
                        c"the type's data would overlap the items of a base class: its shape is \
                          another's",
                    ));
                }
                let size = capi::basicsize(base);
                let known_end = hpy_bases(base)
                    .map(|info| info.data_end)
                    .find(|end| *end != 0)
                    .unwrap_or(self.info.data_offset);
                // After the data that this type repeats, the base has words of its own.
                if size > known_end {
                    if own_end > known_end {
                        return Err(raise(
                            capi::PyExc_TypeError(),
                            c"the type's data would overlap the attributes of a base class",
                        ));
                    }
                    self.basicsize = self.basicsize.max(size);
                }
            }
        }
        Ok(())
    }

    fn slot(&mut self, spec: &HPyType_Spec, slot: &HPySlot) -> Result<(), Raised> {
        match slot.slot {
            // SAFETY: a slot's number determines the type of its implementation.
            HPy_tp_destroy => unsafe {
                self.info.destroy = core::mem::transmute::<
                    crate::HPyCFunction,
                    Option<HPyFunc_destroyfunc>,
                >(slot.r#impl);
            },
            // SAFETY: as above.
            HPy_tp_traverse => unsafe {
                self.info.traverse = core::mem::transmute::<
                    crate::HPyCFunction,
                    Option<HPyFunc_traverseproc>,
                >(slot.r#impl);
            },
            HPy_tp_call => self.call(spec, slot)?,
            HPy_tp_new => {
                self.info.new = slot.r#impl;
                self.push(Py_tp_new, address(slot.cpy_trampoline));
            }
            // The other numbers are CPython's.
            HPySlot_Slot(number) => self.push(number, address(slot.cpy_trampoline)),
        }
        Ok(())
    }

    /// Instances get a hidden word at their end for the vectorcall function.
    fn call(&mut self, spec: &HPyType_Spec, slot: &HPySlot) -> Result<(), Raised> {
        if spec.itemsize != 0 {
            return Err(raise(
                capi::PyExc_TypeError(),
                c"Cannot use HPy call protocol with var objects",
            ));
        }
        if self.info.in_side_table {
            return Err(no_call_protocol());
        }
        let end = if self.basicsize == 0 {
            self.info.data_offset
        } else {
            self.basicsize
        };
        if end == 0 {
            return Err(raise(
                capi::PyExc_TypeError(),
                c"Cannot use HPy call protocol with legacy types that inherit the struct. Either \
                  set the basicsize to a non-zero value or use legacy slot 'Py_tp_call'.",
            ));
        }
        self.info.vectorcall = address(slot.cpy_trampoline);
        self.info.vectorcall_offset = aligned(end);
        self.basicsize = self.info.vectorcall_offset + size_of::<*mut c_void>();
        Ok(())
    }

    unsafe fn legacy(&mut self, mut next: *const PyType_Slot) -> Legacy {
        let mut legacy = Legacy {
            methods: core::ptr::null(),
            members: core::ptr::null(),
            getsets: core::ptr::null(),
        };
        // SAFETY: the array is null or ends with slot 0.
        unsafe {
            while !next.is_null() && (*next).slot != 0 {
                let slot = *next;
                match slot.slot {
                    Py_tp_methods => legacy.methods = slot.pfunc.cast(),
                    Py_tp_members => legacy.members = slot.pfunc.cast(),
                    Py_tp_getset => legacy.getsets = slot.pfunc.cast(),
                    _ => self.slots.push(slot),
                }
                next = next.add(1);
            }
        }
        legacy
    }

    unsafe fn members(
        &mut self,
        spec: &HPyType_Spec,
        mut legacy: *const PyMemberDef,
        has_call_word: bool,
    ) -> Result<(), Raised> {
        const SSIZE: c_int = 19;
        const OBJECT: c_int = 6;
        const OBJECT_EX: c_int = 16;
        const READONLY: c_int = 1;
        let implicit = if has_call_word {
            self.info.vectorcall_offset
        } else {
            0
        };
        let mut explicit = 0;
        let mut table = Vec::new();
        // SAFETY: as for `fill`. Names are C strings. The legacy table is null or ends with a null
        // name.
        unsafe {
            for definition in definitions(spec.defines) {
                if definition.kind == HPyDef_Kind_Member {
                    let member = definition.definition.member;
                    let place = PyMemberDef {
                        name: member.name,
                        r#type: member.r#type.0,
                        offset: member.offset + self.info.data_offset as isize,
                        flags: if member.readonly != 0 { READONLY } else { 0 },
                        doc: member.doc,
                    };
                    if self.info.in_side_table {
                        self.side_table_member(place);
                    } else {
                        table.push(place);
                    }
                }
            }
            while !legacy.is_null() && !(*legacy).name.is_null() {
                table.push(*legacy);
                legacy = legacy.add(1);
            }
            for member in &table {
                let name = CStr::from_ptr(member.name);
                if name == VECTORCALL_OFFSET {
                    explicit = member.offset as usize;
                }
                self.holds_objects |= matches!(member.r#type, OBJECT | OBJECT_EX);
                self.info.weakly_referenced |= name == c"__weaklistoffset__";
                if name == c"__dictoffset__" {
                    self.info.dict_offset = usize::try_from(member.offset).unwrap_or(0);
                }
            }
        }
        let members = !table.is_empty() || !self.side_table_members.is_empty();
        if self.basicsize == 0 && self.info.data_size == 0 && members {
            return Err(raise(
                capi::PyExc_TypeError(),
                c"Type claims to have basicsize==0 but defines members",
            ));
        }
        if implicit != 0 && explicit != 0 {
            return Err(raise(
                capi::PyExc_TypeError(),
                c"Cannot have HPy_tp_call and explicit member '__vectorcalloffset__'. Specify \
                  just one of them.",
            ));
        }
        if implicit != 0 {
            table.push(PyMemberDef {
                name: VECTORCALL_OFFSET.as_ptr(),
                r#type: SSIZE,
                offset: implicit as isize,
                flags: READONLY,
                doc: core::ptr::null(),
            });
        }
        if explicit != 0 {
            self.info.vectorcall_offset = explicit;
        }
        table.push(PyMemberDef {
            name: core::ptr::null(),
            r#type: 0,
            offset: 0,
            flags: 0,
            doc: core::ptr::null(),
        });
        self.push(Py_tp_members, forever(table).cast());
        Ok(())
    }

    fn side_table_member(&mut self, member: PyMemberDef) {
        let get: unsafe extern "C" fn(_, _) -> _ = side_table::get_member;
        let set: unsafe extern "C" fn(_, _, _) -> _ = side_table::set_member;
        // SAFETY: CPython calls them as getter and setter.
        let (get, set) = unsafe {
            (
                core::mem::transmute::<Getter, unsafe extern "C" fn()>(get),
                core::mem::transmute::<Setter, unsafe extern "C" fn()>(set),
            )
        };
        self.side_table_members.push(PyGetSetDef {
            name: member.name,
            get: Some(get),
            set: Some(set),
            doc: member.doc,
            closure: forever(vec![member]).cast(),
        });
    }

    unsafe fn getsets(&mut self, spec: &HPyType_Spec, mut legacy: *const PyGetSetDef) {
        let mut table = core::mem::take(&mut self.side_table_members);
        // SAFETY: as for `members`.
        unsafe {
            for definition in definitions(spec.defines) {
                if definition.kind == HPyDef_Kind_GetSet {
                    let getset = definition.definition.getset;
                    table.push(PyGetSetDef {
                        name: getset.name,
                        get: getset.getter_cpy_trampoline,
                        set: getset.setter_cpy_trampoline,
                        doc: getset.doc,
                        closure: getset.closure,
                    });
                }
            }
            while !legacy.is_null() && !(*legacy).name.is_null() {
                table.push(*legacy);
                legacy = legacy.add(1);
            }
        }
        table.push(PyGetSetDef {
            name: core::ptr::null(),
            get: None,
            set: None,
            doc: core::ptr::null(),
            closure: core::ptr::null_mut(),
        });
        self.push(Py_tp_getset, forever(table).cast());
    }
}
