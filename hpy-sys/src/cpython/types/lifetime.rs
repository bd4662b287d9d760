//! The birth, traversal and end of instances.

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

/// Where the data of `o` lies, as the type described by `info` declared it.
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

/// The same, but None for data aside that nobody has asked for yet: no field is in it, and the collector must
/// not have it made.
unsafe fn existing(o: *mut PyObject, info: &TypeInfo) -> Option<*mut c_void> {
    if info.in_side_table {
        return side_table::existing(o);
    }
    // SAFETY: the caller's object is an instance of the type.
    Some(unsafe { data(o, info) })
}

/// Gives a new instance the call function of its type.
#[inline(always)]
pub(super) unsafe fn set_vectorcall(o: *mut PyObject, info: &TypeInfo) {
    if info.vectorcall_offset != 0 {
        // SAFETY: instances of the type have room for the function there.
        unsafe {
            let place = o.byte_add(info.vectorcall_offset).cast::<*mut c_void>();
            place.write(info.vectorcall);
        }
    }
}

/// GraalPy's collector looks for a list of weak references, of which there are none, in the data of classes in Python with
/// `__slots__`, and follows what it finds there. This keeps it from that.
#[inline(always)]
pub(super) unsafe fn forget_weak_list(type_: *mut PyObject, info: &TypeInfo) {
    if capi::on_graalpy() {
        // SAFETY: the caller gives a type and the description of its nearest base.
        unsafe { forget_weak_list_on_graalpy(type_, info) }
    }
}

#[inline(never)]
unsafe fn forget_weak_list_on_graalpy(type_: *mut PyObject, info: &TypeInfo) {
    /// Where `PyTypeObject` has its `tp_weaklistoffset`, counted in words.
    const WEAK_LIST_OFFSET: usize = 26;
    // SAFETY: the caller gives a type. A class that derives from a type in C has a struct of its own on GraalPy, with CPython's
    // layout; what is tagged has none.
    unsafe {
        if (type_ as isize) < 0 || info.weakly_referenced || exact(type_).is_some() {
            return;
        }
        *type_.cast::<usize>().add(WEAK_LIST_OFFSET) = 0;
    }
}

/// The `tp_new` of types that can be called but have no `HPy_tp_new`: the base's, then the function.
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
        // `object` refuses arguments of types with another `__new__`, though `__init__` may take them.
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

/// The `visit` that implementations are given: passes a field's object on to CPython's.
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

/// The `tp_traverse` of types with `HPy_tp_traverse`: all of HPy's types among the bases, then the
/// built-in base, and the type, which the instance holds: see `referents` for who is not told.
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

/// The instance's `__dict__`, if the type declares where it has one, and there is any. CPython makes it, and leaves it to
/// whoever traverses and deallocates.
unsafe fn dict_of(o: *mut PyObject, info: &TypeInfo) -> HPyField {
    if info.dict_offset == 0 {
        return HPyField::NULL;
    }
    // SAFETY: the caller's object is an instance of the type, which has a pointer there: null or a dict.
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
    // SAFETY: a field holds an object or null, whose reference is given up once.
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
    // SAFETY: CPython calls it once for an instance of a type that has this `tp_dealloc`, or whose
    // base has it. The type outlives the instance by the reference given up at the end.
    unsafe {
        let type_ = capi::type_of(o);
        let collected = capi::type_flags(type_) & capi::Py_TPFLAGS_HAVE_GC != 0;
        if is_too_deep() && defer(Deferred::Dead(o)) {
            // The collector must not meet it.
            if collected {
                capi::PyObject_GC_UnTrack(o.cast());
            }
            return;
        }
        let own =
            capi::type_slot(type_, capi::Py_tp_dealloc) == dealloc as *const () as *mut c_void;
        // Of a subclass, CPython's own function comes first and has finalized already.
        if own
            && !capi::type_slot(type_, capi::Py_tp_finalize).is_null()
            && capi::PyObject_CallFinalizerFromDealloc(o) < 0
        {
            return;
        }
        if collected {
            capi::PyObject_GC_UnTrack(o.cast());
        }
        // PyPy looks after weak references itself, and wants to hear nothing of objects that have died.
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
                // Some of them rely on the collector's list.
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

/// The `tp_dealloc` of types whose instances hold nothing but their type: what CPython's own does for them, without asking at each
/// of them what else they might have.
///
/// Only of types whose base is `object`, made without garbage collection and finalizer. Of a class in Python that derives from one CPython's
/// function comes first, and calls this for the rest.
pub(super) unsafe extern "C" fn dealloc_plain(o: *mut PyObject) {
    type Free = unsafe extern "C" fn(*mut c_void);
    // SAFETY: CPython calls it once for an instance of such a type or of one that derives from it. The type outlives the instance by
    // the reference given up at the end.
    unsafe {
        let type_ = capi::type_of(o);
        // Somebody may have given the class a `__del__` since. Of a subclass, CPython's own function has finalized already.
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

/// What a new type has from its bases.
#[derive(Default)]
pub(super) struct Inherited {
    /// Whether instances of a base take part in garbage collection.
    pub collected: bool,
    /// Whether a base has this module's traversal, which asks all of HPy's types.
    pub traverse: bool,
    /// Whether a base has this module's deallocation, which asks all of HPy's types.
    pub dealloc: bool,
}

/// What a new type has from its bases, and whether it may have this module's functions.
///
/// Not if the base is a class written in Python that inherits none of them: CPython's function for
/// such classes, which frees `__dict__` and the like, must be the first to be called and cannot be
/// called by another.
///
/// # Safety
/// `bases` is a tuple, or null.
pub(super) unsafe fn inherited(
    bases: *mut PyObject,
    wants_dealloc: bool,
) -> Result<Inherited, Raised> {
    let mut all = Inherited::default();
    // SAFETY: as promised by the caller. What is no type is left to CPython to refuse.
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

/// A slot of the nearest base that is not HPy's.
struct InheritedSlot {
    /// The slot, or null if that base is `object` or has none.
    function: *mut c_void,
    /// Whether the base is made at run time, so that its functions care for the type's reference.
    heap: bool,
    collected: bool,
}

/// Python's classes are passed over: their functions would start again at the instance's type.
unsafe fn inherited_slot(type_: *mut PyObject, slot: c_int, own: *const ()) -> InheritedSlot {
    // SAFETY: the caller gives a type that outlives the call.
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

/// What classes written in Python have in this slot, seen on one made for the purpose. The same functions in all interpreters.
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
    // SAFETY: the thread is attached; the class is given up once. A pending exception is put back.
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
