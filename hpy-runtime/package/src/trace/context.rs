//! A context that traces: the words of another one, with wrappers in place of its functions.

use super::{clock, functions, wrappers};
use core::ffi::CStr;
use hpy::sys::fork::Lock;
use hpy::sys::{BUNDLED_CONTEXT, HPyContext, HPyModuleDef};

/// All trace contexts have this name. It says whose they are, by which Rust extensions know what
/// the context offers.
const NAME: &CStr = c"HPy Trace Mode ABI (HPy for Rust)";

/// What an extension that is loaded in trace mode gets for a context. It is never freed.
#[repr(C)]
pub(crate) struct TraceContext {
    /// First, so that an extension's context is the address of the whole.
    words: HPyContext,
    /// Which of the traced extensions it belongs to, from 0.
    pub(super) extension: usize,
}

/// A file that was loaded in trace mode.
struct Traced {
    name: String,
    path: String,
    context: &'static TraceContext,
}

// SAFETY: nobody changes the words once the context is made, and pointers in it are valid forever.
unsafe impl Sync for TraceContext {}

static TRACED: Lock<Vec<Traced>> = Lock::new(Vec::new());

impl TraceContext {
    /// The context of the extension `name` in the file `path`. A file that is loaded again keeps
    /// its context.
    ///
    /// # Safety
    /// The bundled context is filled.
    pub(crate) unsafe fn of(name: &str, path: &str) -> &'static Self {
        clock::start();
        let mut traced = TRACED.lock();
        let mut known = traced.iter();
        if let Some(known) = known.find(|one| one.name == name && one.path == path) {
            return known.context;
        }
        // SAFETY: as promised by the caller.
        let mut words = unsafe { wrapped().read() };
        words.name = NAME.as_ptr();
        wrappers::wrap(&mut words);
        let context: &'static Self = Box::leak(Box::new(Self {
            words,
            extension: traced.len(),
        }));
        traced.push(Traced {
            name: name.into(),
            path: path.into(),
            context,
        });
        context
    }

    /// As an extension gets it.
    pub(crate) fn as_ptr(&'static self) -> *mut HPyContext {
        (&raw const *self).cast_mut().cast()
    }

    /// Learns the names of the module's functions.
    ///
    /// # Safety
    /// The definition is valid.
    pub(crate) unsafe fn name_functions(&self, def: *mut HPyModuleDef) {
        // SAFETY: as promised by the caller.
        unsafe { functions::name_module(self.extension, def) };
    }
}

/// Name and path of each extension, in the order of their numbers.
pub(super) fn extensions() -> Vec<(String, String)> {
    let traced = TRACED.lock();
    let both = |one: &Traced| (one.name.clone(), one.path.clone());
    traced.iter().map(both).collect()
}

/// The context that calls are passed on to. In its place, the C API is called in line.
#[inline(always)]
pub(super) fn wrapped() -> *mut HPyContext {
    BUNDLED_CONTEXT.as_ptr().cast()
}

/// The trace context that a wrapper got.
///
/// # Safety
/// `ctx` is the address of a [`TraceContext`].
#[inline(always)]
pub(super) unsafe fn of(ctx: *mut HPyContext) -> &'static TraceContext {
    // SAFETY: as promised by the caller. It is never freed, and nobody changes it.
    unsafe { &*ctx.cast::<TraceContext>() }
}
