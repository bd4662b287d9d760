//! The structs by which an extension describes its modules, types and functions.
//!
//! They must be in writable statics, because runtimes keep pointers to them and change them.

use crate::HPyContext;
use crate::enums::*;
use crate::handles::*;
use core::ffi::{c_char, c_int, c_ulong, c_void};

/// A method: of a module or of a type.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct HPyMeth {
    /// The name, NUL-terminated UTF-8.
    pub name: *const c_char,
    /// The implementation, in HPy's calling convention.
    pub r#impl: HPyCFunction,
    /// The function CPython calls, in the C API's calling convention.
    pub cpy_trampoline: HPyCFunction,
    /// The calling convention.
    pub signature: HPyFunc_Signature,
    /// The docstring or null.
    pub doc: *const c_char,
}

/// A slot of a type or module.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct HPySlot {
    /// Which slot.
    pub slot: HPySlot_Slot,
    /// The implementation, in HPy's calling convention.
    pub r#impl: HPyCFunction,
    /// The function CPython calls, in the C API's calling convention.
    pub cpy_trampoline: HPyCFunction,
}

/// A member: an attribute that is a C field of the instance's data.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct HPyMember {
    /// The name, NUL-terminated UTF-8.
    pub name: *const c_char,
    /// The C type of the field.
    pub r#type: HPyMember_FieldType,
    /// The offset in the data, in bytes.
    pub offset: HPy_ssize_t,
    /// Not 0 if Python may not assign.
    pub readonly: c_int,
    /// The docstring or null.
    pub doc: *const c_char,
}

/// An attribute with a getter and perhaps a setter.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct HPyGetSet {
    /// The name, NUL-terminated UTF-8.
    pub name: *const c_char,
    /// The getter, in HPy's calling convention.
    pub getter_impl: HPyCFunction,
    /// The setter, in HPy's calling convention.
    pub setter_impl: HPyCFunction,
    /// The getter CPython calls.
    pub getter_cpy_trampoline: HPyCFunction,
    /// The setter CPython calls.
    pub setter_cpy_trampoline: HPyCFunction,
    /// The docstring or null.
    pub doc: *const c_char,
    /// Passed to getter and setter.
    pub closure: *mut c_void,
}

/// One definition: a slot, method, member or attribute.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct HPyDef {
    /// Which field of `definition` is meant.
    pub kind: HPyDef_Kind,
    /// The definition.
    pub definition: HPyDef_Union,
}

/// What an [`HPyDef`] defines.
#[repr(C)]
#[derive(Clone, Copy)]
pub union HPyDef_Union {
    /// With [`HPyDef_Kind_Slot`].
    pub slot: HPySlot,
    /// With [`HPyDef_Kind_Meth`].
    pub meth: HPyMeth,
    /// With [`HPyDef_Kind_Member`].
    pub member: HPyMember,
    /// With [`HPyDef_Kind_GetSet`].
    pub getset: HPyGetSet,
}

impl HPyDef {
    /// The definition of a method.
    pub const fn method(meth: HPyMeth) -> Self {
        Self {
            kind: HPyDef_Kind_Meth,
            definition: HPyDef_Union { meth },
        }
    }

    /// The definition of a slot.
    pub const fn slot(slot: HPySlot) -> Self {
        Self {
            kind: HPyDef_Kind_Slot,
            definition: HPyDef_Union { slot },
        }
    }

    /// The definition of a member.
    pub const fn member(member: HPyMember) -> Self {
        Self {
            kind: HPyDef_Kind_Member,
            definition: HPyDef_Union { member },
        }
    }

    /// The definition of an attribute with a getter.
    pub const fn getset(getset: HPyGetSet) -> Self {
        Self {
            kind: HPyDef_Kind_GetSet,
            definition: HPyDef_Union { getset },
        }
    }
}

/// A module.
#[repr(C)]
pub struct HPyModuleDef {
    /// The docstring or null.
    pub doc: *const c_char,
    /// Must be 0: HPy has no module state.
    pub size: HPy_ssize_t,
    /// A `PyMethodDef` array or null.
    pub legacy_methods: *mut c_void,
    /// Pointers to the definitions, null-terminated, or null.
    pub defines: *mut *mut HPyDef,
    /// Pointers to the globals, null-terminated, or null.
    pub globals: *mut *mut HPyGlobal,
}

