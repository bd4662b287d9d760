//! Types and their instances.

use super::methods::{Raised, definitions, raise, raise_text};
use crate::capi::{self, PyObject, PyType_Spec};
use crate::definitions::*;
use crate::enums::*;
use crate::handles::HPy;
use core::ffi::{CStr, c_int, c_uint, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

#[cfg(feature = "universal")]
pub use call_method::set_call_method;
pub use registry::TypeInfo;
pub use shapes::data_in_line;
pub use spec_builder::CLASS_METHOD;

#[cfg(feature = "universal")]
mod call_method;
mod layout_base;
mod lifetime;
mod metaclass;
mod names;
mod referents;
mod registry;
mod shapes;
mod side_table;
mod spec_builder;
mod trashcan;

pub(super) use lifetime::traverse;
pub(super) use names::HPyType_GetName;
pub(super) use shapes::*;

pub(super) unsafe fn HPyType_FromSpec(
    spec: *mut HPyType_Spec,
    params: *mut HPyType_SpecParam,
) -> *mut PyObject {
    // SAFETY: the caller's spec is valid forever, the params for the call.
    unsafe { from_spec(&*spec, params) }.unwrap_or(core::ptr::null_mut())
}

unsafe fn from_spec(
    spec: &HPyType_Spec,
    params: *mut HPyType_SpecParam,
) -> Result<*mut PyObject, Raised> {
    // SAFETY: as for `HPyType_FromSpec`. `bases` is released once.
    unsafe {
        let params = Params::read(spec, params)?;
        check_legacy(spec)?;
        if spec.flags & HPy_TPFLAGS_HAVE_GC != 0 && !defines(spec, HPy_tp_traverse) {
            return Err(raise(
                capi::PyExc_ValueError(),
                c"You must provide an HPy_tp_traverse slot if you specify HPy_TPFLAGS_HAVE_GC",
            ));
        }
        let Some(data_offset) = data_offset(spec.builtin_shape) else {
            return Err(raise_text(
                capi::PyExc_ValueError(),
                &format!("invalid shape: {}", spec.builtin_shape.0),
            ));
        };
        let size = usize::try_from(spec.basicsize).unwrap_or(0);
        if capi::on_graalpy()
            && size != 0
            && matches!(
                spec.builtin_shape,
                HPyType_BuiltinShape_List | HPyType_BuiltinShape_Type
            )
        {
            // Lists, classes and instances of their subclasses are Java objects there. They have no
            // memory for data, and their deallocation is not reported.
            return Err(raise(
                capi::PyExc_NotImplementedError(),
                c"types that extend list or type cannot have data on GraalPy",
            ));
        }
        let mut info = TypeInfo::new(spec.builtin_shape, data_offset);
        info.in_side_table = uses_side_table(spec.builtin_shape);
        if info.in_side_table {
            info.data_size = size;
            info.data_offset = 0;
        }
        let mut builder = spec_builder::SpecBuilder {
            slots: Vec::new(),
            basicsize: match size {
                0 => 0,
                _ if info.in_side_table => 0,
                size => size + data_offset,
            },
            info,
            side_table_members: Vec::new(),
            holds_objects: false,
            flags: spec.flags as c_uint,
        };
        let mut bases = params.bases()?;
        if let Err(raised) = builder.fill(spec, bases) {
            capi::xdecref_cold(bases);
            return Err(raised);
        }
        let needs_layout_base = capi::merges_layouts()
            && size != 0
            && spec.builtin_shape != HPyType_BuiltinShape_Legacy;
        let checked = if needs_layout_base {
            layout_base::check_bases(bases, spec.builtin_shape)
        } else {
            Ok(())
        };
        if let Err(raised) = checked.and_then(|()| builder.finish(bases)) {
            capi::xdecref_cold(bases);
            return Err(raised);
        }
        if capi::merges_layouts() && builder.basicsize != 0 {
            bases = layout_base::with_layout_base(bases, spec.builtin_shape, data_offset)?;
        }
        let name = CStr::from_ptr(spec.name).to_owned().into_raw();
        let mut cpython = PyType_Spec {
            name,
            basicsize: builder.basicsize as c_int,
            itemsize: spec.itemsize,
            flags: builder.flags,
            slots: builder.slots.as_mut_ptr(),
        };
        registry::register(builder.info);
        let type_ = metaclass::make(&mut cpython, bases, params.metaclass);
        capi::xdecref_cold(bases);
        let type_ = type_?;
        if spec.builtin_shape == HPyType_BuiltinShape_Legacy && inherits_pure(type_) {
            capi::xdecref_cold(type_);
            return Err(raise(
                capi::PyExc_TypeError(),
                c"A legacy type should not inherit its memory layout from a pure type",
            ));
        }
        Ok(type_)
    }
}

/// The params, with borrowed objects.
struct Params {
    bases: Vec<*mut PyObject>,
    tuple: *mut PyObject,
    metaclass: *mut PyObject,
}

impl Params {
    unsafe fn read(spec: &HPyType_Spec, mut next: *mut HPyType_SpecParam) -> Result<Self, Raised> {
        let mut params = Self {
            bases: Vec::new(),
            tuple: core::ptr::null_mut(),
            metaclass: core::ptr::null_mut(),
        };
        // SAFETY: the array is null or ends with kind 0; its handles are open.
        unsafe {
            while !next.is_null() && (*next).kind.0 != 0 {
                let HPyType_SpecParam { kind, object } = *next;
                let o = object._i as *mut PyObject;
                match kind {
                    HPyType_SpecParam_Base => params.bases.push(o),
                    HPyType_SpecParam_BasesTuple if params.tuple.is_null() => params.tuple = o,
                    HPyType_SpecParam_BasesTuple => {
                        return Err(raise(
                            capi::PyExc_TypeError(),
                            c"multiple specifications of HPyType_SpecParam_BasesTuple",
                        ));
                    }
                    HPyType_SpecParam_Metaclass => params.set_metaclass(o)?,
                    _ => {
                        let name = CStr::from_ptr(spec.name).to_string_lossy();
                        return Err(raise_text(
                            capi::PyExc_TypeError(),
                            &format!("unknown HPyType_SpecParam specification for '{name}'"),
                        ));
                    }
                }
                next = next.add(1);
            }
        }
        if !params.bases.is_empty() && !params.tuple.is_null() {
            return Err(raise(
                capi::PyExc_TypeError(),
                c"cannot specify both HPyType_SpecParam_Base and HPytype_SpecParam_BasesTuple",
            ));
        }
        Ok(params)
    }

    unsafe fn set_metaclass(&mut self, metaclass: *mut PyObject) -> Result<(), Raised> {
        if !self.metaclass.is_null() {
            return Err(raise(
                capi::PyExc_ValueError(),
                c"metaclass was specified multiple times",
            ));
        }
        // SAFETY: the caller's object is alive. Its text is released once.
        unsafe {
            if !capi::is_type(metaclass) {
                let repr = capi::PyObject_Repr(metaclass);
                if repr.is_null() {
                    return Err(Raised);
                }
                let text = capi::PyUnicode_AsUTF8AndSize(repr, core::ptr::null_mut());
                let shown = if text.is_null() {
                    capi::PyErr_Clear();
                    "?".into()
                } else {
                    CStr::from_ptr(text).to_string_lossy().into_owned()
                };
                capi::xdecref_cold(repr);
                return Err(raise_text(
                    capi::PyExc_TypeError(),
                    &format!("Metaclass '{shown}' is not a subclass of 'type'."),
                ));
            }
        }
        self.metaclass = metaclass;
        Ok(())
    }

    /// The tuple of bases as a new reference, or null for none.
    unsafe fn bases(&self) -> Result<*mut PyObject, Raised> {
        // SAFETY: the objects are alive; a handle is an object's address.
        unsafe {
            if !self.tuple.is_null() {
                return Ok(capi::new_ref(self.tuple));
            }
            if self.bases.is_empty() {
                return Ok(core::ptr::null_mut());
            }
            let items = self.bases.as_ptr();
            let tuple = super::containers::HPyTuple_FromArray(items, self.bases.len() as isize);
            if tuple.is_null() {
                Err(Raised)
            } else {
                Ok(tuple)
            }
        }
    }
}

unsafe fn defines(spec: &HPyType_Spec, slot: HPySlot_Slot) -> bool {
    // SAFETY: the spec's array is valid. A definition's kind determines the field.
    unsafe {
        definitions(spec.defines).any(|definition| {
            definition.kind == HPyDef_Kind_Slot && definition.definition.slot.slot == slot
        })
    }
}

unsafe fn check_legacy(spec: &HPyType_Spec) -> Result<(), Raised> {
    if spec.legacy_slots.is_null() {
        return Ok(());
    }
    if spec.builtin_shape != HPyType_BuiltinShape_Legacy {
        return Err(raise(
            capi::PyExc_TypeError(),
            c"cannot specify .legacy_slots without setting \
              .builtin_shape=HPyType_BuiltinShape_Legacy",
        ));
    }
    // SAFETY: the array ends with slot 0.
    unsafe {
        let mut next = spec.legacy_slots.cast::<capi::PyType_Slot>();
        while (*next).slot != 0 {
            if (*next).slot == capi::Py_tp_dealloc
                && (defines(spec, HPy_tp_traverse) || defines(spec, HPy_tp_destroy))
            {
                return Err(raise(
                    capi::PyExc_TypeError(),
                    c"legacy tp_dealloc is incompatible with HPy_tp_traverse or HPy_tp_destroy.",
                ));
            }
            next = next.add(1);
        }
    }
    Ok(())
}

unsafe fn inherits_pure(type_: *mut PyObject) -> bool {
    // SAFETY: the caller passes a type, which keeps its base alive.
    unsafe {
        let base = capi::type_slot(type_, capi::Py_tp_base).cast::<PyObject>();
        !base.is_null()
            && registry::exact(base).is_some_and(|info| info.shape != HPyType_BuiltinShape_Legacy)
    }
}

#[inline]
pub(super) unsafe fn HPy_New(type_: *mut PyObject, data: *mut *mut c_void) -> *mut PyObject {
    // SAFETY: the caller's object is alive, `data` writable. `tp_alloc` returns zeroed memory.
    unsafe {
        if !capi::is_type(type_) {
            raise(capi::PyExc_TypeError(), c"HPy_New arg 1 must be a type");
            return core::ptr::null_mut();
        }
        let o = capi::allocate(type_);
        if o.is_null() {
            return o;
        }
        *data = match registry::nearest(type_) {
            Some(info) => {
                lifetime::set_vectorcall(o, info);
                lifetime::forget_weak_list(type_, info);
                lifetime::data(o, info)
            }
            None => o.cast(),
        };
        o
    }
}

/// The description of a type that `HPyType_FromSpec` made here, for [`new_instance`].
///
/// # Safety
/// `type_` is a type, and the thread is attached.
pub unsafe fn type_info(type_: *mut PyObject) -> Option<&'static TypeInfo> {
    // SAFETY: as promised by the caller.
    unsafe { registry::exact(type_) }
}

