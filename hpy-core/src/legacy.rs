//! What an existing extension in C has already, beside what is written in Rust: [`LegacyMethods`] of its functions, [`LegacySlots`] of
//! its types. So it moves one function at a time, both halves in one module.
//!
//! C code that includes `Python.h` is compiled for one version of CPython. So there is such code in the CPython ABI, and in HPy's
//! hybrid form (the feature `hybrid`, `cargo hpy build --abi hybrid`): the universal ABI, bound to one version of CPython nevertheless. In
//! the universal ABI `legacy_methods` and `legacy_slots` do not compile.
//!
//! How to go about it, step by step: [`docs/porting.md`](https://github.com/hpy-rs/hpy-rs/blob/main/docs/porting.md).

use crate::class::{Base, PyClass, Ref};
use crate::definition::MethodDef;
use crate::exceptions::ImportError;
use crate::types::Module;
use crate::{Handle, Result};
use core::ffi::{CStr, c_int, c_void};
pub use hpy_sys::capi::{PyMethodDef, PyObject, PyType_Slot};
use hpy_sys::{HPyDef, HPyDef_Kind_Slot, HPyType_BuiltinShape_Legacy};

/// Functions in C that a module has: CPython's table of them, with which HPy's `HPyModuleDef.legacy_methods` is filled.
///
/// ```
/// use hpy::legacy::{LegacyMethods, PyMethodDef};
/// use hpy::prelude::*;
///
/// unsafe extern "C" {
///     // PyMethodDef words_old_methods[] = { …, {NULL} };
///     static words_old_methods: PyMethodDef;
/// }
///
/// // SAFETY: it ends with a null name, and its functions are what their flags say.
/// const OLD: LegacyMethods = unsafe { LegacyMethods::new(&raw const words_old_methods) };
///
/// #[hpy_method]
/// fn count(text: &str) -> usize {
///     text.split_whitespace().count()
/// }
///
/// # #[cfg(any())]
/// hpy_module! {
///     name: words,
///     methods: [count],
///     legacy_methods: OLD,
/// }
/// ```
///
/// Its functions are called with the module, as they were before. A name that is in `methods` too is an ImportError.
#[derive(Debug, Clone, Copy)]
pub struct LegacyMethods(*const PyMethodDef);

impl LegacyMethods {
    /// The table of which `first` is the first entry.
    ///
    /// A module with one says of itself that it needs the GIL, unless it has `gil: not_used`: free-threaded Python then turns it on.
    ///
    /// # Safety
    /// The table ends with a null name, is valid for ever, and nobody changes it. Its functions are what CPython's documentation asks of
    /// their flags, and do what they may of threads and interpreters where the module says `gil: not_used` or `interpreters: many`.
    pub const unsafe fn new(first: *const PyMethodDef) -> Self {
        Self(first)
    }

    /// None.
    #[doc(hidden)]
    pub const NONE: Self = Self(core::ptr::null());

    #[doc(hidden)]
    pub const fn as_ptr(self) -> *mut c_void {
        self.0.cast_mut().cast()
    }

    /// The names in the table.
    #[inline]
    fn names(self) -> impl Iterator<Item = &'static CStr> {
        let mut next = self.0;
        core::iter::from_fn(move || {
            // SAFETY: as promised to `new`: what comes before a null name is an entry, whose name is a C string.
            unsafe {
                if next.is_null() || (*next).ml_name.is_null() {
                    return None;
                }
                let name = CStr::from_ptr((*next).ml_name);
                next = next.add(1);
                Some(name)
            }
        })
    }
}

