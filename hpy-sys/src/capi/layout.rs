//! Layouts of objects: types and slots, read inline where the layout is known.
//!
//! The layouts of release builds of 3.9 to 3.14 are known, without the GIL those of 3.13 and 3.14.
//! On every other interpreter (a debug build, a version newer than this code) the same functions
//! call exported ones, which is slower but never wrong.
//!
//! Tuples have a word for their hash before the items from 3.14 on.
//!
//! Without the GIL the header is longer, and `split_counts` has its counts. Its last word is the
//! type there too, so the structs here fit from a word before that on: [`known`].

use super::*;
use core::ffi::{c_char, c_int, c_ulong, c_void};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// `ob_refcnt`, `ob_type`. The first word is another one without the GIL.
#[repr(C)]
pub(super) struct Header {
    pub(super) count: isize,
    pub(super) type_: *mut PyObject,
}

/// `ob_base`, `ob_size`.
#[repr(C)]
pub(super) struct VarHeader {
    header: Header,
    pub(super) size: isize,
}

/// The first half of `PyTypeObject`: unchanged since 3.8.
#[repr(C)]
pub(super) struct TypeObject {
    header: VarHeader,
    name: *const c_char,
    basicsize: isize,
    itemsize: isize,
    dealloc: *mut c_void,
    pub(super) vectorcall_offset: isize,
    getattr_to_number: [*mut c_void; 5],
    pub(super) as_sequence: *const [*mut c_void; 10],
    pub(super) as_mapping: *const [*mut c_void; 3],
    hash: *mut c_void,
    call: *mut c_void,
    str_to_as_buffer: [*mut c_void; 4],
    pub(super) flags: c_ulong,
    doc: *const c_char,
    traverse: *mut c_void,
    clear: *mut c_void,
    richcompare: *mut c_void,
    weaklistoffset: isize,
    iter: *mut c_void,
    pub(super) iternext: *mut c_void,
    methods: *mut c_void,
    members_and_getset: [*mut c_void; 2],
    base: *mut PyObject,
    dict_to_dictoffset: [*mut c_void; 4],
    init: *mut c_void,
    alloc: *mut c_void,
    new: *mut c_void,
    free: *mut c_void,
    is_gc_to_version_tag: [*mut c_void; 8],
    finalize: *mut c_void,
    vectorcall: *mut c_void,
}

/// A bit of `tp_flags`: the type's objects are created at run time.
pub const Py_TPFLAGS_HEAPTYPE: c_ulong = 1 << 9;
/// A bit of `tp_flags`: the type may be subclassed.
pub const Py_TPFLAGS_BASETYPE: c_ulong = 1 << 10;
/// A bit of `tp_flags`: instances have a vectorcall function.
pub const Py_TPFLAGS_HAVE_VECTORCALL: c_ulong = 1 << 11;
/// A bit of `tp_flags`: instances take part in garbage collection.
pub const Py_TPFLAGS_HAVE_GC: c_ulong = 1 << 14;
/// A bit of `tp_flags`: `int` or a subclass.
pub const Py_TPFLAGS_LONG_SUBCLASS: c_ulong = 1 << 24;
/// A bit of `tp_flags`: `list` or a subclass.
pub const Py_TPFLAGS_LIST_SUBCLASS: c_ulong = 1 << 25;
/// A bit of `tp_flags`: `tuple` or a subclass.
pub const Py_TPFLAGS_TUPLE_SUBCLASS: c_ulong = 1 << 26;
/// A bit of `tp_flags`: `bytes` or a subclass.
pub const Py_TPFLAGS_BYTES_SUBCLASS: c_ulong = 1 << 27;
/// A bit of `tp_flags`: `str` or a subclass.
pub const Py_TPFLAGS_UNICODE_SUBCLASS: c_ulong = 1 << 28;
/// A bit of `tp_flags`: `dict` or a subclass.
pub const Py_TPFLAGS_DICT_SUBCLASS: c_ulong = 1 << 29;
/// A bit of `tp_flags`: `BaseException` or a subclass.
pub const Py_TPFLAGS_BASE_EXC_SUBCLASS: c_ulong = 1 << 30;
/// A bit of `tp_flags`: `type` or a subclass.
pub const Py_TPFLAGS_TYPE_SUBCLASS: c_ulong = 1 << 31;