/// Whether all classes of the object except `object` are HPy types. Only they can export its memory
/// then.
///
/// Such an exporter keeps its memory in place while a view of it exists.
///
/// # Safety
/// `o` is an object, and the thread is attached.
pub unsafe fn has_only_hpy_types(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller; the object keeps its type alive.
    unsafe {
        let mut class = capi::type_of(o);
        while registry::exact(class).is_some() {
            class = capi::type_slot(class, capi::Py_tp_base).cast();
        }
        class == capi::PyBaseObject_Type() && class != capi::type_of(o)
    }
}

/// Whether the class was made by Python code with the type as its primary base.
///
/// # Safety
/// Both are types of a known layout.
#[inline(always)]
pub unsafe fn is_python_class_of(class: *mut PyObject, type_: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller. A type made from a spec has a method table.
    unsafe {
        capi::type_slot(class, capi::Py_tp_methods).is_null()
            && capi::type_slot(class, capi::Py_tp_base).cast() == type_
    }
}

/// Whether the type is the primary base of the class.
///
/// # Safety
/// Both are types of a known layout.
#[inline(always)]
pub unsafe fn is_primary_base_of(type_: *mut PyObject, class: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { capi::type_slot(class, capi::Py_tp_base).cast() == type_ }
}

/// `HPy_New` for a known type, which needs no lookup. A new object of zeroed memory, or null with
/// an exception.
///
/// # Safety
/// The thread is attached. `type_` is a type. `info` is what [`type_info`] returned for it or, for
/// a class written in Python, for its base.
#[inline(always)]
pub unsafe fn new_instance(type_: *mut PyObject, info: &TypeInfo) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe {
        let o = capi::allocate_in_line(type_);
        if !o.is_null() {
            lifetime::set_vectorcall(o, info);
        }
        o
    }
}