/// Refuses a function that both halves have: whoever moves one takes it out of the table in C.
#[doc(hidden)]
#[cold]
#[inline]
pub fn check_legacy_methods(
    module: &Handle<'_, Module>,
    methods: &[MethodDef],
    legacy: LegacyMethods,
) -> Result<()> {
    for name in legacy.names() {
        if methods.iter().any(|method| method.name() == name) {
            let module: String = module.getattr(c"__name__")?.extract()?;
            let name = name.to_string_lossy();
            let parts = [
                &*module,
                " has two functions ",
                &name,
                ", one in methods and one in legacy_methods: take it out of the table in C",
            ];
            return Err(ImportError::new(crate::error::joined(&parts)));
        }
    }
    Ok(())
}

/// Slots in C that a type written in Rust has: what HPy's `HPyType_Spec.legacy_slots` is filled with.
///
/// ```
/// use hpy::legacy::{self, LegacySlots, PyObject, PyType_Slot};
/// use hpy::prelude::*;
///
/// unsafe extern "C" {
///     // PyType_Slot words_slots[] = { {Py_sq_item, words_item}, {0, NULL} };
///     static words_slots: PyType_Slot;
/// }
///
/// // SAFETY: it ends with slot 0, and its functions leave the data to `words_len`.
/// const SLOTS: LegacySlots = unsafe { LegacySlots::new(&raw const words_slots) };
///
/// # #[cfg(any())]
/// #[hpy_type(legacy_slots = SLOTS)]
/// # struct Unused;
/// # #[hpy_type]
/// struct Words {
///     words: Vec<String>,
/// }
///
/// # #[cfg(any())]
/// /// For the functions in C. -1 of an object whose constructor did not run.
/// #[unsafe(no_mangle)]
/// unsafe extern "C" fn words_len(words: *mut PyObject) -> isize {
///     // SAFETY: C calls it with the objects that its slots are given.
///     match unsafe { legacy::borrow::<Words>(words) } {
///         Some(words) => words.words.len() as isize,
///         None => -1,
///     }
/// }
/// ```
///
/// The type has HPy's legacy shape: no data in C lies in its objects, but that of the struct in Rust, to which [`borrow`] leads. A type may
/// derive from one with legacy slots, and have some itself; none that has some derives from a type without, or from a built-in one but `object`.
#[derive(Clone, Copy)]
pub struct LegacySlots {
    first: *const PyType_Slot,
    /// Here, so that a module without such slots has no such code.
    check: CheckSlots,
}

type CheckSlots = fn(LegacySlots, &str, &[*mut HPyDef]) -> Result<()>;

impl LegacySlots {
    /// The table of which `first` is the first entry.
    ///
    /// What makes objects and ends them is Rust's: with a slot for that (`Py_tp_new`, `Py_tp_dealloc`, `Py_tp_alloc`, `Py_tp_free`, `Py_tp_finalize`,
    /// `Py_tp_traverse`, `Py_tp_clear`, `Py_tp_base`, `Py_tp_bases`), or for what it writes itself (`Py_tp_doc`, which is the doc comment, and
    /// `Py_tp_vectorcall`), importing the module is an ImportError; so is one with a slot of HPy's that the type has in Rust too. Where both have a method, an
    /// attribute, or a special method for which HPy has no slot (`__iter__`, `__getattr__`), Rust's is taken.
    ///
    /// # Safety
    /// The table ends with slot 0, is valid for ever, and nobody changes it. Each entry is what CPython's documentation asks of its slot, for
    /// objects in whose memory C has no part. Without the GIL the functions may be called on several threads at once, unless the module
    /// says `gil: used`.
    pub const unsafe fn new(first: *const PyType_Slot) -> Self {
        Self {
            first,
            check: check_slots,
        }
    }

    #[inline]
    pub(crate) fn as_ptr(self) -> *mut c_void {
        self.first.cast_mut().cast()
    }

    /// Whether C has the type's hash.
    #[inline]
    pub(crate) fn hashes(self) -> bool {
        let mut next = self.first;
        // SAFETY: as promised to `new`: what comes before slot 0 is an entry.
        unsafe {
            while !next.is_null() && (*next).slot != 0 {
                if (*next).slot == HASH {
                    return true;
                }
                next = next.add(1);
            }
        }
        false
    }

