//! Starts the interpreter, once for the process.

use super::StartError;
use super::built_in;
use super::interpreter::find;
use crate::backend::any_global::REGISTRY;
use crate::entry::guard::Exec;
use crate::entry::{Definition, exec_def, module_init};
use crate::module::legacy::LegacyMethods;
use crate::module::module_def;
use crate::types::Module;
use crate::{Context, Handle, Result};
use core::cell::Cell;
use core::ffi::CStr;
use core::ptr::null_mut;
use hpy_sys::capi::PyObject;
use hpy_sys::cpython::{Gil, Promises};
use hpy_sys::embed::{BuiltInModule, Start, has_python, open};
use hpy_sys::interpreters::{self, Interpreters};
use hpy_sys::{HPyDef, HPyGlobal, HPyModuleDef, Static};
use std::sync::OnceLock;

/// Python's main thread is the one that starts it, which must not end before the process does.
/// That is so of the program's main thread. Otherwise a thread is made for it.
pub(super) fn start() -> Result<(), StartError> {
    static STARTED: OnceLock<Result<(), StartError>> = OnceLock::new();
    thread_local! {
        static STARTING: Cell<bool> = const { Cell::new(false) };
    }
    if interpreters::is_loaded() {
        return Ok(());
    }
    if STARTING.get() {
        return Err(StartError::failed(
            "the interpreter is being started by this thread".to_owned(),
        ));
    }
    STARTED
        .get_or_init(|| {
            if is_main_thread() {
                STARTING.set(true);
                let started = start_here();
                STARTING.set(false);
                return started;
            }
            let (tell, told) = std::sync::mpsc::channel();
            std::thread::Builder::new()
                .name("python-main".to_owned())
                .stack_size(8 << 20)
                .spawn(move || {
                    STARTING.set(true);
                    let started = start_here();
                    STARTING.set(false);
                    // The receiver waits for it.
                    let _ = tell.send(started);
                    hpy_sys::wait_forever();
                })
                .map_err(|error| StartError::failed(format!("no thread can be made: {error}")))?;
            told.recv().unwrap_or_else(|_| {
                Err(StartError::failed(
                    "the thread that started the interpreter panicked".to_owned(),
                ))
            })
        })
        .clone()
}

fn start_here() -> Result<(), StartError> {
    if has_python() {
        return Err(StartError::failed(
            "this process has a Python already: it is linked to one, another crate has started \
             one, or one has imported this library"
                .to_owned(),
        ));
    }
    let python = find()?;
    let failed = |reason: String| {
        let (library, origin) = (python.library.display(), &python.origin);
        StartError::failed(format!(
            "{library} of {origin} cannot be embedded: {reason}"
        ))
    };
    let mut modules = built_in::all();
    modules.push(BuiltInModule {
        name: NAME,
        init: init_embedded,
    });
    let start = Start {
        program: &python.executable,
        home: python.home.as_deref(),
        built_in: &modules,
        imports: &[NAME, c"threading"],
    };
    // SAFETY: the executable says that it is CPython's. Only this function opens it, which runs
    // once, and nothing of it is known before. The functions are those of `hpy_module!`. This
    // thread does not end.
    unsafe {
        open(&python.library).map_err(failed)?;
        start.run().map_err(failed)
    }
}

/// Whether this is the thread that runs `main`. False if that cannot be told.
fn is_main_thread() -> bool {
    #[cfg(target_os = "linux")]
    {
        // `PID/task/TID`
        std::fs::read_link("/proc/thread-self").is_ok_and(|link| {
            let mut parts = link.iter();
            let (process, thread) = (parts.next(), parts.nth(1));
            process.is_some() && process == thread
        })
    }
    #[cfg(target_vendor = "apple")]
    {
        unsafe extern "C" {
            safe fn pthread_main_np() -> core::ffi::c_int;
        }
        pthread_main_np() != 0
    }
    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    {
        false
    }
}

/// A module without contents. Its import makes the runtime ready, before the program's own
/// modules are imported.
const NAME: &CStr = c"_hpy_embed";

struct Embedded;

impl Exec for Embedded {
    const NAME: &'static str = "_hpy_embed";
    const GLOBALS: &'static [&'static crate::backend::any_global::AnyGlobal] = &[];

    fn exec<'ctx>(_: Context<'ctx>, _: &Handle<'ctx, Module>) -> Result<()> {
        Ok(())
    }
}

static EXEC: Static<Definition> = exec_def::<Embedded>();
static DEFINES: Static<[*mut HPyDef; 2]> = Static::new([EXEC.as_ptr().cast(), null_mut()]);
static GLOBALS: Static<[*mut HPyGlobal; 2]> = Static::new([REGISTRY.as_raw(), null_mut()]);
static MODULE: Static<HPyModuleDef> = module_def(
    c"Makes the HPy runtime of a program that embeds Python ready.",
    LegacyMethods::NONE,
    DEFINES.as_ptr().cast(),
    GLOBALS.as_ptr().cast(),
);

unsafe extern "C" fn init_embedded() -> *mut PyObject {
    let promises = Promises {
        interpreters: Interpreters::One,
        gil: Gil::NotUsed,
    };
    // SAFETY: called by the import with the thread attached. The definition is a static that nobody
    // changes.
    unsafe { module_init(MODULE.as_ptr(), NAME, promises) }
}