/// Whether this implementation of `HPy_tp_new` is the one for this class. If not, or if the object
/// is no class, a TypeError is set. Only GraalPy needs the check, where `T.__new__(S)` calls the
/// function of `T` for any `S`.
///
/// # Safety
/// `class` is an object, and the thread is attached.
pub(super) unsafe fn checks_class_of_new(
    new: unsafe extern "C" fn(),
    class: *mut PyObject,
) -> bool {
    if !capi::on_graalpy() {
        return true;
    }
    // SAFETY: as promised by the caller.
    let fits = unsafe {
        capi::is_type(class)
            && registry::hpy_bases(class)
                .find_map(|info| info.new)
                .is_some_and(|own| core::ptr::fn_addr_eq(own, new))
    };
    if !fits {
        raise(
            capi::PyExc_TypeError(),
            c"__new__(X): X is not a class whose instances this function makes",
        );
    }
    fits
}

pub(super) unsafe fn HPyType_GenericNew(
    type_: *mut PyObject,
    args: *const *mut PyObject,
    nargs: isize,
    kw: *mut PyObject,
) -> *mut PyObject {
    let _ = (args, nargs, kw);
    // SAFETY: the caller's object is alive.
    unsafe {
        if !capi::is_type(type_) {
            raise(
                capi::PyExc_TypeError(),
                c"HPy_Type_GenericNew arg 1 must be a type",
            );
            return core::ptr::null_mut();
        }
        let o = capi::allocate(type_);
        if let (false, Some(info)) = (o.is_null(), registry::nearest(type_)) {
            lifetime::set_vectorcall(o, info);
        }
        o
    }
}

