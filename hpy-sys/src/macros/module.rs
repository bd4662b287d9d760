//! Macros for methods and modules on the raw API. They hide what differs between the ABIs.

use crate::{HPyModuleDef, Static};

/// Defines a method in a static: name in Python, implementation, calling convention (`NOARGS`, `O`,
/// `VARARGS` or `KEYWORDS`) and docstring. Also makes the trampoline that CPython calls.
///
/// ```
/// # #[cfg(feature = "universal")] {
/// use hpy_sys::{HPy, HPyContext, HPy_Absolute, hpy_raw_method};
///
/// unsafe extern "C" fn myabs_impl(ctx: *mut HPyContext, _module: HPy, arg: HPy) -> HPy {
///     unsafe { HPy_Absolute(ctx, arg) }
/// }
/// hpy_raw_method!(static MYABS = c"myabs", myabs_impl, O, c"The absolute value.");
/// # }
/// ```
#[macro_export]
macro_rules! hpy_raw_method {
    (
        $vis:vis static $def:ident = $name:literal, $implementation:path, $convention:ident,
        $doc:literal
    ) => {
        $vis static $def: $crate::Static<$crate::HPyDef> = {
            $crate::__hpy_raw_trampoline!($convention $implementation);
            $crate::Static::new($crate::HPyDef::method($crate::HPyMeth {
                name: $name.as_ptr(),
                r#impl: IMPLEMENTATION,
                // SAFETY: CPython calls it with the arguments of the convention named beside it.
                cpy_trampoline: Some(unsafe {
                    ::core::mem::transmute::<*const (), unsafe extern "C" fn()>(
                        trampoline as *const (),
                    )
                }),
                signature: SIGNATURE,
                doc: $doc.as_ptr(),
            }))
        };
    };
}

/// Defines the entry points of a module: `PyInit_NAME` in the CPython ABI, HPy's four in the
/// universal ABI, and both with the feature `runtime`. `PyModExport_NAME` stands beside
/// `PyInit_NAME` where CPython 3.15 may import it. Takes a [`RawModule`](crate::RawModule).
/// HPy's `HPy_MODINIT`.
#[cfg(feature = "universal")]
#[macro_export]
macro_rules! hpy_raw_module {
    ($name:ident, $definition:expr) => {
        const _: () = {
            const __HPY_RAW_MODULE: $crate::RawModule = $definition;
            #[unsafe(export_name = concat!("get_required_hpy_major_version_", stringify!($name)))]
            extern "C" fn major() -> u32 {
                $crate::HPY_ABI_VERSION
            }
            #[unsafe(export_name = concat!("get_required_hpy_minor_version_", stringify!($name)))]
            extern "C" fn minor() -> u32 {
                $crate::HPY_ABI_VERSION_MINOR
            }
            #[unsafe(export_name = concat!("HPyInitGlobalContext_", stringify!($name)))]
            unsafe extern "C" fn context(ctx: *mut $crate::HPyContext) {
                // SAFETY: the runtime's context is valid for the rest of the process.
                unsafe { $crate::set_trampoline_context(ctx) }
            }
            #[unsafe(export_name = concat!("HPyInit_", stringify!($name)))]
            extern "C" fn init() -> *mut $crate::HPyModuleDef {
                __HPY_RAW_MODULE.as_ptr()
            }
            $crate::__hpy_raw_py_init!($name, __HPY_RAW_MODULE);
        };
    };
}

/// Defines the entry points of a module: `PyInit_NAME` in the CPython ABI, HPy's four in the
/// universal ABI, and both with the feature `runtime`. `PyModExport_NAME` stands beside
/// `PyInit_NAME` where CPython 3.15 may import it. Takes a [`RawModule`](crate::RawModule).
/// HPy's `HPy_MODINIT`.
#[cfg(all(feature = "cpython", not(feature = "universal")))]
#[macro_export]
macro_rules! hpy_raw_module {
    ($name:ident, $definition:expr) => {
        const _: () = {
            const __HPY_RAW_MODULE: $crate::RawModule = $definition;
            $crate::__hpy_raw_py_init!($name, __HPY_RAW_MODULE);
        };
    };
}

