//! Types on PyPy, which needs more checks than CPython:
//!
//! - `T.__new__(S)` calls the C function for any `S`, and reads out of bounds if there are no
//!   arguments. So types get a `__new__` that checks first.
//! - Reading a member that is always None fails. Such members become attributes with functions.
//! - Types that extend tuple claim to have no items, so C code cannot receive an instance that has
//!   some.
//! - Instances are pickled without their data. CPython refuses to pickle them unless the type
//!   defines how.

use super::python_source::define;
use crate::capi::*;
use core::ffi::{CStr, c_int, c_void};
use core::ptr::{null, null_mut};
use core::sync::atomic::{AtomicPtr, Ordering};

/// `PyType_FromSpecWithBases`, with what is missing in PyPy's. It is not a replacement, so that
/// only extensions with types contain it.
///
/// # Safety
/// As for the C function. The spec is complete, and its tables are valid forever.
pub unsafe fn type_from_spec(spec: *mut PyType_Spec, bases: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        if on_pypy() {
            from_spec(spec, bases)
        } else {
            PyType_FromSpecWithBases(spec, bases)
        }
    }
}

/// PyPy's `PyType_FromSpecWithBases`, and what is missing in it.
///
/// # Safety
/// As for PyPy's own function. The spec is complete, and its tables are valid forever.
unsafe fn from_spec(spec: *const PyType_Spec, bases: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        if !bases.is_null() && has_type_flag(bases, Py_TPFLAGS_TUPLE_SUBCLASS) {
            let mut items = (0..PyTuple_Size(bases)).map(|index| PyTuple_GetItem(bases, index));
            if !items.all(|base| is_type(base)) {
                return refuse(c"bases must be types");
            }
        }
        let spec = &*spec;
        let mut slots = with_getters_for_none(spec.slots);
        let with_data = spec.basicsize as usize > header_size();
        let mut seen = PyType_Spec {
            slots: slots.as_mut_ptr(),
            ..*spec
        };
        let type_ = PyType_FromSpecWithBases(&mut seen, bases);
        if type_.is_null() {
            return type_;
        }
        if spec.itemsize == 0 && type_flags(type_) & Py_TPFLAGS_TUPLE_SUBCLASS != 0 {
            set_itemsize_on_pypy(type_, 0, size_of::<*mut PyObject>() as isize);
        }
        if (with_data && refuse_pickling(type_) < 0) || look_before_new(type_) < 0 {
            Py_DecRef(type_);
            return null_mut();
        }
        type_
    }
}

/// `structmember.h`'s `T_NONE`.
const T_NONE: c_int = 20;
const READONLY: c_int = 1;

/// The slots with attributes in place of members that are always None.
unsafe fn with_getters_for_none(mut next: *const PyType_Slot) -> Vec<PyType_Slot> {
    let (mut slots, mut none) = (Vec::new(), Vec::new());
    // SAFETY: the slots end with slot 0, and the tables end with an entry without a name.
    unsafe {
        while (*next).slot != 0 {
            if (*next).slot == Py_tp_members {
                let mut member = (*next).pfunc.cast::<PyMemberDef>();
                while !member.is_null() && !(*member).name.is_null() {
                    if (*member).r#type == T_NONE {
                        none.push(*member);
                    }
                    member = member.add(1);
                }
            }
            slots.push(*next);
            next = next.add(1);
        }
        if !none.is_empty() {
            replace_members(&mut slots, &none);
        }
        slots.push(*next);
    }
    slots
}

unsafe fn replace_members(slots: &mut Vec<PyType_Slot>, none: &[PyMemberDef]) {
    let (mut members, mut getsets) = (Vec::new(), Vec::new());
    // SAFETY: as for `with_getters_for_none`. Zeros end both tables.
    unsafe {
        for slot in &*slots {
            let (mut member, mut getset) = (null::<PyMemberDef>(), null::<PyGetSetDef>());
            match slot.slot {
                Py_tp_members => member = slot.pfunc.cast(),
                Py_tp_getset => getset = slot.pfunc.cast(),
                _ => {}
            }
            while !member.is_null() && !(*member).name.is_null() {
                if (*member).r#type != T_NONE {
                    members.push(*member);
                }
                member = member.add(1);
            }
            while !getset.is_null() && !(*getset).name.is_null() {
                getsets.push(*getset);
                getset = getset.add(1);
            }
        }
        getsets.extend(none.iter().map(|member| PyGetSetDef {
            name: member.name,
            get: Some(core::mem::transmute::<*const (), unsafe extern "C" fn()>(
                get_none as *const (),
            )),
            set: if member.flags & READONLY != 0 {
                None
            } else {
                Some(core::mem::transmute::<*const (), unsafe extern "C" fn()>(
                    set_none as *const (),
                ))
            },
            doc: member.doc,
            closure: null_mut(),
        }));
        members.push(core::mem::zeroed());
        getsets.push(core::mem::zeroed());
        slots.retain(|slot| !matches!(slot.slot, Py_tp_members | Py_tp_getset));
        slots.push(PyType_Slot {
            slot: Py_tp_members,
            pfunc: members.leak().as_mut_ptr().cast(),
        });
        slots.push(PyType_Slot {
            slot: Py_tp_getset,
            pfunc: getsets.leak().as_mut_ptr().cast(),
        });
    }
}

