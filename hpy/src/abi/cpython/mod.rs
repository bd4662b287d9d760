//! The CPython ABI: handles are objects' addresses, calls go straight to the C API.

mod entries;
mod entry_points;
mod stand_ins;

pub(crate) use super::direct::kept::{Kept, release_waiting, releases_wait};
pub use super::direct::keyword_names::KeywordName;
pub(crate) use super::direct::keyword_names::known_keyword;
pub(crate) use super::direct::objects::{
    dict_items, exact_float, ints_are_indexed, is_int, list_get, list_len, small_int,
    str_from_utf8, tuple_get, tuple_len, with_keyword_name,
};
pub(crate) use super::direct::raised::Raised;
pub(crate) use super::direct::text::{bytes_len, char_count, utf8};
pub(crate) use super::direct::{GlobalLock, module_failed, module_loads};
pub use entries::{Definition, exec_def, keywords_def, noargs_def, o_def, varargs_def};

use crate::Context;
use core::ffi::CStr;
use hpy_sys::capi::PyObject;
use hpy_sys::{HPy, HPyContext, HPyGlobal, HPyModule_InitFor, HPyModuleDef, Promises, Static};

/// There is no context to carry.
#[derive(Clone, Copy)]
pub(crate) struct RawContext;

impl RawContext {
    #[inline(always)]
    pub(crate) fn direct() -> Self {
        Self
    }

    #[inline(always)]
    pub(crate) fn is_direct(self) -> bool {
        true
    }

    /// For code that is rarely run: the same.
    #[inline(always)]
    pub(crate) fn rarely(self) -> Self {
        self
    }

    #[inline(always)]
    pub(crate) fn as_ptr(self) -> *mut HPyContext {
        core::ptr::null_mut()
    }
}

/// Where a global is.
pub(crate) struct GlobalPlace(Static<HPyGlobal>);

impl GlobalPlace {
    pub(crate) const fn new() -> Self {
        Self(Static::new(HPyGlobal::NULL))
    }

    /// What the module's definition lists.
    pub(crate) const fn listed(&self) -> *mut HPyGlobal {
        self.0.as_ptr()
    }

    /// What the context uses.
    #[inline(always)]
    pub(crate) fn of(&self, _: Context<'_>) -> *mut HPyGlobal {
        self.0.as_ptr()
    }

    /// Nothing: nobody else writes into the place.
    #[inline(always)]
    pub(crate) fn stored(&self, _: Context<'_>) {}

    /// Nothing, likewise: it is empty.
    #[inline(always)]
    pub(crate) fn empty(&self, _: Context<'_>) {}

    /// Nothing, likewise.
    #[inline(always)]
    pub(crate) fn restore(&self, _: Context<'_>) {}
}

/// Which constant of the context: the function that gives it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Constant(pub(crate) unsafe fn(*mut HPyContext) -> HPy);

macro_rules! constant {
    ($name:ident) => {
        $crate::abi::Constant(hpy_sys::$name)
    };
}
pub(crate) use constant;

impl Constant {
    /// Its handle, borrowed.
    #[inline]
    pub(crate) fn raw(self, ctx: Context<'_>) -> HPy {
        // SAFETY: the context is valid.
        unsafe { (self.0)(ctx.as_ptr()) }
    }
}

/// Whether reading a float from an object asks for its `__index__` too: CPython does.
#[inline(always)]
pub(crate) fn floats_are_indexed(_: Context<'_>) -> bool {
    true
}

/// A global is a reference, which the store has replaced.
///
/// # Safety
/// None is needed here.
pub(crate) unsafe fn global_replaced(
    _: Context<'_>,
    _: *mut hpy_sys::HPyGlobal,
    _: hpy_sys::HPyGlobal,
    _: bool,
) {
}

/// What `PyInit_NAME` returns.
///
/// # Safety
/// Called by an import with the thread attached; the definition is `hpy_module!`'s.
pub unsafe fn module_init(
    def: *mut HPyModuleDef,
    name: &'static CStr,
    promises: Promises,
) -> *mut PyObject {
    // SAFETY: as promised by the caller.
    unsafe { HPyModule_InitFor(def, name, promises) }
}
