//! Creation, traversal and deallocation of instances.

use super::referents;
use super::registry::{TypeInfo, exact, heap_bases, hpy_bases, nearest};
use super::side_table;
use super::trashcan::{Deferred, defer, enter, is_too_deep, leave, leave_inner, release};
use crate::capi::{self, PyObject, visitproc};
use crate::cpython::methods::{Raised, raise};
use crate::definitions::*;
use crate::handles::HPyField;
use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicPtr, Ordering};

type Dealloc = unsafe extern "C" fn(*mut PyObject);
type Traverse = unsafe extern "C" fn(*mut PyObject, visitproc, *mut c_void) -> c_int;
type Clear = unsafe extern "C" fn(*mut PyObject) -> c_int;
type New = unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject;

/// The address of the data of `o` for the type that `info` describes.
#[inline(always)]
pub(super) unsafe fn data(o: *mut PyObject, info: &TypeInfo) -> *mut c_void {
    // SAFETY: the caller's object is an instance of the type.
    unsafe {
        if info.in_side_table {
            return side_table::data(o, capi::type_of(o));
        }
        o.byte_add(info.data_offset).cast()
    }
}

/// The same, but None if the side table has no data yet. Such data has no fields, and the collector
/// must not allocate it.
unsafe fn existing(o: *mut PyObject, info: &TypeInfo) -> Option<*mut c_void> {
    if info.in_side_table {
        return side_table::existing(o);
    }
    // SAFETY: the caller's object is an instance of the type.
    Some(unsafe { data(o, info) })
}

/// Stores the type's vectorcall function in a new instance.
#[inline(always)]
pub(super) unsafe fn set_vectorcall(o: *mut PyObject, info: &TypeInfo) {
    if info.vectorcall_offset != 0 {
        // SAFETY: instances of the type have a word for the function there.
        unsafe {
            let place = o.byte_add(info.vectorcall_offset).cast::<*mut c_void>();
            place.write(info.vectorcall);
        }
    }
}

/// For Python classes with `__slots__`, GraalPy's collector reads a list of weak references from
/// the data, where there is none. This prevents it.
#[inline(always)]
pub(super) unsafe fn forget_weak_list(type_: *mut PyObject, info: &TypeInfo) {
    if capi::on_graalpy() {
        // SAFETY: the caller passes a type and the description of its nearest base.
        unsafe { forget_weak_list_on_graalpy(type_, info) }
    }
}

#[inline(never)]
unsafe fn forget_weak_list_on_graalpy(type_: *mut PyObject, info: &TypeInfo) {
    /// The offset of `tp_weaklistoffset` in `PyTypeObject`, in words.
    const WEAK_LIST_OFFSET: usize = 26;
    // SAFETY: the caller passes a type. On GraalPy a class that derives from a C type has a struct
    // with CPython's layout. A tagged pointer has none.
    unsafe {
        if (type_ as isize) < 0 || info.weakly_referenced || exact(type_).is_some() {
            return;
        }
        *type_.cast::<usize>().add(WEAK_LIST_OFFSET) = 0;
    }
}

/// The `tp_new` of callable types without `HPy_tp_new`: calls the base's, then sets the vectorcall
/// function.
pub(super) unsafe extern "C" fn new(
    type_: *mut PyObject,
    args: *mut PyObject,
    kw: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: CPython calls it with a type that has or inherits this `tp_new`.
    unsafe {
        let object = capi::PyBaseObject_Type();
        let object_new = capi::type_slot(object, capi::Py_tp_new);
        let own = new as *const () as *mut c_void;
        let inherited = heap_bases(type_)
            .skip_while(|base| !exact(*base).is_some_and(|info| info.makes_instances))
            .map(|base| capi::type_slot(base, capi::Py_tp_base).cast::<PyObject>())
            .map(|base| capi::type_slot(base, capi::Py_tp_new))
            .find(|new| *new != own)
            .unwrap_or(object_new);
        // `object` rejects arguments for types with another `__new__`, although `__init__` may take
        // them.
        let instance = if inherited == object_new
            && capi::type_slot(type_, capi::Py_tp_init) != capi::type_slot(object, capi::Py_tp_init)
        {
            capi::allocate(type_)
        } else {
            match core::mem::transmute::<*mut c_void, Option<New>>(inherited) {
                Some(new) => new(type_, args, kw),
                None => capi::allocate(type_),
            }
        };
        if let (false, Some(info)) = (instance.is_null(), nearest(type_)) {
            set_vectorcall(instance, info);
        }
        instance
    }
}

