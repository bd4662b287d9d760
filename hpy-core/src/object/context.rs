//! `Context`: the way to everything that needs the interpreter.

use crate::backend::RawContext;
use crate::thread::detached;
use core::marker::PhantomData;
use hpy_sys::*;

/// The right to use the interpreter during one call from Python. HPy's `HPyContext *`.
///
/// A method that wants one asks for it as a parameter; every handle knows its own
/// ([`Handle::ctx`](crate::Handle::ctx)). It is `Copy` and, in the CPython ABI, has no size.
///
/// The lifetime `'ctx` is one call from Python: fresh for each, invariant, never `'static`. So
/// nothing of one call can be kept for, or mixed with, another.
///
/// ```
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn answer<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
///     let question = ctx.import("builtins")?.getattr("sum")?;
///     question.call1((ctx.list([20, 22])?,))
/// }
/// # hpy_mock::run(|ctx| {
/// #     let answer = hpy_mock::method::<answer>(ctx).call0()?;
/// #     assert_eq!(answer.extract::<i64>()?, 42);
/// #     Ok(())
/// # });
/// ```
///
/// It can't leave its thread:
///
/// ```compile_fail,E0277
/// fn send<'ctx>(ctx: hpy::Context<'ctx>) {
///     std::thread::scope(|scope| {
///         scope.spawn(move || ctx);
///     });
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Context<'ctx> {
    pub(crate) raw: RawContext,
    /// Invariant in `'ctx`, neither Send nor Sync.
    _entry: PhantomData<(OneCall<'ctx>, dyn ForThisThreadAndCallOnly)>,
}

/// Invariant: `'ctx` is that of one call, neither longer nor shorter.
type OneCall<'ctx> = fn(&'ctx ()) -> &'ctx ();

/// Its name is what the compiler says of a context or handle that is sent elsewhere.
trait ForThisThreadAndCallOnly: Unpin + core::panic::UnwindSafe + core::panic::RefUnwindSafe {}

impl<'ctx> Context<'ctx> {
    /// # Safety
    /// The context is valid on this thread for all of `'ctx`, and `'ctx` is one entry from Python.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(raw: RawContext) -> Self {
        detached::has_context();
        Self {
            raw,
            _entry: PhantomData,
        }
    }

    /// The context as the raw layer wants it.
    ///
    /// In the CPython ABI there is none: the pointer is null, and the functions of
    /// [`hpy::sys`](crate::sys) do not look at it.
    #[inline(always)]
    #[must_use]
    pub fn as_ptr(self) -> *mut HPyContext {
        self.assert_attached();
        self.raw.as_ptr()
    }

    /// Panics where the thread is detached, which something with a context can only be if it was
    /// smuggled there: in debug builds alone. Whatever goes to the interpreter without
    /// [`as_ptr`](Self::as_ptr) or a handle's `as_raw` asks.
    #[inline(always)]
    pub(crate) fn assert_attached(self) {
        detached::assert_attached();
    }

    /// The same context, for functions that are rarely called: handles made with it, and calls, are
    /// less quick and take less room.
    #[inline(always)]
    pub(crate) fn rarely(self) -> Self {
        self.assert_attached();
        // SAFETY: it is the same runtime's, valid as long.
        unsafe { Self::from_raw(self.raw.rarely()) }
    }

    /// Whether objects have a layout that is known, where the context is the own runtime's.
    #[inline(always)]
    pub(crate) fn layout_known(self) -> bool {
        self.assert_attached();
        // SAFETY: a context means that the thread is attached.
        unsafe { capi::running::layout_known() }
    }

    /// Whether, besides, no other thread can change an object at the same time.
    #[inline(always)]
    pub(crate) fn mutable_in_line(self) -> bool {
        self.assert_attached();
        // SAFETY: as above.
        unsafe { capi::running::mutable_in_line() }
    }

    /// Whether the C API is PyPy's, where the context is the own runtime's.
    #[inline(always)]
    pub(crate) fn is_on_pypy(self) -> bool {
        // SAFETY: as above.
        unsafe { capi::running::on_pypy() }
    }

    /// Whether the C API is GraalPy's, where the context is the own runtime's.
    #[inline(always)]
    pub(crate) fn is_on_graalpy(self) -> bool {
        // SAFETY: as above.
        unsafe { capi::running::on_graalpy() }
    }

    /// The version of Python, where the context is the own runtime's.
    #[inline(always)]
    pub(crate) fn python_version(self) -> (u8, u8) {
        // SAFETY: as above.
        unsafe { capi::running::version() }
    }
}

impl core::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Context")
    }
}