/// Whether the object is a type that `HPyType_FromSpec` made here, a subclass or an instance of
/// one.
///
/// # Safety
/// `o` is an object, and the thread is attached.
#[cfg(feature = "universal")]
pub(crate) unsafe fn is_of_registered_type(o: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        registry::nearest(capi::type_of(o)).is_some()
            || (capi::is_type(o) && registry::nearest(o).is_some())
    }
}

pub(super) unsafe fn _HPyType_GetBuiltinShape(type_: *mut PyObject) -> HPyType_BuiltinShape {
    // SAFETY: the caller's object is alive.
    unsafe {
        if !capi::is_type(type_) {
            raise(capi::PyExc_TypeError(), c"arg must be a type");
            return HPyType_BuiltinShape(-2);
        }
        registry::nearest(type_).map_or(HPyType_BuiltinShape_Legacy, |info| info.shape)
    }
}

pub(super) unsafe fn HPy_SetCallFunction(
    o: *mut PyObject,
    function: *mut HPyCallFunction,
) -> c_int {
    // SAFETY: the caller's object is alive, its function valid. Instances of a type with an offset
    // have a word for the function there.
    unsafe {
        let type_ = capi::type_of(o);
        let offset = registry::nearest(type_).map_or(0, |info| info.vectorcall_offset);
        if offset == 0 {
            let name = HPyType_GetName(type_);
            let name = if name.is_null() {
                return -1;
            } else {
                CStr::from_ptr(name).to_string_lossy()
            };
            raise_text(
                capi::PyExc_TypeError(),
                &format!("type '{name}' does not implement the HPy call protocol"),
            );
            return -1;
        }
        let function = (*function).cpy_trampoline;
        let function = function.map_or(core::ptr::null_mut(), |function| function as *mut ());
        // Without the GIL, another thread may be reading the word.
        let place = o.byte_add(offset).cast::<*mut ()>();
        AtomicPtr::from_ptr(place).store(function, Ordering::Release);
        0
    }
}

const _: () = assert!(size_of::<HPy>() == size_of::<*mut PyObject>());
