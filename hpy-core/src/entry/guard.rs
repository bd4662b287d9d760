//! The one boundary between Python and Rust: every entry is an [`entry!`], by itself or through
//! [`enter`].
//!
//! It turns a result into what the caller expects, an error into a pending exception, a panic into
//! a PanicException, and lets nothing else out.

use crate::backend;
use crate::backend::RawContext;
use crate::convert::InLine;
use crate::entry::arguments::{Args, KeywordArgs};
use crate::exceptions::PanicException;
use crate::types::Module;
use crate::{Annotation, Context, Error, Handle, IntoHandle, Result, stack, thread};
use core::any::Any;
use core::cell::Cell;
use core::ffi::c_int;
use core::mem::ManuallyDrop;
use core::sync::atomic::{AtomicBool, Ordering};
use hpy_sys::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A method without arguments.
pub trait NoArgsMethod {
    /// Whether it is short, and has a boundary of its own.
    const IN_LINE: bool = false;
    /// Calls the Rust function.
    fn call<'ctx>(ctx: Context<'ctx>, module: &Handle<'ctx>) -> Result<Handle<'ctx>>;
}

/// A method with one argument.
pub trait OMethod {
    /// Whether it is short, and has a boundary of its own.
    const IN_LINE: bool = false;
    /// Converts the argument, calls the Rust function.
    fn call<'ctx>(
        ctx: Context<'ctx>,
        module: &Handle<'ctx>,
        arg: &Handle<'ctx>,
    ) -> Result<Handle<'ctx>>;
}

/// A method with positional arguments.
pub trait VarArgsMethod {
    /// Whether it is short, and has a boundary of its own.
    const IN_LINE: bool = false;
    /// Converts the arguments, calls the Rust function.
    fn call<'ctx>(
        ctx: Context<'ctx>,
        module: &Handle<'ctx>,
        args: Args<'_, 'ctx>,
    ) -> Result<Handle<'ctx>>;
}

/// A method with positional and keyword arguments.
pub trait KeywordsMethod {
    /// Whether it is short, and has a boundary of its own.
    const IN_LINE: bool = false;
    /// Converts the arguments, calls the Rust function.
    fn call<'ctx>(
        ctx: Context<'ctx>,
        module: &Handle<'ctx>,
        args: KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>>;
}

/// What a module does when it is imported.
pub trait Exec {
    /// The module's name.
    const NAME: &'static str;
    /// The globals that the module declares.
    const GLOBALS: &'static [&'static crate::backend::any_global::AnyGlobal];
    /// Fills the module.
    fn exec<'ctx>(ctx: Context<'ctx>, module: &Handle<'ctx, Module>) -> Result<()>;
}

/// What an entry returns to its caller.
pub(crate) trait Outcome: Sized {
    /// The value that says that an exception is pending.
    const FAILED: Self;
}

impl Outcome for HPy {
    const FAILED: Self = HPy_NULL;
}

impl Outcome for c_int {
    const FAILED: Self = -1;
}

/// Of a finalizer, which tells nobody.
impl Outcome for () {
    const FAILED: Self = ();
}

impl Outcome for isize {
    const FAILED: Self = -1;
}

/// What an entry is: `$result`, a `Result` of something with `into_outcome`, evaluated in a
/// context.
///
/// A macro, for entries of which each method has one: a closure's call is compiled for each of them
/// anew.
///
/// In an unsafe block, as for [`enter`]; and `$result` is to hold for any lifetime of the context.
macro_rules! entry {
    ($raw:expr, |$ctx:ident| $result:expr) => {{
        let $ctx = $crate::Context::from_raw($raw);
        if let Some(call) = $crate::entry::guard::begins($ctx) {
            // All that becomes of a result is within, and cannot unwind: what is caught is one
            // word, with nothing to drop.
            let waits = $crate::entry::guard::WaitUnlessPanicking;
            let guarded = move || {
                // Moved in, it makes this a function that is called once, without another around it
                // that calls it.
                let waits = waits;
                let outcome = match $result {
                    Ok(value) => $crate::entry::guard::Yield::into_outcome(value),
                    Err(error) => $crate::entry::guard::fail($ctx, error),
                };
                ::core::mem::forget(waits);
                outcome
            };
            let caught = ::std::panic::catch_unwind(::std::panic::AssertUnwindSafe(guarded));
            $crate::entry::guard::ends(call, $ctx);
            match caught {
                Ok(outcome) if $crate::backend::host_releases_wait($ctx) => {
                    $crate::entry::guard::release($ctx, outcome)
                }
                Ok(outcome) => outcome,
                Err(payload) => $crate::entry::guard::panicked($ctx, payload),
            }
        } else {
            $crate::entry::guard::turned_away($ctx)
        }
    }};
}

pub(crate) use entry;