/// The struct of an object, whose first word is the one before the type.
///
/// # Safety
/// `o` is an object of a known layout.
#[inline(always)]
pub(super) unsafe fn known<T>(o: *mut PyObject) -> *mut T {
    // SAFETY: as promised by the caller. The header has a word before the type.
    unsafe { o.byte_add(type_offset() - size_of::<usize>()).cast() }
}

/// Reads a word of an object that Python code can change. Without the GIL another thread may do so
/// at the same time.
///
/// # Safety
/// `word` is a word of an object.
#[inline(always)]
pub(super) unsafe fn read<T>(word: *const *mut T) -> *mut T {
    // SAFETY: as promised by the caller. All threads write the word whole.
    unsafe {
        if MAY_BE_FREE_THREADED {
            AtomicPtr::from_ptr(word.cast_mut()).load(Ordering::Relaxed)
        } else {
            *word
        }
    }
}

/// As [`read`], of a number.
///
/// # Safety
/// As for [`read`].
#[inline(always)]
pub(super) unsafe fn read_size(word: *const isize) -> isize {
    // SAFETY: as promised by the caller.
    unsafe { read(word.cast::<*mut c_void>()) as isize }
}

/// Calls the type's `tp_alloc`, for a type without items.
///
/// # Safety
/// `type_` is a type.
#[inline(never)]
pub(crate) unsafe extern "C" fn allocate(type_: *mut PyObject) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { allocate_in_line(type_) }
}

/// The same, inlined.
///
/// # Safety
/// `type_` is a type.
#[inline(always)]
pub(crate) unsafe fn allocate_in_line(type_: *mut PyObject) -> *mut PyObject {
    type Alloc = unsafe extern "C" fn(*mut PyObject, isize) -> *mut PyObject;
    // SAFETY: `type_` is a type. A ready type has this slot, and the slot has this signature.
    unsafe {
        let alloc = type_slot(type_, Py_tp_alloc);
        match core::mem::transmute::<*mut c_void, Option<Alloc>>(alloc) {
            Some(alloc) => alloc(type_, 0),
            None => PyType_GenericAlloc(type_, 0),
        }
    }
}

/// # Safety
/// `type_` is a type of a known layout that no other code uses yet.
pub(super) unsafe fn write_type_vectorcall(type_: *mut PyObject, function: *mut c_void) {
    // SAFETY: as promised by the caller.
    unsafe { (*known::<TypeObject>(type_)).vectorcall = function }
}

/// The function of `type.__call__`, in a known layout.
pub(super) unsafe fn call_of_type()
-> Option<unsafe extern "C" fn(*mut PyObject, *mut PyObject, *mut PyObject) -> *mut PyObject> {
    // SAFETY: the object is a type, and the caller checked that the layout is known. The slot has
    // this signature.
    unsafe { core::mem::transmute((*known::<TypeObject>(PyType_Type())).call) }
}

/// A type's `tp_name`, borrowed from it; null where the layout is unknown.
pub(crate) unsafe fn type_full_name(type_: *mut PyObject) -> *const c_char {
    if !layout_known() {
        return core::ptr::null();
    }
    // SAFETY: the caller gives a type, of a known layout.
    unsafe { (*known::<TypeObject>(type_)).name }
}