/// The `visit` that implementations get. Passes a field's object to CPython's `visit`.
unsafe extern "C" fn visit_field(field: *mut HPyField, arg: *mut c_void) -> c_int {
    // SAFETY: `arg` is what `traverse` passes; a field holds an object or null.
    unsafe {
        let (visit, arg) = *arg.cast::<(visitproc, *mut c_void)>();
        let o = (*field)._i as *mut PyObject;
        if o.is_null() { 0 } else { visit(o, arg) }
    }
}

/// Calls an implementation of `HPy_tp_traverse` for CPython's `visit`.
pub(in crate::cpython) unsafe fn traverse(
    o: *mut PyObject,
    function: HPyFunc_traverseproc,
    visit: visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: the caller's object is an instance of the type whose function it is.
    unsafe {
        let declared = hpy_bases(capi::type_of(o)).find(|info| {
            info.traverse
                .is_some_and(|own| core::ptr::fn_addr_eq(own, function))
        });
        let at = match declared.or_else(|| nearest(capi::type_of(o))) {
            Some(info) => match existing(o, info) {
                Some(at) => at,
                None => return 0,
            },
            None => o.cast(),
        };
        let mut both = (visit, arg);
        function(at, visit_field, (&raw mut both).cast())
    }
}

/// The `tp_traverse` of types with `HPy_tp_traverse`. Visits the data of all HPy types among the
/// bases, then the built-in base, then the type, which the instance owns. `referents` says when the
/// type is left out.
pub(super) unsafe extern "C" fn traverse_instance(
    o: *mut PyObject,
    visit: visitproc,
    arg: *mut c_void,
) -> c_int {
    // SAFETY: CPython calls it with an instance of a type that has or inherits this `tp_traverse`.
    unsafe {
        let type_ = capi::type_of(o);
        if let Some(info) = nearest(type_) {
            forget_weak_list(type_, info);
        }
        let mut both = (visit, arg);
        for info in hpy_bases(type_) {
            if let (Some(traverse), Some(at)) = (info.traverse, existing(o, info)) {
                let stop = traverse(at, visit_field, (&raw mut both).cast());
                if stop != 0 {
                    return stop;
                }
            }
            let mut dict = dict_of(o, info);
            if !dict.is_null() {
                let stop = visit_field(&mut dict, (&raw mut both).cast());
                if stop != 0 {
                    return stop;
                }
            }
        }
        let base = inherited_slot(type_, capi::Py_tp_traverse, traverse_instance as *const ());
        if let Some(traverse) = core::mem::transmute::<*mut c_void, Option<Traverse>>(base.function)
        {
            let stop = traverse(o, visit, arg);
            if stop != 0 || base.heap {
                return stop;
            }
        }
        if referents::lists(visit) && exact(type_).is_some() {
            return 0;
        }
        visit(type_, arg)
    }
}

/// The `tp_clear` of the same types.
pub(super) unsafe extern "C" fn clear_instance(o: *mut PyObject) -> c_int {
    // SAFETY: CPython calls it with an instance of a type that has or inherits this `tp_clear`.
    unsafe {
        let type_ = capi::type_of(o);
        clear_fields(o, type_);
        let base = inherited_slot(type_, capi::Py_tp_clear, clear_instance as *const ());
        match core::mem::transmute::<*mut c_void, Option<Clear>>(base.function) {
            Some(clear) => clear(o),
            None => 0,
        }
    }
}

/// The instance's `__dict__`, if the type declares a place for it and it exists. CPython creates
/// it, and leaves traversal and deallocation to the type.
unsafe fn dict_of(o: *mut PyObject, info: &TypeInfo) -> HPyField {
    if info.dict_offset == 0 {
        return HPyField::NULL;
    }
    // SAFETY: the caller's object is an instance of the type, with a pointer there that is null or
    // a dict.
    unsafe { *o.byte_add(info.dict_offset).cast::<HPyField>() }
}

unsafe fn clear_fields(o: *mut PyObject, type_: *mut PyObject) {
    // SAFETY: the caller's object is an instance of the type.
    unsafe {
        for info in hpy_bases(type_) {
            if let (Some(traverse), Some(at)) = (info.traverse, existing(o, info)) {
                traverse(at, clear_field, core::ptr::null_mut());
            }
            if !dict_of(o, info).is_null() {
                let place = o.byte_add(info.dict_offset).cast::<HPyField>();
                clear_field(place, core::ptr::null_mut());
            }
        }
    }
}

unsafe extern "C" fn clear_field(field: *mut HPyField, _arg: *mut c_void) -> c_int {
    // SAFETY: a field holds an object or null. Its reference is released once.
    unsafe {
        let old = core::mem::replace(&mut *field, HPyField::NULL)._i as *mut PyObject;
        if !old.is_null() {
            release(old);
        }
    }
    0
}

