//! What an existing extension in C has already, beside what is written in Rust: [`LegacyMethods`] of its functions, [`LegacySlots`] of
//! its types. So it moves one function at a time, both halves in one module.
//!
//! C code that includes `Python.h` is compiled for one version of CPython. So there is such code in the CPython ABI, and in HPy's
//! hybrid form (the feature `hybrid`, `cargo hpy build --abi hybrid`): the universal ABI, bound to one version of CPython nevertheless. In
//! the universal ABI `legacy_methods` and `legacy_slots` do not compile.
//!
//! How to go about it, step by step: [`docs/porting.md`](https://github.com/hpy-rs/hpy-rs/blob/main/docs/porting.md).

use crate::definition::MethodDef;
use crate::exceptions::ImportError;
use crate::types::Module;
use crate::{Handle, Result};
use core::ffi::{CStr, c_void};
pub use hpy_sys::capi::{PyMethodDef, PyObject, PyType_Slot};

/// Functions in C that a module has: CPython's table of them, with which HPy's `HPyModuleDef.legacy_methods` is filled.
///
/// ```
/// use hpy::legacy::{LegacyMethods, PyMethodDef};
///
/// # #[cfg(any())]
/// unsafe extern "C" {
///     // PyMethodDef words_old_methods[] = { …, {NULL} };
///     static words_old_methods: PyMethodDef;
/// }
/// # #[repr(transparent)]
/// # struct Table(PyMethodDef);
/// # unsafe impl Sync for Table {}
/// # static TABLE: Table = Table(PyMethodDef { ml_name: std::ptr::null(), ml_meth: None, ml_flags: 0, ml_doc: std::ptr::null() });
/// # #[allow(non_upper_case_globals)]
/// # use TABLE as words_old_methods;
///
/// // SAFETY: it ends with a null name, and its functions are what their flags say.
/// const OLD: LegacyMethods = unsafe { LegacyMethods::new((&raw const words_old_methods).cast()) };
///
/// # #[cfg(any())]
/// hpy_module! {
///     name: words,
///     methods: [count],
///     legacy_methods: OLD,
/// }
/// # let _ = OLD;
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