/// What the body of an entry makes, of which an outcome is made.
pub(crate) trait Yield<R> {
    /// The outcome.
    fn into_outcome(self) -> R;
}

impl<R: Outcome> Yield<R> for R {
    #[inline(always)]
    fn into_outcome(self) -> R {
        self
    }
}

impl Yield<HPy> for Handle<'_> {
    #[inline(always)]
    fn into_outcome(self) -> HPy {
        self.into_raw()
    }
}

/// Runs `body` as one entry from Python, with a lifetime of its own.
///
/// # Safety
/// Called by the interpreter, on a thread that may use it, with a context that is valid for the
/// call.
#[inline(always)]
pub(crate) unsafe fn enter<R: Outcome>(
    raw: RawContext,
    body: impl for<'ctx> FnOnce(Context<'ctx>) -> Result<R>,
) -> R {
    // SAFETY: valid for the call, and the lifetime is this call's: `body` takes any.
    unsafe { entry!(raw, |ctx| body(ctx)) }
}

/// Begins an entry, if the context may be used and there is room on the stack.
#[inline(always)]
pub(crate) fn begins(ctx: Context<'_>) -> Option<backend::Call> {
    let call = match backend::begin_call_on_known_page(ctx) {
        Some(call) => call,
        None if backend::is_host(ctx) => begin_by_host(ctx)?,
        None => begin_elsewhere(ctx)?,
    };
    #[cfg(feature = "debug-handles")]
    crate::object::open_handles::begin_call();
    Some(call)
}

/// By a host, on a page of which nothing is known. Out of line: it is there for each method.
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
extern "C" fn begin_by_host(ctx: Context<'_>) -> Option<backend::Call> {
    begin_elsewhere(ctx)
}

#[inline(always)]
fn begin_elsewhere(ctx: Context<'_>) -> Option<backend::Call> {
    let call = backend::begin_call(ctx)?;
    if !stack::is_ready() && !may_begin(ctx) {
        call.end(ctx);
        return None;
    }
    Some(call)
}

/// Whether there is room on the stack. If so, what waits is released.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
extern "C" fn may_begin(ctx: Context<'_>) -> bool {
    #[cfg(feature = "universal")]
    if stack::is_left_on_pypy(ctx) {
        return true;
    }
    let has_room = !stack::ends_elsewhere(ctx);
    if has_room {
        thread::release(ctx);
    }
    has_room
}

/// Ends an entry.
#[inline(always)]
pub(crate) fn ends(call: backend::Call, ctx: Context<'_>) {
    #[cfg(feature = "debug-handles")]
    crate::object::open_handles::end_call();
    call.end(ctx);
}

/// Waits until the process ends if anything but a panic unwinds it.
///
/// CPython before 3.14 ends a thread that comes for the GIL too late by `pthread_exit`, which
/// unwinds its stack and may not be caught. It waits here, as CPython 3.14 has it do.
pub(crate) struct WaitUnlessPanicking;

impl Drop for WaitUnlessPanicking {
    // In line, so that the value needs no place on the stack.
    #[inline(always)]
    fn drop(&mut self) {
        wait_unless_panicking();
    }
}

#[cold]
#[inline(never)]
fn wait_unless_panicking() {
    if !std::thread::panicking() {
        hpy_sys::wait_forever();
    }
}

/// Runs `body`, and waits until the process ends if anything but a panic unwinds it.
#[inline(always)]
pub(crate) fn or_wait<R>(body: impl FnOnce() -> R) -> R {
    let waits = WaitUnlessPanicking;
    let result = body();
    core::mem::forget(waits);
    result
}

// What follows on an entry's result is `extern "C"`, because such functions are known not to
// unwind: an entry then ends in a jump to one, and needs no landing pad for its sake.