unsafe extern "C" fn get_none(_: *mut PyObject, _: *mut c_void) -> *mut PyObject {
    // SAFETY: called with the thread attached.
    unsafe { new_ref(_Py_NoneStruct()) }
}

unsafe extern "C" fn set_none(_: *mut PyObject, value: *mut PyObject, _: *mut c_void) -> c_int {
    // SAFETY: called with the thread attached.
    unsafe {
        let (kind, message) = if value.is_null() {
            (PyExc_TypeError(), c"the attribute cannot be deleted")
        } else {
            (PyExc_SystemError(), c"the attribute is always None")
        };
        PyErr_SetString(kind, message.as_ptr());
    }
    -1
}

/// Gives the type a `__new__` that checks its arguments, if it has one in C.
unsafe fn look_before_new(type_: *mut PyObject) -> c_int {
    struct Def(PyMethodDef);
    // SAFETY: nobody writes to it.
    unsafe impl Sync for Def {}
    const METH_VARARGS: c_int = 1;
    static DEF: Def = Def(PyMethodDef {
        ml_name: NEW.as_ptr(),
        // SAFETY: the flags determine the function's type.
        ml_meth: Some(unsafe {
            core::mem::transmute::<
                unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject,
                unsafe extern "C" fn(),
            >(new)
        }),
        ml_flags: METH_VARARGS | METH_KEYWORDS,
        ml_doc: null(),
    });
    // SAFETY: the caller passes a new type. References are released once.
    unsafe {
        let base = type_slot(type_, Py_tp_base).cast::<PyObject>();
        let (own, inherited) = (
            PyObject_GetAttrString(type_, NEW.as_ptr()),
            PyObject_GetAttrString(base, NEW.as_ptr()),
        );
        let none = own.is_null() || inherited.is_null() || own == inherited;
        xdecref(own);
        xdecref(inherited);
        if none {
            PyErr_Clear();
            return 0;
        }
        set_new(type_, &DEF.0)
    }
}

/// Makes a function of the definition the type's `__new__`, if PyPy can make one.
unsafe fn set_new(type_: *mut PyObject, definition: &'static PyMethodDef) -> c_int {
    type NewFunction = unsafe extern "C" fn(
        *const PyMethodDef,
        *mut PyObject,
        *mut PyObject,
        *mut PyObject,
    ) -> *mut PyObject;
    // SAFETY: the caller passes a type. PyPy's function has this type. References are released
    // once.
    unsafe {
        let make = resolved::symbol(c"PyCMethod_New");
        let Some(make) = core::mem::transmute::<*mut c_void, Option<NewFunction>>(make) else {
            return 0;
        };
        let function = make(definition, type_, null_mut(), null_mut());
        if function.is_null() {
            return -1;
        }
        let set = PyObject_SetAttrString(type_, NEW.as_ptr(), function);
        Py_DecRef(function);
        set
    }
}

const NEW: &CStr = c"__new__";

/// Has `T.__new__(S, ...)` call a function with `T` and all arguments in an array, which takes two
/// tuples less. Nothing changes where that cannot be.
///
/// # Safety
/// `type_` is a new type with a `__new__` in C, and the function takes [`class_of_new`] for the
/// class.
pub(in crate::capi) unsafe fn set_new_by_array(type_: *mut PyObject, function: vectorcallfunc) {
    let definition = Box::new(PyMethodDef {
        ml_name: NEW.as_ptr(),
        // SAFETY: the flags determine the function's type.
        ml_meth: Some(unsafe {
            core::mem::transmute::<vectorcallfunc, unsafe extern "C" fn()>(function)
        }),
        ml_flags: METH_FASTCALL | METH_KEYWORDS,
        ml_doc: null(),
    });
    // SAFETY: as promised by the caller. Types are for ever, and so is the definition.
    unsafe {
        if set_new(type_, Box::leak(definition)) < 0 {
            PyErr_Clear();
        }
    }
}

/// The `S` of `T.__new__(S, ...)`, where `type_` is `T`. Null with an exception if the type's
/// `__new__` must not make its instances.
///
/// # Safety
/// `type_` is a type, the array has so many objects, and the thread is attached.
#[inline(never)]
pub unsafe fn class_of_new(
    type_: *mut PyObject,
    args: *const *mut PyObject,
    nargs: usize,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        if nargs == 0 {
            return refuse(c"__new__(): not enough arguments");
        }
        let class = *args;
        if class != type_ {
            if !is_type(class) {
                return refuse(c"__new__(X): X is not a type");
            }
            if !has_memory_of(class, type_) {
                return refuse(c"__new__(X): X is not a subtype");
            }
            if overtaken(type_, class) {
                return refuse(c"__new__(X) is not safe: X has a __new__ of its own");
            }
        }
        class
    }
}