    #[inline]
    pub(crate) fn check(self, type_name: &str, defines: &[*mut HPyDef]) -> Result<()> {
        (self.check)(self, type_name, defines)
    }
}

impl core::fmt::Debug for LegacySlots {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("LegacySlots").field(&self.first).finish()
    }
}

/// CPython's numbers of slots that Rust fills, or that would undo what it fills: alloc, base, bases, clear, dealloc, del, doc, new, traverse, free,
/// finalize, vectorcall.
const RUSTS: [c_int; 12] = [47, 48, 49, 51, 52, 53, 56, 65, 71, 74, 80, 82];

/// `Py_tp_hash`.
const HASH: c_int = 59;

#[cold]
#[inline]
fn check_slots(slots: LegacySlots, type_name: &str, defines: &[*mut HPyDef]) -> Result<()> {
    let in_rust = |number: c_int| {
        defines.iter().any(|definition| {
            // SAFETY: a type's definitions are valid for ever; the kind says which field is meant.
            unsafe {
                (**definition).kind == HPyDef_Kind_Slot
                    && i64::from((**definition).definition.slot.slot.0) == i64::from(number)
            }
        })
    };
    let mut next = slots.first;
    // SAFETY: as promised to `new`: what comes before slot 0 is an entry.
    while !next.is_null() && unsafe { (*next).slot } != 0 {
        // SAFETY: as above.
        let number = unsafe { (*next).slot };
        next = next.wrapping_add(1);
        let why = match number {
            _ if RUSTS.contains(&number) => "which is for Rust to fill",
            _ if in_rust(number) => "which it has in Rust too: take it out of the table in C",
            _ => continue,
        };
        let number = i64::from(number).to_string();
        let parts = [
            "the legacy_slots of ",
            type_name,
            " have slot ",
            &number,
            ", ",
            why,
        ];
        return Err(ImportError::new(crate::error::joined(&parts)));
    }
    Ok(())
}

/// A type with `legacy_slots`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no slots in C",
    label = "C can't find its data",
    note = "write `#[hpy_type(legacy_slots = …)]` above its definition"
)]
pub trait LegacyType: PyClass {}

/// The data of an object, for code that C calls with it. None where there is none, as no constructor of Rust's ran, or where it is borrowed exclusively.
///
/// A panic in a function that C calls ends the process: nothing in it should panic, or `catch_unwind` stands around it. A pointer into the data that is given to
/// C is good until Python code may run, which may change the data.
///
/// # Safety
/// The object is an instance of `T` or of a class derived from it, and alive as long as the borrow. The thread is attached.
///
/// # Examples
/// See [`LegacySlots`].
pub unsafe fn borrow<'a, T: LegacyType>(object: *mut PyObject) -> Option<Ref<'a, T>> {
    const {
        assert!(
            <T as Base>::SHAPE.0 == HPyType_BuiltinShape_Legacy.0,
            "the trait is for types with `legacy_slots`"
        );
    }
    // SAFETY: as promised by the caller; data of the legacy shape begins with the object.
    unsafe { crate::class::borrow_instance::<T>(object.cast()) }
}

/// What stands where a declaration names code in C.
#[cfg(any(not(feature = "universal"), feature = "hybrid"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __legacy_only {
    ($what:literal) => {};
}

/// What stands where a declaration names code in C.
#[cfg(all(feature = "universal", not(feature = "hybrid")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __legacy_only {
    ($what:literal) => {
        ::core::compile_error!(::core::concat!(
            "`",
            $what,
            "` is for the CPython ABI and for HPy's hybrid form: code that uses Python.h is bound to one version of CPython, and a \
             universal binary to none. Build with `--abi cpython` or `--abi hybrid`, or declare the module without it under \
             #[cfg(feature = \"universal\")]"
        ));
    };
}
