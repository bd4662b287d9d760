//! Starts CPython in a process that has none, from its shared library. Nothing is linked.
//!
//! A universal binary finds the C API among all libraries that the process has loaded. So an
//! interpreter is embedded by opening its library for all to see, before anything is looked up.

mod library;

pub use library::open;

use crate::capi::{PyObject, platform};
use crate::handles::wchar_t;
use core::ffi::{CStr, c_char, c_int, c_void};
use std::ffi::OsStr;

/// `PyInit_NAME`.
pub type ModuleInit = unsafe extern "C" fn() -> *mut PyObject;

/// A module that is in the program itself.
#[derive(Debug, Clone, Copy)]
pub struct BuiltInModule {
    /// What `import` takes.
    pub name: &'static CStr,
    /// What makes it.
    pub init: ModuleInit,
}

/// Whether this process has a Python already: CPython's names are there, or those of PyPy or
/// GraalPy, or a host has called the library. Two would be mistaken for one another.
pub fn has_python() -> bool {
    let names = [
        c"Py_IsInitialized",
        c"PyPyNumber_Add",
        c"_Py_NoneStructReference",
    ];
    names.iter().any(|name| !platform::symbol(name).is_null())
        || !crate::universal::host_context().is_null()
}

/// What the interpreter starts with.
#[derive(Debug)]
pub struct Start<'a> {
    /// The executable for which Python finds its standard library and virtual environment.
    pub program: &'a OsStr,
    /// `PYTHONHOME`, if the executable needs one.
    pub home: Option<&'a OsStr>,
    /// What `import` finds in the program.
    pub built_in: &'a [BuiltInModule],
    /// Modules that the thread imports at the end.
    pub imports: &'a [&'static CStr],
}

/// Ctrl-C, on every system.
const SIGINT: c_int = 2;
/// The system's own action: it ends the process.
const SIG_DFL: usize = 0;

impl Start<'_> {
    /// Initialises the interpreter. This thread becomes its main thread, and leaves it detached.
    /// No signal handler is installed.
    ///
    /// # Errors
    /// If the library lacks a function, or an import fails, whose traceback is printed.
    ///
    /// # Safety
    /// The library of a CPython [is open](open), and is not initialised. No other thread uses it.
    /// The functions of `built_in` are `PyInit_NAME`s. This thread never ends before the process.
    pub unsafe fn run(&self) -> Result<(), String> {
        type AppendInittab = unsafe extern "C" fn(*const c_char, ModuleInit) -> c_int;
        type SetText = unsafe extern "C" fn(*const wchar_t);
        type Initialize = unsafe extern "C" fn(c_int);
        type Import = unsafe extern "C" fn(*const c_char) -> *mut PyObject;
        type Release = unsafe extern "C" fn(*mut PyObject);
        type Print = unsafe extern "C" fn();
        type GetSignal = unsafe extern "C" fn(c_int) -> usize;
        type SetSignal = unsafe extern "C" fn(c_int, usize) -> usize;
        type Save = unsafe extern "C" fn() -> *mut c_void;
        // SAFETY: CPython's functions of these names have these types, from 3.9 on. They are part
        // of its stable ABI. Their texts stay valid, because they are leaked.
        unsafe {
            let append = core::mem::transmute::<*mut c_void, AppendInittab>(function(
                c"PyImport_AppendInittab",
            )?);
            let set_program =
                core::mem::transmute::<*mut c_void, SetText>(function(c"Py_SetProgramName")?);
            let set_home =
                core::mem::transmute::<*mut c_void, SetText>(function(c"Py_SetPythonHome")?);
            let initialize =
                core::mem::transmute::<*mut c_void, Initialize>(function(c"Py_InitializeEx")?);
            let import =
                core::mem::transmute::<*mut c_void, Import>(function(c"PyImport_ImportModule")?);
            let release = core::mem::transmute::<*mut c_void, Release>(function(c"Py_DecRef")?);
            let print = core::mem::transmute::<*mut c_void, Print>(function(c"PyErr_Print")?);
            let save = core::mem::transmute::<*mut c_void, Save>(function(c"PyEval_SaveThread")?);
            let get_signal =
                core::mem::transmute::<*mut c_void, GetSignal>(function(c"PyOS_getsig")?);
            let set_signal =
                core::mem::transmute::<*mut c_void, SetSignal>(function(c"PyOS_setsig")?);

            for module in self.built_in {
                if append(module.name.as_ptr(), module.init) != 0 {
                    return Err("there is no memory for the list of modules".to_owned());
                }
            }
            set_program(leaked(self.program));
            if let Some(home) = self.home {
                set_home(leaked(home));
            }
            // 0: signals stay the program's. But the import of `_signal` takes Ctrl-C where nobody
            // else has it, so it is imported here, and Ctrl-C given back.
            let before = get_signal(SIGINT);
            initialize(0);
            let mut failed = None;
            for name in [c"_signal"].iter().chain(self.imports) {
                let module = import(name.as_ptr());
                if module.is_null() {
                    print();
                    failed.get_or_insert(*name);
                } else {
                    release(module);
                }
            }
            if before == SIG_DFL && get_signal(SIGINT) != SIG_DFL {
                set_signal(SIGINT, SIG_DFL);
            }
            save();
            match failed {
                None => Ok(()),
                Some(name) => Err(format!(
                    "the module {} cannot be imported; its traceback was printed",
                    name.to_string_lossy()
                )),
            }
        }
    }
}

fn function(name: &CStr) -> Result<*mut c_void, String> {
    let address = platform::symbol(name);
    if address.is_null() {
        return Err(format!("its library has no {}", name.to_string_lossy()));
    }
    Ok(address)
}

/// The text as Python's file names are decoded: UTF-8, with other bytes as lone surrogates. It is
/// never freed.
fn leaked(text: &OsStr) -> *const wchar_t {
    Box::leak(wide(text).into_boxed_slice()).as_ptr()
}

#[cfg(windows)]
fn wide(text: &OsStr) -> Vec<wchar_t> {
    use std::os::windows::ffi::OsStrExt;
    text.encode_wide().chain([0]).collect()
}

#[cfg(not(windows))]
fn wide(text: &OsStr) -> Vec<wchar_t> {
    let mut wide = Vec::new();
    for chunk in text.as_encoded_bytes().utf8_chunks() {
        wide.extend(chunk.valid().chars().map(|c| c as wchar_t));
        wide.extend(
            chunk
                .invalid()
                .iter()
                .map(|byte| 0xdc00 + wchar_t::from(*byte)),
        );
    }
    wide.push(0);
    wide
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn paths_are_decoded_as_pythons_file_names_are() {
        assert_eq!(wide(OsStr::new("a\u{e9}")), [0x61, 0xe9, 0]);
        assert_eq!(wide(OsStr::from_bytes(b"a\xff")), [0x61, 0xdcff, 0]);
    }
}