/// `T.__new__(S, ...)`, where `type_` is `T`.
unsafe extern "C" fn new(
    type_: *mut PyObject,
    args: *mut PyObject,
    kw: *mut PyObject,
) -> *mut PyObject {
    type New = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject;
    // SAFETY: PyPy calls it with the arguments of its definition. References are released once.
    unsafe {
        let count = PyTuple_Size(args);
        // Null without arguments, and with an exception that is replaced.
        let first = PyTuple_GetItem(args, 0);
        let class = class_of_new(type_, &first, usize::from(count > 0));
        if class.is_null() {
            return class;
        }
        let Some(new) =
            core::mem::transmute::<*mut c_void, Option<New>>(type_slot(type_, Py_tp_new))
        else {
            return refuse(c"cannot create instances");
        };
        let rest = PySequence_GetSlice(args, 1, count);
        if rest.is_null() {
            return rest;
        }
        let instance = new(class, rest, kw);
        Py_DecRef(rest);
        instance
    }
}

#[cold]
unsafe fn refuse(message: &CStr) -> *mut PyObject {
    // SAFETY: the thread is attached.
    unsafe { PyErr_SetString(PyExc_TypeError(), message.as_ptr()) };
    null_mut()
}

/// Whether a class between the type and `class` has another `__new__` in C, which must be called
/// instead.
unsafe fn overtaken(type_: *mut PyObject, class: *mut PyObject) -> bool {
    // SAFETY: the caller passes a type and a subtype. Types keep their bases alive. References are
    // released once.
    unsafe {
        // A class that inherits the function has it in the same slot. One in Python has another if
        // it defines `__new__`.
        let slot = type_slot(type_, Py_tp_new);
        let mut next = class;
        while next != type_ && !next.is_null() && type_slot(next, Py_tp_new) == slot {
            next = type_slot(next, Py_tp_base).cast();
        }
        if next == type_ {
            return false;
        }
        let own = attribute_new(type_);
        let mut next = class;
        let mut found = false;
        while !found && !own.is_null() && !next.is_null() && next != type_ {
            let new = attribute_new(next);
            if !new.is_null() && new != own {
                let (kind, owns) = (PyObject_Type(new), PyObject_Type(own));
                found = kind == owns;
                Py_DecRef(kind);
                Py_DecRef(owns);
            }
            xdecref(new);
            next = type_slot(next, Py_tp_base).cast();
        }
        xdecref(own);
        PyErr_Clear();
        found
    }
}

/// A type's `__new__`, by a str that is made once. Null with an exception.
unsafe fn attribute_new(type_: *mut PyObject) -> *mut PyObject {
    static NAME: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());
    // SAFETY: the caller passes a type. The str is kept for ever.
    unsafe {
        let mut name = NAME.load(Ordering::Relaxed);
        if name.is_null() {
            name = PyUnicode_InternFromString(NEW.as_ptr());
            if name.is_null() {
                return name;
            }
            NAME.store(name, Ordering::Relaxed);
        }
        PyObject_GetAttr(type_, name)
    }
}

const SOURCE: &CStr = c"\
def without_pickling(
    T,
    object=object,
    plain=(list, dict),
    ways=('__getnewargs_ex__', '__getnewargs__'),
):
    def __reduce_ex__(self, protocol):
        of = type(self)
        if (
            of.__reduce__ is object.__reduce__
            and of.__getstate__ is object.__getstate__
            and not issubclass(of, plain)
            and not any(hasattr(of, name) for name in ways)
        ):
            raise TypeError(f'cannot pickle {of.__name__!r} object')
        return super(T, self).__reduce_ex__(protocol)

    if '__reduce_ex__' not in T.__dict__:
        T.__reduce_ex__ = __reduce_ex__
";

/// The function above, after the first type with data was made.
static WITHOUT_PICKLING: AtomicPtr<PyObject> = AtomicPtr::new(null_mut());

unsafe fn refuse_pickling(type_: *mut PyObject) -> c_int {
    // SAFETY: the caller passes a new type. References are released once, except the cached one to
    // the function.
    unsafe {
        let mut function = WITHOUT_PICKLING.load(Ordering::Relaxed);
        if function.is_null() {
            let Some([made]) = define(SOURCE, [c"without_pickling"]) else {
                return -1;
            };
            WITHOUT_PICKLING.store(made, Ordering::Relaxed);
            function = made;
        }
        let args = [type_];
        let done = PyObject_VectorcallDict(function, args.as_ptr(), 1, null_mut());
        xdecref(done);
        if done.is_null() { -1 } else { 0 }
    }
}
