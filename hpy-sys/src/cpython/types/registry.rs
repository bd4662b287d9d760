//! Which types are HPy's, and what is known of them.
//!
//! A type is recognised by its method table: `HPyType_FromSpec` makes one for each type, never frees it,
//! and CPython neither copies nor inherits it. So no bit of the interpreter's own flags is needed, and a
//! type that dies leaves no entry that another one at its address could be taken for.

use crate::capi::{self, PyMethodDef, PyObject};
use crate::definitions::*;
use crate::enums::HPyType_BuiltinShape;
use core::ffi::c_void;
use core::sync::atomic::{AtomicPtr, Ordering};

/// What is known of one of HPy's types. Never freed.
#[derive(Debug)]
pub struct TypeInfo {
    /// The method table that identifies the type.
    pub(super) methods: *mut PyMethodDef,
    pub(super) shape: HPyType_BuiltinShape,
    /// Where the data lies in an instance.
    pub(super) data_offset: usize,
    /// Whether the data lies apart from the object, and its size if so.
    pub(super) in_side_table: bool,
    pub(super) data_size: usize,
    /// Where the data ends, hidden words included; 0 if the type adds none.
    pub(super) data_end: usize,
    pub(super) traverse: Option<HPyFunc_traverseproc>,
    pub(super) destroy: Option<HPyFunc_destroyfunc>,
    /// The implementation of `HPy_tp_new`.
    pub(super) new: crate::HPyCFunction,
    /// Where instances have their vectorcall function, 0 for nowhere.
    pub(super) vectorcall_offset: usize,
    /// What new instances have there.
    pub(super) vectorcall: *mut c_void,
    /// Whether that place is in the data, where a member `__vectorcalloffset__` of the type or of a base says.
    pub(super) names_call_word: bool,
    /// Whether instances have a member `__weaklistoffset__`, a list of weak references that lead to them.
    pub(super) weakly_referenced: bool,
    /// Where instances have their `__dict__`, by a member `__dictoffset__`; 0 for nowhere.
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

    /// Whether something has to be done when an instance is deallocated.
    pub(super) fn needs_dealloc(&self) -> bool {
        self.traverse.is_some() || self.destroy.is_some() || self.data_size != 0
    }
}

const BUCKETS: usize = 64;
/// Chains of entries, which only grow: looking one up takes no lock.
static TABLE: [AtomicPtr<TypeInfo>; BUCKETS] =
    [const { AtomicPtr::new(core::ptr::null_mut()) }; BUCKETS];

#[inline(always)]
fn bucket(methods: *mut PyMethodDef) -> &'static AtomicPtr<TypeInfo> {
    let address = methods as usize;
    &TABLE[((address >> 4) ^ (address >> 10)) % BUCKETS]
}

/// Enters a type's description, before the type exists.
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

/// What is known of exactly this type.
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

/// The type and its bases, one after the other, as far as they are made at run time.
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

/// The descriptions of the HPy types among the type and its bases, the most derived first.
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
    // SAFETY: as promised by the caller.
    unsafe { exact(type_).or_else(|| hpy_bases(type_).next()) }
}

// SAFETY: an entry's pointers lead to tables that nobody changes, and functions.
unsafe impl Sync for TypeInfo {}