/// A type.
#[repr(C)]
pub struct HPyType_Spec {
    /// The dotted name.
    pub name: *const c_char,
    /// The size of the data in bytes; 0 inherits it.
    pub basicsize: c_int,
    /// The size of an item of the data in bytes; 0 for fixed size.
    pub itemsize: c_int,
    /// `HPy_TPFLAGS_…`
    pub flags: c_ulong,
    /// What precedes the data.
    pub builtin_shape: HPyType_BuiltinShape,
    /// A `PyType_Slot` array or null.
    pub legacy_slots: *mut c_void,
    /// Pointers to the definitions, null-terminated, or null.
    pub defines: *mut *mut HPyDef,
    /// The docstring or null.
    pub doc: *const c_char,
}

/// A parameter of `HPyType_FromSpec`; a list of them ends with kind 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct HPyType_SpecParam {
    /// What `object` is.
    pub kind: HPyType_SpecParam_Kind,
    /// The base, tuple of bases or metaclass.
    pub object: HPy,
}

/// The function set by `HPy_SetCallFunction`, with the KEYWORDS convention.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct HPyCallFunction {
    /// The function CPython calls.
    pub cpy_trampoline: HPyCFunction,
    /// The implementation.
    pub r#impl: HPyCFunction,
}

/// A capsule's destructor.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct HPyCapsule_Destructor {
    /// The function CPython calls, with the capsule.
    pub cpy_trampoline: HPyCFunction,
    /// The implementation, with name, pointer and context of the capsule.
    pub r#impl: Option<unsafe extern "C" fn(*const c_char, *mut c_void, *mut c_void)>,
}

/// A view of memory that an object exports.
#[repr(C)]
pub struct HPy_buffer {
    /// The memory.
    pub buf: *mut c_void,
    /// The exporting object, owned.
    pub obj: HPy,
    /// Bytes in all.
    pub len: HPy_ssize_t,
    /// Bytes of an item.
    pub itemsize: HPy_ssize_t,
    /// Not 0 if the memory may not be written.
    pub readonly: c_int,
    /// Dimensions.
    pub ndim: c_int,
    /// The items' type in the notation of the `struct` module. Null means bytes, but use `B`:
    /// GraalPy 24's HPy dereferences null.
    pub format: *mut c_char,
    /// Items along each dimension.
    pub shape: *mut HPy_ssize_t,
    /// Bytes from one item to the next along each dimension.
    pub strides: *mut HPy_ssize_t,
    /// For arrays of pointers, else null.
    pub suboffsets: *mut HPy_ssize_t,
    /// For the exporter.
    pub internal: *mut c_void,
}

/// `HPyFunc_NOARGS`.
pub type HPyFunc_noargs = unsafe extern "C" fn(*mut HPyContext, HPy) -> HPy;
/// `HPyFunc_O`.
pub type HPyFunc_o = unsafe extern "C" fn(*mut HPyContext, HPy, HPy) -> HPy;
/// `HPyFunc_VARARGS`.
pub type HPyFunc_varargs = unsafe extern "C" fn(*mut HPyContext, HPy, *const HPy, usize) -> HPy;
/// `HPyFunc_KEYWORDS`: the values of keywords follow the positional ones, `kwnames` names them.
pub type HPyFunc_keywords =
    unsafe extern "C" fn(*mut HPyContext, HPy, *const HPy, usize, HPy) -> HPy;
/// What a `tp_traverse` calls for each field.
pub type HPyFunc_visitproc = unsafe extern "C" fn(*mut HPyField, *mut c_void) -> c_int;
/// `HPyFunc_TRAVERSEPROC`.
pub type HPyFunc_traverseproc =
    unsafe extern "C" fn(*mut c_void, HPyFunc_visitproc, *mut c_void) -> c_int;
/// `HPyFunc_DESTROYFUNC`.
pub type HPyFunc_destroyfunc = unsafe extern "C" fn(*mut c_void);

/// A static that runtimes may write to. It is accessible only through a raw pointer.
///
/// ```
/// use hpy_sys::{HPyGlobal, Static};
/// static CACHE: Static<HPyGlobal> = Static::new(HPyGlobal::NULL);
/// assert!(!CACHE.as_ptr().is_null());
/// ```
#[repr(transparent)]
pub struct Static<T>(core::cell::UnsafeCell<T>);

// SAFETY: a `Static` gives out only raw pointers. Code that dereferences one is responsible for the
// access.
unsafe impl<T> Sync for Static<T> {}

impl<T> Static<T> {
    /// Puts `value` in a static.
    pub const fn new(value: T) -> Self {
        Self(core::cell::UnsafeCell::new(value))
    }

    /// Its address.
    pub const fn as_ptr(&self) -> *mut T {
        self.0.get()
    }
}
