//! The universal ABI: a call brings its context. The own runtime's leads straight to the C API, every other is
//! foreign and everything goes through it.

mod as_methods;
mod choice;
mod entries;
mod entry_points;
mod foreign;
mod of_types;
pub mod slots;

pub(crate) use super::direct::GlobalLock;
pub(crate) use super::direct::buffer::{View, memory_moves};
pub use super::direct::keyword_names::KeywordName;
pub(crate) use as_methods::{attribute_as_methods, closure_of_attribute, of_setter};
pub(crate) use choice::{
    CachedPlace, Kept, Raised, bytes_len, call_method_with_names, call_with_names, char_count,
    compare_bool, dict_items, exact_float, float, floats_are_indexed, floor_divide,
    forgets_renamed_code, global_replaced, global_stores, ints_are_indexed, is, is_bool, is_int,
    is_no_data, is_refused, items_in_line, keeps_built_lists, kind, known_keyword, list_get,
    list_len, list_of, list_of_numbers, mangles_lists, misreads, misreads_defaults,
    misreads_numbers, module_failed, module_loads, overwrites_floats, plain_int,
    reaches_beyond_the_end, release_waiting, releases_wait, replaces_in_file_names, rich_compare,
    small_int, splits_at_first_dot, str_from_utf8, swaps_items, tuple_get, tuple_len,
    tuple_of_numbers, utf8, view, way_of_numbers, with_keyword_name,
};
pub use entries::{Definition, exec_def, keywords_def, noargs_def, o_def, varargs_def};
pub(crate) use of_types::{
    binds_fields, calls_by_slot, calls_per_object, dies_of_recursion, has_all_slots, measures_data,
    name_of_own, reads_signatures, refuses_base, refuses_subclasses, traverses_bases, view_key,
};
pub use slots::OwnFunctions;
pub(crate) use slots::{construct_of, for_own_types};

pub(crate) use foreign::fields::load as load_bound;
pub(crate) use foreign::kept::Kept as Loose;
pub(crate) use foreign::pypy::{Lasting, measure, measured_data};

use core::ffi::CStr;
use core::sync::atomic::{AtomicIsize, Ordering};
use hpy_sys::capi::PyObject;
use hpy_sys::cpython::Promises;
use hpy_sys::*;

/// The context of a call.
#[derive(Clone, Copy)]
pub(crate) struct RawContext(*mut HPyContext);

// SAFETY: an address alone does nothing; it is used through `Context` only, which is neither Send nor Sync. So the
// compiler's complaint names that reason alone, the same in both ABIs.
unsafe impl Send for RawContext {}
// SAFETY: as above.
unsafe impl Sync for RawContext {}

impl RawContext {
    #[inline(always)]
    pub(crate) fn new(ctx: *mut HPyContext) -> Self {
        Self(ctx)
    }

    /// The context of the own runtime: a constant, so that what depends on it is decided when compiled.
    #[inline(always)]
    pub(crate) fn direct() -> Self {
        Self(BUNDLED_CONTEXT.as_ptr().cast())
    }

    #[inline(always)]
    pub(crate) fn is_direct(self) -> bool {
        crate::detached::assert_attached();
        is_of_bundled_runtime(self.0)
    }

    /// The same context for code that is rarely run: what is done in line for the own one is left out of it.
    #[inline(always)]
    pub(crate) fn rarely(self) -> Self {
        Self(without_inlining(self.0))
    }

    #[inline(always)]
    pub(crate) fn as_ptr(self) -> *mut HPyContext {
        self.0
    }
}

/// Where a global is: in a place for the own runtime, in one for this project's package, and in one for every other, since a
/// binary can be loaded by all of them in one process, and what one puts there another cannot read.
pub(crate) struct GlobalPlace {
    foreign: Static<HPyGlobal>,
    package: Static<HPyGlobal>,
    own: Static<HPyGlobal>,
    /// What is in `foreign`, unless somebody else has written there since.
    stored: AtomicIsize,
}

impl GlobalPlace {
    pub(crate) const fn new() -> Self {
        Self {
            foreign: Static::new(HPyGlobal::NULL),
            package: Static::new(HPyGlobal::NULL),
            own: Static::new(HPyGlobal::NULL),
            stored: AtomicIsize::new(0),
        }
    }

    /// What the module's definition lists.
    pub(crate) const fn listed(&self) -> *mut HPyGlobal {
        self.foreign.as_ptr()
    }

    /// What the context uses.
    #[inline(always)]
    pub(crate) fn of(&self, ctx: crate::Context<'_>) -> *mut HPyGlobal {
        if is_of_bundled_runtime(ctx.as_ptr()) {
            self.own.as_ptr()
        // SAFETY: a `Context`'s is valid.
        } else if unsafe { is_of_package(ctx.as_ptr()) } {
            self.package.as_ptr()
        } else {
            self.foreign.as_ptr()
        }
    }

    /// Remembers what the context has put into the place.
    #[inline]
    pub(crate) fn stored(&self, ctx: crate::Context<'_>) {
        if core::ptr::eq(self.of(ctx), self.foreign.as_ptr()) {
            // SAFETY: the place is this static's, and nobody stores meanwhile.
            let word = unsafe { (*self.foreign.as_ptr())._i };
            self.stored.store(word, Ordering::Relaxed);
        }
    }

    /// Empties the place before its first use, whatever is in it: GraalPy 24 numbers the globals of a module as if each held None.
    pub(crate) fn empty(&self, ctx: crate::Context<'_>) {
        if ctx.raw.is_direct() {
            // Nobody else writes into that one.
            return;
        }
        let global = self.of(ctx);
        // SAFETY: the global belongs to the module that is being loaded. Another interpreter that loads it too may store
        // already, atomically: then it was empty here.
        unsafe {
            if AtomicIsize::from_ptr(&raw mut (*global)._i).load(Ordering::Acquire) != 0 {
                HPyGlobal_Store(ctx.as_ptr(), global, HPy_NULL);
                *global = HPyGlobal::NULL;
            }
        }
    }

    /// Puts what was stored back into the place, when a further module that lists it is loaded. GraalPy 24 numbers the
    /// globals of each module anew; the numbers they had are as good as before.
    pub(crate) fn restore(&self, ctx: crate::Context<'_>) {
        if core::ptr::eq(self.of(ctx), self.foreign.as_ptr()) {
            let word = self.stored.load(Ordering::Relaxed);
            // SAFETY: as in `stored`.
            unsafe { (*self.foreign.as_ptr())._i = word };
        }
    }
}

/// Which constant of the context: the word that it is in. A number needs no relocation, and most constants are never used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Constant(u16);

macro_rules! constant {
    ($name:ident) => {
        $crate::abi::Constant::at(core::mem::offset_of!(hpy_sys::HPyContext, $name))
    };
}
pub(crate) use constant;

impl Constant {
    /// The one at so many bytes into the context: one of the words that every context has at the same place.
    pub(crate) const fn at(offset: usize) -> Self {
        assert!(offset <= core::mem::offset_of!(HPyContext, h_Builtins));
        Self((offset / size_of::<HPy>()) as u16)
    }

    /// Its handle, borrowed.
    #[inline]
    pub(crate) fn raw(self, ctx: crate::Context<'_>) -> HPy {
        // SAFETY: the context is valid, the word within it, and a constant.
        unsafe { *ctx.as_ptr().cast::<HPy>().add(self.0.into()) }
    }
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
    // SAFETY: as promised by the caller; such a module's definitions are all `Definition`s.
    unsafe { hpy_runtime::module_init(def, name, entries::own_function, promises) }
}