/// The `tp_dealloc` of types with `HPy_tp_destroy` or `HPy_tp_traverse`.
pub(super) unsafe extern "C" fn dealloc(o: *mut PyObject) {
    // SAFETY: CPython calls it once for an instance of a type that has this `tp_dealloc` or whose
    // base has it. The reference released at the end keeps the type alive.
    unsafe {
        let type_ = capi::type_of(o);
        let collected = capi::type_flags(type_) & capi::Py_TPFLAGS_HAVE_GC != 0;
        if is_too_deep() && defer(Deferred::Dead(o)) {
            // The collector must not see it.
            if collected {
                capi::PyObject_GC_UnTrack(o.cast());
            }
            return;
        }
        let own =
            capi::type_slot(type_, capi::Py_tp_dealloc) == dealloc as *const () as *mut c_void;
        // For a subclass, CPython's own function came first and has already called the finalizer.
        if own
            && !capi::type_slot(type_, capi::Py_tp_finalize).is_null()
            && capi::PyObject_CallFinalizerFromDealloc(o) < 0
        {
            return;
        }
        if collected {
            capi::PyObject_GC_UnTrack(o.cast());
        }
        // PyPy clears weak references itself, and its function must not be called for dead objects.
        if capi::pypy_header_size().is_none() && hpy_bases(type_).any(|info| info.weakly_referenced)
        {
            capi::PyObject_ClearWeakRefs(o);
        }
        let outermost = enter();
        clear_fields(o, type_);
        let mut has_side_table = false;
        for info in hpy_bases(type_) {
            has_side_table |= info.in_side_table;
            if let Some(destroy) = info.destroy {
                destroy(data(o, info));
            }
        }
        if has_side_table {
            side_table::free(o);
        }
        let base = inherited_slot(type_, capi::Py_tp_dealloc, dealloc as *const ());
        match core::mem::transmute::<*mut c_void, Option<Dealloc>>(base.function) {
            Some(base_dealloc) => {
                // Some of these functions expect the object to be tracked.
                if collected && base.collected {
                    capi::PyObject_GC_Track(o.cast());
                }
                base_dealloc(o);
            }
            None => {
                let free = capi::type_slot(type_, capi::Py_tp_free);
                if let Some(free) = core::mem::transmute::<
                    *mut c_void,
                    Option<unsafe extern "C" fn(*mut c_void)>,
                >(free)
                {
                    free(o.cast());
                }
            }
        }
        if !base.heap {
            capi::xdecref_cold(type_);
        }
        match outermost {
            Some(before) => leave(before, dealloc),
            None => leave_inner(),
        }
    }
}

/// The `tp_dealloc` of types whose instances own nothing but their type. Faster than CPython's own
/// function, which checks each instance for more.
///
/// Only for types that derive from `object`, without garbage collection and finalizer. For a Python
/// subclass, CPython's function runs first and then calls this one.
pub(super) unsafe extern "C" fn dealloc_plain(o: *mut PyObject) {
    type Free = unsafe extern "C" fn(*mut c_void);
    // SAFETY: CPython calls it once for an instance of such a type or of a subclass. The reference
    // released at the end keeps the type alive.
    unsafe {
        let type_ = capi::type_of(o);
        // Python code may have set `__del__` since. For a subclass, CPython's own function has
        // already called the finalizer.
        if !capi::type_slot(type_, capi::Py_tp_finalize).is_null()
            && capi::type_slot(type_, capi::Py_tp_dealloc)
                == dealloc_plain as *const () as *mut c_void
            && capi::PyObject_CallFinalizerFromDealloc(o) < 0
        {
            return;
        }
        let free = capi::type_slot(type_, capi::Py_tp_free);
        if let Some(free) = core::mem::transmute::<*mut c_void, Option<Free>>(free) {
            free(o.cast());
        }
        capi::decref(type_);
    }
}

/// What a new type inherits.
#[derive(Default)]
pub(super) struct Inherited {
    /// Whether instances of a base take part in garbage collection.
    pub collected: bool,
    /// Whether a base has this module's traversal, which covers all HPy types.
    pub traverse: bool,
    /// Whether a base has this module's deallocation, which covers all HPy types.
    pub dealloc: bool,
}

