//! What an existing extension in C has already, beside what is written in Rust: [`LegacyMethods`]
//! of its functions, [`LegacySlots`] of its types. So it moves one function at a time, both halves
//! in one module.
//!
//! C code that includes `Python.h` is compiled for one version of CPython. So there is such code in
//! the CPython ABI, and in HPy's hybrid form (the feature `hybrid`,
//! `cargo hpy build --abi hybrid`): the universal ABI, bound to one version of CPython
//! nevertheless. In the universal ABI `legacy_methods` and `legacy_slots` do not compile.
//!
//! How to go about it, step by step:
//! [`docs/porting.md`](https://github.com/hpy-rs/hpy-rs/blob/main/docs/porting.md).

pub use super::legacy_slots::LegacySlots;
use crate::class::{Base, PyClass, Ref};
use crate::entry::definition::MethodDef;
use crate::exceptions::ImportError;
use crate::types::Module;
use crate::{Handle, Result};
use core::ffi::{CStr, c_void};
use hpy_sys::HPyType_BuiltinShape_Legacy;
pub use hpy_sys::capi::{PyMethodDef, PyObject, PyType_Slot};

/// Functions in C that a module has: CPython's table of them, with which HPy's
/// `HPyModuleDef.legacy_methods` is filled.
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
/// Its functions are called with the module, as they were before. A name that is in `methods` too
/// is an ImportError.
#[derive(Debug, Clone, Copy)]
pub struct LegacyMethods(*const PyMethodDef);

impl LegacyMethods {
    /// The table of which `first` is the first entry.
    ///
    /// A module with one says of itself that it needs the GIL, unless it has `gil: not_used`:
    /// free-threaded Python then turns it on.
    ///
    /// # Safety
    /// The table ends with a null name, is valid for ever, and nobody changes it. Its functions are
    /// what CPython's documentation asks of their flags, and do what they may of threads and
    /// interpreters where the module says `gil: not_used` or `interpreters: many`.
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
            // SAFETY: as promised to `new`: what comes before a null name is an entry, whose name
            // is a C string.
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

/// A type with `legacy_slots`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no slots in C",
    label = "C can't find its data",
    note = "write `#[hpy_type(legacy_slots = …)]` above its definition"
)]
pub trait LegacyType: PyClass {}

/// The data of an object, for code that C calls with it. None where there is none, as no
/// constructor of Rust's ran, or where it is borrowed exclusively.
///
/// A panic in a function that C calls ends the process: nothing in it should panic, or
/// `catch_unwind` stands around it. A pointer into the data that is given to C is good until Python
/// code may run, which may change the data.
///
/// # Safety
/// The object is an instance of `T` or of a class derived from it, and alive as long as the borrow.
/// The thread is attached.
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
            "` is for the CPython ABI and for HPy's hybrid form: code that uses Python.h is bound \
             to one version of CPython, and a universal binary to none. Build with `--abi cpython` \
             or `--abi hybrid`, or declare the module without it under #[cfg(feature = \
             \"universal\")]"
        ));
    };
}