/// A slot of any type, including static ones, which `PyType_GetSlot` rejects in older versions.
///
/// # Safety
/// `type_` is a type.
#[inline(always)]
pub(crate) unsafe fn type_slot(type_: *mut PyObject, slot: c_int) -> *mut c_void {
    // The offset in `PyTypeObject`, in words.
    let word = match slot {
        Py_tp_dealloc => 6,
        Py_tp_traverse => 23,
        Py_tp_clear => 24,
        Py_tp_methods => 29,
        Py_tp_base => 32,
        Py_tp_init => 37,
        Py_tp_alloc => 38,
        Py_tp_new => 39,
        Py_tp_free => 40,
        Py_tp_finalize => 49,
        _ => 0,
    };
    // Python code changes these. The others stay what they are when the type is made.
    let changes = matches!(slot, Py_tp_base | Py_tp_init | Py_tp_new | Py_tp_finalize);
    // SAFETY: `type_` is a type; where the layout is known, its slots lie where CPython has them.
    unsafe {
        if word != 0 && layout_known() {
            let word = known::<*mut c_void>(type_).add(word);
            if changes { read(word) } else { *word }
        } else {
            slot_slow(type_, slot, word)
        }
    }
}

#[inline(never)]
unsafe extern "C" fn slot_slow(type_: *mut PyObject, slot: c_int, word: usize) -> *mut c_void {
    #[cfg(feature = "universal")]
    if word != 0 && on_pypy() {
        // SAFETY: the caller gives a type, of PyPy's, and the slot's word.
        let ask = || unsafe { asked_slot(type_, slot) };
        // SAFETY: as above.
        return unsafe { pypy::type_words::type_word(type_, word, ask) } as *mut c_void;
    }
    let _ = word;
    // SAFETY: the caller gives a type.
    unsafe { asked_slot(type_, slot) as *mut c_void }
}

#[inline(never)]
unsafe extern "C" fn asked_slot(type_: *mut PyObject, slot: c_int) -> usize {
    // SAFETY: the caller gives a type.
    unsafe {
        // The deallocation of an object must not change a pending exception.
        let pending = !PyErr_Occurred().is_null();
        let value = PyType_GetSlot(type_, slot);
        if value.is_null() && !pending {
            // Older versions refuse static types.
            PyErr_Clear();
        }
        value as usize
    }
}

/// The size of `PyObject` where the layout is known.
#[inline(always)]
pub(crate) fn known_header() -> usize {
    type_offset() + size_of::<usize>()
}

/// The size of `PyObject`, the header of every object.
#[inline(always)]
pub(crate) fn header_size() -> usize {
    if layout_known() {
        known_header()
    } else {
        header_size_slow()
    }
}

#[inline(never)]
extern "C" fn header_size_slow() -> usize {
    // SAFETY: `object` is a type.
    pypy_header_size()
        .unwrap_or_else(|| unsafe { basicsize_once(PyBaseObject_Type(), &OBJECT_SIZE) })
}

/// Whether types with different data may count as having the same layout: on PyPy. See
/// `cpython::types::layout_base`.
#[inline(always)]
pub(crate) fn merges_layouts() -> bool {
    pypy_header_size().is_some()
}

/// A type's `tp_basicsize` and `tp_itemsize`, which follow the header, the size and the name.
///
/// # Safety
/// `type_` is a type, on an interpreter where [`merges_layouts`].
unsafe fn sizes_on_pypy(type_: *mut PyObject) -> *mut [isize; 2] {
    // SAFETY: as promised by the caller.
    unsafe { type_.byte_add(header_size()).cast::<isize>().add(2).cast() }
}

/// Whether instances of the class have the memory layout of the type: `PyType_IsSubtype`, but
/// following `tp_base`, which determines the layout.
///
/// On PyPy a metaclass may put any type into the `__mro__` of a class, which `PyType_IsSubtype`
/// looks at. Other interpreters reject types with an incompatible layout.
///
/// # Safety
/// Both are types, and the thread is attached.
#[inline(always)]
pub unsafe fn has_memory_of(class: *mut PyObject, type_: *mut PyObject) -> bool {
    // SAFETY: as promised by the caller.
    unsafe {
        if merges_layouts() {
            derives_in_memory(class, type_)
        } else {
            PyType_IsSubtype(class, type_) != 0
        }
    }
}

