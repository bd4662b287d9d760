//! `Context`: the way to everything that needs the interpreter.

use crate::abi::RawContext;
use crate::exceptions::ExceptionType;
use crate::handle::Handle;
use crate::types::{Dict, List, NoneType, Str, Tuple, Type};
use crate::{CallArgs, Error, IntoHandle, Result, detached};
use core::marker::PhantomData;
use hpy_sys::*;

/// The right to use the interpreter during one call from Python. HPy's `HPyContext *`.
///
/// A method that wants one asks for it as a parameter; every handle knows its own
/// ([`Handle::ctx`]). It is `Copy` and, in the CPython ABI, has no size.
///
/// The lifetime `'ctx` is one call from Python: fresh for each, invariant, never `'static`. So nothing
/// of one call can be kept for, or mixed with, another.
///
/// ```
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn answer<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
///     let question = ctx.import("builtins")?.getattr("sum")?;
///     question.call1((ctx.list([20, 22])?,))
/// }
/// # hpy::mock::run(|ctx| {
/// #     let answer = hpy::mock::method::<answer>(ctx).call0()?;
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

    /// The same context, for functions that are rarely called: handles made with it, and calls, are less quick and take
    /// less room.
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

    /// Takes a new handle that the raw layer returned, or the exception it left behind.
    ///
    /// # Errors
    /// The pending exception, where `raw` is null.
    ///
    /// # Safety
    /// `raw` is null with an exception pending, or an open handle of this context that nobody else
    /// closes and whose object is a `T`.
    #[inline(always)]
    pub unsafe fn handle_from_raw<T>(self, raw: HPy) -> Result<Handle<'ctx, T>> {
        // SAFETY: as promised by the caller.
        match unsafe { Handle::from_raw(self, raw) } {
            Some(handle) => Ok(handle),
            None => Err(Error::fetch(self)),
        }
    }

    /// A new handle to a constant of the context.
    ///
    /// # Safety
    /// `raw` is a constant of the context (never null) whose object is a `T`.
    #[inline(always)]
    pub(crate) unsafe fn constant<T>(self, raw: HPy) -> Handle<'ctx, T> {
        // SAFETY: a duplicate of a live handle is a live handle that we own.
        unsafe { Handle::from_raw_unchecked(self, HPy_Dup(self.as_ptr(), raw)) }
    }

    /// `None`.
    #[inline]
    pub fn none(self) -> Handle<'ctx, NoneType> {
        // SAFETY: `h_None` is None.
        unsafe { self.constant(h_None(self.as_ptr())) }
    }

    /// `NotImplemented`, what operators return for operands that they do not know.
    #[inline]
    pub fn not_implemented(self) -> Handle<'ctx> {
        // SAFETY: a constant of the context.
        unsafe { self.constant(h_NotImplemented(self.as_ptr())) }
    }

    /// `Ellipsis`, written `...`.
    #[inline]
    pub fn ellipsis(self) -> Handle<'ctx> {
        // SAFETY: a constant of the context.
        unsafe { self.constant(h_Ellipsis(self.as_ptr())) }
    }

    /// What the module `builtins` has: `ctx.builtins().get_item("len")`.
    #[inline]
    pub fn builtins(self) -> Handle<'ctx, Dict> {
        // SAFETY: `h_Builtins` is that module's dict.
        unsafe { self.constant(h_Builtins(self.as_ptr())) }
    }

    /// Any Rust value that has a Python form, as a handle.
    ///
    /// # Errors
    /// What the conversion raises.
    #[inline]
    pub fn handle<V: IntoHandle<'ctx>>(self, value: V) -> Result<Handle<'ctx>> {
        value.into_handle(self)
    }

    /// A str. In HPy's C API `HPyUnicode_FromString`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn str(self, text: &str) -> Result<Handle<'ctx, Str>> {
        // SAFETY: a new str or null with an exception.
        unsafe { self.handle_from_raw(crate::abi::str_from_utf8(self, text)) }
    }

    /// A list of the values. In HPy's C API `HPyListBuilder_New` and so on.
    ///
    /// # Errors
    /// What a conversion raises, or MemoryError.
    pub fn list<I>(self, values: I) -> Result<Handle<'ctx, List>>
    where
        I: IntoIterator,
        I::Item: IntoHandle<'ctx>,
    {
        crate::convert::list_of(self, values)
    }

    /// `[]`. HPy's `HPyList_New`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn empty_list(self) -> Result<Handle<'ctx, List>> {
        // SAFETY: a new list or null with an exception.
        unsafe { self.handle_from_raw(HPyList_New(self.as_ptr(), 0)) }
    }

    /// A tuple of the values: `ctx.tuple((1, "two"))`. HPy's `HPyTuple_FromArray`.
    ///
    /// # Errors
    /// What a conversion raises, or MemoryError.
    #[inline]
    pub fn tuple<A: CallArgs<'ctx>>(self, values: A) -> Result<Handle<'ctx, Tuple>> {
        values.with_handles(self, |handles| {
            // SAFETY: the handles are open during the call; a new tuple or null with an exception.
            unsafe {
                self.handle_from_raw(HPyTuple_FromArray(
                    self.as_ptr(),
                    handles.as_ptr(),
                    handles.len() as HPy_ssize_t,
                ))
            }
        })
    }

    /// `{}`. HPy's `HPyDict_New`.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn dict(self) -> Result<Handle<'ctx, Dict>> {
        // SAFETY: a new dict or null with an exception.
        unsafe { self.handle_from_raw(HPyDict_New(self.as_ptr())) }
    }

    /// Issues a warning of the category, e.g. `ctx.warn::<DeprecationWarning>("use g", 1)`; categories of one's own are made by
    /// [`exception!`](crate::exception!). HPy's `HPyErr_WarnEx`; `stack_level` 1 is the calling Python line.
    ///
    /// # Errors
    /// The warning as an exception, where a filter turns it into one.
    pub fn warn<W: ExceptionType>(self, message: &str, stack_level: isize) -> Result<()> {
        self.warn_of(&W::KIND.type_(self)?, message, stack_level)
    }

    /// As [`warn`](Self::warn), for a category that is only known at run time.
    ///
    /// # Errors
    /// As for `warn`, or TypeError if the type is no category of warnings.
    pub fn warn_of(
        self,
        category: &Handle<'ctx, Type>,
        message: &str,
        stack_level: isize,
    ) -> Result<()> {
        // CPython takes any class.
        let warning = crate::exceptions::Warning::KIND.type_(self)?;
        if !category.is_subtype_of(&warning) {
            let name = category.name()?;
            let parts = ["category must be a Warning subclass, not '", &name, "'"];
            return Err(crate::exceptions::TypeError::new(crate::error::joined(
                &parts,
            )));
        }
        crate::object::with_c_str(message, |message| {
            // SAFETY: the handle is open, the message a C string.
            let result = unsafe {
                let (category, message) = (category.as_raw(), message.as_ptr());
                HPyErr_WarnEx(self.as_ptr(), category, message, stack_level)
            };
            self.check(result).map(drop)
        })
    }

    /// The result of a C function that returns a negative number with an exception.
    #[inline(always)]
    pub(crate) fn check(self, result: core::ffi::c_int) -> Result<core::ffi::c_int> {
        if result < 0 {
            Err(Error::fetch(self))
        } else {
            Ok(result)
        }
    }
}

impl core::fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Context")
    }
}
