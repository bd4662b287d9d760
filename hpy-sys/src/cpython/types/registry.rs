//! The registry of HPy types and their descriptions.
//!
//! A type is recognised by its method table. `HPyType_FromSpec` makes one per type and never frees
//! it, and CPython neither copies nor inherits it. So no bit of the interpreter's type flags is
//! needed, and a new type at a freed type's address is not mistaken for it.

use crate::capi::{self, PyMethodDef, PyObject};
use crate::definitions::*;
use crate::enums::HPyType_BuiltinShape;
use core::ffi::c_void;
use core::sync::atomic::{AtomicPtr, Ordering};

/// The description of an HPy type. Never freed.
#[derive(Debug)]
pub struct TypeInfo {
    /// The method table that identifies the type.
    pub(super) methods: *mut PyMethodDef,
    pub(super) shape: HPyType_BuiltinShape,
    /// The offset of the data in an instance.
    pub(super) data_offset: usize,
    /// Whether the data is in the side table. `data_size` is its size then.
    pub(super) in_side_table: bool,
    pub(super) data_size: usize,
    /// Where the data ends, including hidden words. 0 if the type adds none.
    pub(super) data_end: usize,
    pub(super) traverse: Option<HPyFunc_traverseproc>,
    pub(super) destroy: Option<HPyFunc_destroyfunc>,
    /// The implementation of `HPy_tp_new`.
    pub(super) new: crate::HPyCFunction,
    /// The offset of an instance's vectorcall function, or 0 for none.
    pub(super) vectorcall_offset: usize,
    /// The vectorcall function of new instances.
    pub(super) vectorcall: *mut c_void,
    /// Whether that word is in the data, declared by a member `__vectorcalloffset__` of the type or
    /// a base.
    pub(super) names_call_word: bool,
    /// Whether instances have a member `__weaklistoffset__`, the list of weak references to them.
    pub(super) weakly_referenced: bool,
    /// The offset of an instance's `__dict__`, declared by a member `__dictoffset__`. 0 for none.
    pub(super) dict_offset: usize,
    /// Whether the type has this module's `tp_new`.
    pub(super) makes_instances: bool,
    next: AtomicPtr<TypeInfo>,
}

impl TypeInfo {
    pub(super) fn new(shape: HPyType_BuiltinShape, data_offset: usize) -> Self {
        Self {
            methods: core::ptr::null_mut(),
            shape,
            data_offset,
            in_side_table: false,
            data_size: 0,
            data_end: 0,
            traverse: None,
            destroy: None,
            new: None,
            vectorcall_offset: 0,
            vectorcall: core::ptr::null_mut(),
            names_call_word: false,
            weakly_referenced: false,
            dict_offset: 0,
            makes_instances: false,
            next: AtomicPtr::new(core::ptr::null_mut()),
        }
    }

    /// Whether the deallocation of an instance needs this module's function.
    pub(super) fn needs_dealloc(&self) -> bool {
        self.traverse.is_some() || self.destroy.is_some() || self.data_size != 0
    }
}

const BUCKETS: usize = 64;
/// Chains of entries. They only grow, so a lookup takes no lock.
static TABLE: [AtomicPtr<TypeInfo>; BUCKETS] =
    [const { AtomicPtr::new(core::ptr::null_mut()) }; BUCKETS];

#[inline(always)]
fn bucket(methods: *mut PyMethodDef) -> &'static AtomicPtr<TypeInfo> {
    let address = methods as usize;
    &TABLE[((address >> 4) ^ (address >> 10)) % BUCKETS]
}

/// Adds a type's description before the type exists.
pub(super) fn register(info: TypeInfo) -> &'static TypeInfo {
    let info: &'static TypeInfo = Box::leak(Box::new(info));
    let chain = bucket(info.methods);
    let mut first = chain.load(Ordering::Acquire);
    loop {
        info.next.store(first, Ordering::Relaxed);
        let entry = core::ptr::from_ref(info).cast_mut();
        match chain.compare_exchange_weak(first, entry, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => return info,
            Err(other) => first = other,
        }
    }
}

/// The description of exactly this type.
///
/// # Safety
/// `type_` is a type.
#[inline(always)]
pub(super) unsafe fn exact(type_: *mut PyObject) -> Option<&'static TypeInfo> {
    // SAFETY: `type_` is a type.
    let methods = unsafe { capi::type_slot(type_, capi::Py_tp_methods) }.cast::<PyMethodDef>();
    if methods.is_null() {
        return None;
    }
    let mut next = bucket(methods).load(Ordering::Acquire);
    // SAFETY: entries are never freed.
    while let Some(info) = unsafe { next.as_ref() } {
        if info.methods == methods {
            return Some(info);
        }
        next = info.next.load(Ordering::Acquire);
    }
    None
}

/// The type and its bases, as long as they are heap types.
///
/// # Safety
/// `type_` is a type, and outlives the iterator.
pub(super) unsafe fn heap_bases(type_: *mut PyObject) -> impl Iterator<Item = *mut PyObject> {
    let mut next = type_;
    core::iter::from_fn(move || {
        // SAFETY: a type keeps its base alive. Types of HPy and all below them are heap types.
        unsafe {
            if next.is_null() || capi::type_flags(next) & capi::Py_TPFLAGS_HEAPTYPE == 0 {
                return None;
            }
            let this = next;
            next = capi::type_slot(this, capi::Py_tp_base).cast();
            Some(this)
        }
    })
}

/// The descriptions of the HPy types among the type and its bases, most derived first.
///
/// # Safety
/// As for [`heap_bases`].
pub(super) unsafe fn hpy_bases(type_: *mut PyObject) -> impl Iterator<Item = &'static TypeInfo> {
    // SAFETY: as promised by the caller.
    unsafe { heap_bases(type_).filter_map(|base| exact(base)) }
}

/// The description of the nearest HPy type: the type's own or, for Python's subclasses, a base's.
///
/// # Safety
/// `type_` is a type.
#[inline]
pub(super) unsafe fn nearest(type_: *mut PyObject) -> Option<&'static TypeInfo> {
    let mut next = type_;
    // Whether a type is a heap type is not asked, which takes a call where the layout is unknown.
    while !next.is_null() {
        // SAFETY: as promised by the caller; a type keeps its base alive.
        unsafe {
            if let Some(info) = exact(next) {
                return Some(info);
            }
            next = capi::type_slot(next, capi::Py_tp_base).cast();
        }
    }
    None
}

// SAFETY: an entry's pointers lead to functions and to tables that never change.
unsafe impl Sync for TypeInfo {}