#[inline(never)]
unsafe extern "C" fn derives_in_memory(mut class: *mut PyObject, type_: *mut PyObject) -> bool {
    // SAFETY: as for `has_memory_of`; a type keeps its base alive.
    unsafe {
        while !class.is_null() && class != type_ {
            class = type_slot(class, Py_tp_base).cast();
        }
    }
    !class.is_null()
}

/// Sets a type's `tp_itemsize`, if it is `from`.
///
/// # Safety
/// `type_` is a type, on an interpreter where [`merges_layouts`].
pub(crate) unsafe fn set_itemsize_on_pypy(type_: *mut PyObject, from: isize, to: isize) {
    // SAFETY: as promised by the caller.
    unsafe {
        let [_, itemsize] = &mut *sizes_on_pypy(type_);
        if *itemsize == from {
            *itemsize = to;
        }
    }
}

static OBJECT_SIZE: AtomicUsize = AtomicUsize::new(0);

/// A type's `tp_basicsize`.
///
/// # Safety
/// `type_` is a type; where the layout is unknown, no exception is pending.
pub(crate) unsafe fn basicsize(type_: *mut PyObject) -> usize {
    // SAFETY: as promised by the caller.
    unsafe {
        if layout_known() {
            (*known::<TypeObject>(type_)).basicsize as usize
        } else if merges_layouts() {
            // Types have no such attribute.
            (*sizes_on_pypy(type_))[0] as usize
        } else {
            size_attribute(type_, c"__basicsize__")
        }
    }
}

/// A built-in type's basic size. Cached in `memory` where it takes a call.
///
/// # Safety
/// `type_` is a type, always the same one for this `memory`; the thread is attached.
#[inline(never)]
pub(crate) unsafe fn basicsize_once(type_: *mut PyObject, memory: &AtomicUsize) -> usize {
    if layout_known() {
        // SAFETY: `type_` is a type.
        return unsafe { basicsize(type_) };
    }
    match memory.load(Ordering::Relaxed) {
        0 => {
            // SAFETY: as promised by the caller.
            let size = unsafe { size_attribute(type_, c"__basicsize__") };
            memory.store(size, Ordering::Relaxed);
            size
        }
        size => size,
    }
}

/// A type's `__basicsize__`, `__itemsize__` or the like, 0 if it cannot be read.
///
/// # Safety
/// `type_` is a type, the thread is attached, no exception is pending.
pub(crate) unsafe fn size_attribute(type_: *mut PyObject, name: &core::ffi::CStr) -> usize {
    // SAFETY: as promised by the caller. The value is released once.
    unsafe {
        let value = PyObject_GetAttrString(type_, name.as_ptr());
        if value.is_null() {
            PyErr_Clear();
            return 0;
        }
        let size = PyLong_AsSsize_t(value);
        xdecref_cold(value);
        if size < 0 {
            PyErr_Clear();
        }
        size.max(0) as usize
    }
}

const _: () = {
    use core::mem::offset_of;
    let word = size_of::<usize>();
    assert!(offset_of!(TypeObject, basicsize) == 4 * word);
    assert!(offset_of!(TypeObject, dealloc) == 6 * word);
    assert!(offset_of!(TypeObject, vectorcall_offset) == 7 * word);
    assert!(offset_of!(TypeObject, flags) == 21 * word);
    assert!(offset_of!(TypeObject, traverse) == 23 * word);
    assert!(offset_of!(TypeObject, clear) == 24 * word);
    assert!(offset_of!(TypeObject, iternext) == 28 * word);
    assert!(offset_of!(TypeObject, methods) == 29 * word);
    assert!(offset_of!(TypeObject, base) == 32 * word);
    assert!(offset_of!(TypeObject, init) == 37 * word);
    assert!(offset_of!(TypeObject, alloc) == 38 * word);
    assert!(offset_of!(TypeObject, new) == 39 * word);
    assert!(offset_of!(TypeObject, free) == 40 * word);
    assert!(offset_of!(TypeObject, finalize) == 49 * word);
    assert!(offset_of!(TypeObject, call) == 16 * word);
    assert!(offset_of!(TypeObject, vectorcall) == 50 * word);
};