/// An entry that does not begin.
#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
pub(crate) extern "C" fn turned_away<R: Outcome>(ctx: Context<'_>) -> R {
    // Where the context may not be used, not even to say so.
    if !backend::is_refused(ctx) {
        raise(ctx, stack::too_deep());
    }
    R::FAILED
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
pub(crate) extern "C" fn release<R: Outcome>(ctx: Context<'_>, outcome: R) -> R {
    thread::release(ctx);
    outcome
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
pub(crate) extern "C" fn fail<R: Outcome>(ctx: Context<'_>, error: Error) -> R {
    raise(ctx, error);
    R::FAILED
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // Rust calls it.
pub(crate) extern "C" fn panicked<R: Outcome>(ctx: Context<'_>, payload: Box<dyn Any + Send>) -> R {
    raise_panic(ctx, payload);
    R::FAILED
}

// The same for all outcomes: one function for all entries.

#[cold]
#[inline(never)]
fn raise(ctx: Context<'_>, error: Error) {
    // Raising runs Python code and allocates; a panic in it must not get out.
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| error.raise(ctx))) {
        raise_panic(ctx, payload);
    }
}

#[cold]
#[inline(never)]
fn raise_panic(ctx: Context<'_>, payload: Box<dyn Any + Send>) {
    let raised = catch_unwind(AssertUnwindSafe(|| {
        PanicException::new(describe(payload.as_ref())).raise(ctx);
    }));
    let ctx = ctx.rarely().as_ptr();
    if raised.is_err() {
        // SAFETY: the context is valid for the call.
        unsafe { HPyErr_SetString(ctx, h_BaseException(ctx), c"panic".as_ptr()) }
    }
    discard(payload);
    if let Err(second) = raised {
        discard(second);
    }
}

/// A payload is the panicking code's: dropping it may panic again, with another. A row of them that
/// does not end is left alone. Where they panicked is forgotten, or the next panic that reports
/// itself might name it.
#[inline(never)]
fn discard(payload: Box<dyn Any + Send>) {
    let mut payload = Some(payload);
    for _ in 0..8 {
        match catch_unwind(AssertUnwindSafe(|| drop(payload.take()))) {
            Ok(()) => break,
            Err(next) => payload = Some(next),
        }
    }
    core::mem::forget(payload);
    drop(panicked_at());
}

/// Runs what nobody can be told of that it panics.
pub(crate) fn quietly(body: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(body)) {
        discard(payload);
    }
}

fn describe(payload: &(dyn Any + Send)) -> String {
    let message = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("Rust code panicked with a value that is no text");
    let place = panicked_at().unwrap_or_default();
    crate::error::joined(&[message, &place])
}

thread_local! {
    /// File, line and column of the thread's last panic, in brackets. Not dropped with the thread,
    /// which would have to be arranged for: a thread leaves a few bytes behind if code of its own
    /// caught its last panic.
    static PANICKED_AT: Cell<Option<ManuallyDrop<String>>> = const { Cell::new(None) };
}

/// Takes the place of the thread's last panic.
fn panicked_at() -> Option<String> {
    PANICKED_AT.take().map(ManuallyDrop::into_inner)
}

/// Makes panics remember where they happened. The hook before it still runs and prints.
pub(crate) fn remember_panic_locations() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.swap(true, Ordering::Relaxed) {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if let Some(place) = info.location() {
            let place = format!(" ({}:{}:{})", place.file(), place.line(), place.column());
            let last = PANICKED_AT.replace(Some(ManuallyDrop::new(place)));
            drop(last.map(ManuallyDrop::into_inner));
        }
        before(info);
    }));
}

/// What a method may return: anything with a Python form, plain or in a Result.
#[diagnostic::on_unimplemented(
    message = "a Python method can't return `{Self}`",
    label = "no Python form is known for this type",
    note = "return a handle (`Handle<'ctx>`), a number, bool, string, `Option`, `Vec`, tuple, \
            map … or a `Result` of one whose error converts into `hpy::Error`; implement \
            `IntoHandle` for your own types; of a type with a base return \
            `ctx.instance((derived, base))`",
    note = "every `std::error::Error` converts; for a `String` or a `Box<dyn Error>` say which \
            exception it is: `.map_err(|error| ValueError::new(error.to_string()))`; for an \
            `anyhow::Error` turn on hpy's feature `anyhow`"
)]
pub trait IntoReturn<'ctx> {
    /// What Python calls the object.
    #[doc(hidden)]
    const ANNOTATION: Annotation;

    /// Where it is in line.
    #[doc(hidden)]
    const IN_LINE: InLine;

    /// The handle that is given to the caller.
    fn into_return(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>>;

    /// The same in line, where it is usually a call.
    #[doc(hidden)]
    fn into_return_in_line(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>>;
}

impl<'ctx, V: IntoHandle<'ctx>> IntoReturn<'ctx> for V {
    const ANNOTATION: Annotation = V::ANNOTATION;
    const IN_LINE: InLine = V::IN_LINE;

    #[inline(always)]
    fn into_return(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.into_handle(ctx)
    }

    #[inline(always)]
    fn into_return_in_line(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.into_handle_in_line(ctx)
    }
}

impl<'ctx, V: IntoHandle<'ctx>, E: Into<Error>> IntoReturn<'ctx> for core::result::Result<V, E> {
    const ANNOTATION: Annotation = V::ANNOTATION;
    const IN_LINE: InLine = V::IN_LINE;

    #[inline(always)]
    fn into_return(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Ok(value) => value.into_handle(ctx),
            Err(error) => Err(error.into()),
        }
    }

    #[inline(always)]
    fn into_return_in_line(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Ok(value) => value.into_handle_in_line(ctx),
            Err(error) => Err(error.into()),
        }
    }
}