/// What a new type inherits, and whether it may have this module's functions.
///
/// It may not if a base is a class written in Python that inherits none of them. CPython's function
/// for such classes, which frees `__dict__` and the like, must run first and cannot be called by
/// another function.
///
/// # Safety
/// `bases` is a tuple, or null.
pub(super) unsafe fn inherited(
    bases: *mut PyObject,
    wants_dealloc: bool,
) -> Result<Inherited, Raised> {
    let mut all = Inherited::default();
    // SAFETY: as promised by the caller. Anything but a type is left to CPython to reject.
    unsafe {
        if bases.is_null() || !capi::has_type_flag(bases, capi::Py_TPFLAGS_TUPLE_SUBCLASS) {
            return Ok(all);
        }
        for index in 0..capi::tuple_len(bases) {
            let base = capi::tuple_item(bases, index);
            if !capi::is_type(base) {
                continue;
            }
            let collected = capi::type_flags(base) & capi::Py_TPFLAGS_HAVE_GC != 0;
            all.collected |= collected;
            let (mut traverse, mut dealloc) = (false, false);
            for info in hpy_bases(base) {
                traverse |= info.traverse.is_some();
                dealloc |= info.needs_dealloc();
            }
            all.traverse |= traverse && collected;
            all.dealloc |= dealloc;
            let in_python = heap_bases(base).any(|base| {
                exact(base).is_none()
                    && capi::type_slot(base, capi::Py_tp_dealloc)
                        == python_class_slot(capi::Py_tp_dealloc)
            });
            if wants_dealloc && in_python && !dealloc {
                return Err(raise(
                    capi::PyExc_TypeError(),
                    c"a type with HPy_tp_traverse or HPy_tp_destroy cannot derive from a class that is written in Python",
                ));
            }
        }
    }
    Ok(all)
}

/// A slot of the nearest base that is not an HPy type.
struct InheritedSlot {
    /// The slot, or null if that base is `object` or has none.
    function: *mut c_void,
    /// Whether the base is a heap type, whose functions handle the reference to the type.
    heap: bool,
    collected: bool,
}

/// Skips classes written in Python, whose functions would start again at the instance's type.
unsafe fn inherited_slot(type_: *mut PyObject, slot: c_int, own: *const ()) -> InheritedSlot {
    // SAFETY: the caller passes a type that outlives the call.
    unsafe {
        let own = own as *mut c_void;
        let mut base = type_;
        let mut below = true;
        while !base.is_null() && capi::type_flags(base) & capi::Py_TPFLAGS_HEAPTYPE != 0 {
            if exact(base).is_some() {
                below = false;
            } else if !below {
                let function = capi::type_slot(base, slot);
                if function != own && function != python_class_slot(slot) {
                    break;
                }
            }
            base = capi::type_slot(base, capi::Py_tp_base).cast();
        }
        if base.is_null() || base == capi::PyBaseObject_Type() {
            return InheritedSlot {
                function: core::ptr::null_mut(),
                heap: false,
                collected: false,
            };
        }
        let flags = capi::type_flags(base);
        InheritedSlot {
            function: capi::type_slot(base, slot),
            heap: flags & capi::Py_TPFLAGS_HEAPTYPE != 0,
            collected: flags & capi::Py_TPFLAGS_HAVE_GC != 0,
        }
    }
}

/// What classes written in Python have in this slot, read from a class made for this purpose. All
/// interpreters have the same functions.
unsafe fn python_class_slot(slot: c_int) -> *mut c_void {
    static FUNCTIONS: [AtomicPtr<c_void>; 3] = [const { AtomicPtr::new(core::ptr::null_mut()) }; 3];
    const SLOTS: [c_int; 3] = [capi::Py_tp_dealloc, capi::Py_tp_traverse, capi::Py_tp_clear];
    let known = SLOTS.iter().position(|known| *known == slot);
    let Some(known) = known.and_then(|known| FUNCTIONS.get(known)) else {
        return core::ptr::null_mut();
    };
    let function = known.load(Ordering::Acquire);
    if !function.is_null() {
        return function;
    }
    // SAFETY: the thread is attached. The class is released once. A pending exception is restored.
    unsafe {
        let (mut kind, mut value, mut traceback) = (
            core::ptr::null_mut(),
            core::ptr::null_mut(),
            core::ptr::null_mut(),
        );
        capi::PyErr_Fetch(&mut kind, &mut value, &mut traceback);
        let class = capi::PyErr_NewException(
            c"hpy.Probe".as_ptr(),
            capi::PyExc_Exception(),
            core::ptr::null_mut(),
        );
        if !class.is_null() {
            known.store(capi::type_slot(class, slot), Ordering::Release);
            capi::decref(class);
        }
        capi::PyErr_Restore(kind, value, traceback);
    }
    known.load(Ordering::Acquire)
}