/// A module's definition that is known to be valid, for
/// [`hpy_raw_module!`](crate::hpy_raw_module!).
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations)] // There is nothing to show but addresses.
pub struct RawModule(&'static Static<HPyModuleDef>);

impl RawModule {
    /// The definition of a module.
    ///
    /// # Safety
    /// All that the definition points to is valid forever, and no other code changes it. Each
    /// function has the signature that its definition names.
    pub const unsafe fn new(definition: &'static Static<HPyModuleDef>) -> Self {
        Self(definition)
    }

    /// The definition, for a runtime.
    #[doc(hidden)]
    pub const fn as_ptr(self) -> *mut HPyModuleDef {
        self.0.as_ptr()
    }
}

/// `PyInit_NAME`, in binaries that have one.
#[doc(hidden)]
#[cfg(any(feature = "runtime", not(feature = "universal")))]
#[macro_export]
macro_rules! __hpy_raw_py_init {
    ($name:ident, $module:ident) => {
        const __HPY_RAW_NAME: &::core::ffi::CStr = match ::core::ffi::CStr::from_bytes_with_nul(
            concat!(stringify!($name), "\0").as_bytes(),
        ) {
            Ok(name) => name,
            Err(_) => c"",
        };
        #[unsafe(export_name = concat!("PyInit_", stringify!($name)))]
        unsafe extern "C" fn py_init() -> *mut $crate::cpy_PyObject {
            // SAFETY: the import calls it with the thread attached. The definition is a static.
            unsafe { $crate::init_raw_module($module.as_ptr(), __HPY_RAW_NAME) }
        }
        $crate::__if_exported! {
            #[unsafe(export_name = concat!("PyModExport_", stringify!($name)))]
            unsafe extern "C" fn py_mod_export() -> *mut $crate::cpython::PySlot {
                // SAFETY: as for `py_init`.
                unsafe { $crate::export_raw_module($module.as_ptr(), __HPY_RAW_NAME) }
            }
        }
    };
}

/// Its code, in binaries that CPython 3.15 and later may import.
#[doc(hidden)]
#[cfg(any(feature = "universal", hpy_since_3_15))]
#[macro_export]
macro_rules! __if_exported {
    ($($code:tt)*) => { $($code)* };
}

/// Its code, in binaries that CPython 3.15 and later may import.
#[doc(hidden)]
#[cfg(not(any(feature = "universal", hpy_since_3_15)))]
#[macro_export]
macro_rules! __if_exported {
    ($($code:tt)*) => {};
}

#[doc(hidden)]
#[cfg(all(feature = "universal", not(feature = "runtime")))]
#[macro_export]
macro_rules! __hpy_raw_py_init {
    ($name:ident, $module:ident) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __hpy_raw_trampoline {
    (NOARGS $implementation:path) => {
        $crate::__hpy_raw_trampoline!(
            @ HPyFunc_NOARGS HPyFunc_noargs _HPyFunc_args_NOARGS $implementation;
            (self_: *mut $crate::cpy_PyObject, _nothing: *mut $crate::cpy_PyObject); self_; ()
        );
    };
    (O $implementation:path) => {
        $crate::__hpy_raw_trampoline!(
            @ HPyFunc_O HPyFunc_o _HPyFunc_args_O $implementation;
            (self_: *mut $crate::cpy_PyObject, arg: *mut $crate::cpy_PyObject); self_, arg;
            ($crate::HPy { _i: arg as isize })
        );
    };
    (VARARGS $implementation:path) => {
        $crate::__hpy_raw_trampoline!(
            @ HPyFunc_VARARGS HPyFunc_varargs _HPyFunc_args_VARARGS $implementation;
            (
                self_: *mut $crate::cpy_PyObject,
                args: *const *mut $crate::cpy_PyObject,
                nargs: isize
            );
            self_, args, nargs; (args.cast(), nargs.cast_unsigned())
        );
    };
    (KEYWORDS $implementation:path) => {
        $crate::__hpy_raw_trampoline!(
            @ HPyFunc_KEYWORDS HPyFunc_keywords _HPyFunc_args_KEYWORDS $implementation;
            (
                self_: *mut $crate::cpy_PyObject,
                args: *const *mut $crate::cpy_PyObject,
                nargsf: usize,
                kwnames: *mut $crate::cpy_PyObject
            );
            self_, args, nargsf, kwnames;
            (args.cast(), nargsf & (usize::MAX >> 1), $crate::HPy { _i: kwnames as isize })
        );
    };
    ($other:ident $implementation:path) => {
        ::core::compile_error!(::core::concat!(
            "unknown calling convention `", ::core::stringify!($other),
            "`; use NOARGS, O, VARARGS or KEYWORDS"
        ));
        const SIGNATURE: $crate::HPyFunc_Signature = $crate::HPyFunc_NOARGS;
        const IMPLEMENTATION: $crate::HPyCFunction = None;
        fn trampoline() {}
    };
    (
        @ $signature:ident $ty:ident $args:ident $implementation:path;
        ($($param:ident: $param_ty:ty),*); $($field:ident),*; ($($passed:expr),*)
    ) => {
        const SIGNATURE: $crate::HPyFunc_Signature = $crate::$signature;
        const TYPED: $crate::$ty = $implementation;
        const IMPLEMENTATION: $crate::HPyCFunction =
            // SAFETY: only called as the type that `SIGNATURE` names.
            Some(unsafe { ::core::mem::transmute::<$crate::$ty, unsafe extern "C" fn()>(TYPED) });
        unsafe extern "C" fn trampoline($($param: $param_ty),*) -> *mut $crate::cpy_PyObject {
            $crate::__hpy_raw_call!(TYPED $args; $($field),*; ($($passed),*))
        }
    };
}

#[doc(hidden)]
#[cfg(feature = "universal")]
#[macro_export]
macro_rules! __hpy_raw_call {
    ($typed:ident $args:ident; $($field:ident),*; ($($passed:expr),*)) => {{
        let mut args = $crate::$args { $($field,)* result: ::core::ptr::null_mut() };
        // SAFETY: a trampoline's arguments, with the signature and function they belong to.
        unsafe { $crate::call_from_trampoline(SIGNATURE, IMPLEMENTATION, &mut args) };
        args.result
    }};
}

#[doc(hidden)]
#[cfg(all(feature = "cpython", not(feature = "universal")))]
#[macro_export]
macro_rules! __hpy_raw_call {
    ($typed:ident $args:ident; $self_:ident $(, $field:ident)*; ($($passed:expr),*)) => {{
        // SAFETY: a trampoline's arguments. A handle is the object's address.
        let result = unsafe {
            $typed(::core::ptr::null_mut(), $crate::HPy { _i: $self_ as isize } $(, $passed)*)
        };
        result._i as *mut $crate::cpy_PyObject
    }};
}
