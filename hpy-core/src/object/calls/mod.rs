//! Calls.

pub mod arguments;
pub mod call_args;
pub mod macros;

use super::Name;
use crate::exceptions::TypeError;
use crate::types::{Object, Str};
use crate::{CallArgs, CallKeywords, Error, Handle, Result, backend};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, Object> {
    /// `self()`. HPy's `HPy_Call`.
    ///
    /// # Errors
    /// What the call raises.
    #[inline]
    pub fn call0(&self) -> Result<Handle<'ctx>> {
        self.call_raw(&[], HPy_NULL)
    }

    /// `self(*args)`: `f.call1((1, "two"))`. HPy's `HPy_Call`.
    ///
    /// # Errors
    /// What the conversions or the call raise.
    #[inline(always)]
    pub fn call1<A: CallArgs<'ctx>>(&self, args: A) -> Result<Handle<'ctx>> {
        // One function per type of arguments and kind of context, as for the arguments of methods.
        if self.ctx().raw.is_direct() {
            self.call1_by_own(args)
        } else {
            self.call1_by_foreign(args)
        }
    }

    #[inline]
    fn call1_by_own<A: CallArgs<'ctx>>(&self, args: A) -> Result<Handle<'ctx>> {
        // SAFETY: the caller has asked.
        unsafe { core::hint::assert_unchecked(self.ctx().raw.is_direct()) }
        args.with_handles(self.ctx(), |args| self.call_raw(args, HPy_NULL))
    }

    #[inline(never)]
    fn call1_by_foreign<A: CallArgs<'ctx>>(&self, args: A) -> Result<Handle<'ctx>> {
        // SAFETY: the caller has asked.
        unsafe { core::hint::assert_unchecked(!self.ctx().raw.is_direct()) }
        args.with_handles(self.ctx(), |args| self.call_raw_by_foreign(args))
    }

    #[inline(never)]
    fn call_raw_by_foreign(&self, args: &[HPy]) -> Result<Handle<'ctx>> {
        self.call_raw(args, HPy_NULL)
    }

    /// `self(*args, **keywords)`: `f.call((1,), [("key", 2)])`. HPy's `HPy_Call`.
    ///
    /// # Errors
    /// What the conversions or the call raise.
    #[inline]
    pub fn call<A: CallArgs<'ctx>, K: CallKeywords<'ctx>>(
        &self,
        args: A,
        keywords: K,
    ) -> Result<Handle<'ctx>> {
        let ctx = self.ctx();
        let keywords = keywords.into_pairs(ctx)?;
        if keywords.is_empty() {
            return self.call1(args);
        }
        args.with_handles(ctx, |args| {
            let names = ctx.tuple(keywords.iter().map(|(name, _)| name).collect::<Vec<_>>())?;
            let values = keywords.iter().map(|(_, value)| value.as_raw());
            let all: Vec<HPy> = args.iter().copied().chain(values).collect();
            // SAFETY: the handles are open; the array goes on with the keywords' values.
            unsafe {
                let result =
                    backend::call_with_names(ctx, self.as_raw(), &all, args.len(), names.as_raw());
                ctx.handle_from_raw(result)
            }
        })
    }

    /// `self.name()`. HPy's `HPy_CallMethod`.
    ///
    /// # Errors
    /// AttributeError, or what the call raises.
    #[inline]
    pub fn call_method0<N: Name<'ctx>>(&self, name: N) -> Result<Handle<'ctx>> {
        self.call_method1(name, ())
    }

    /// `self.name(*args)`: `text.call_method1("split", (",",))`. HPy's `HPy_CallMethod`.
    ///
    /// # Errors
    /// AttributeError, or what the conversions or the call raise.
    #[inline]
    pub fn call_method1<N: Name<'ctx>, A: CallArgs<'ctx>>(
        &self,
        name: N,
        args: A,
    ) -> Result<Handle<'ctx>> {
        let ctx = self.ctx();
        let call = |name: &Handle<'ctx, Str>| {
            args.with_handles_after(ctx, self.as_raw(), |args| {
                // SAFETY: the handles are open; the first is the receiver.
                unsafe {
                    let name = name.as_raw();
                    let result =
                        HPy_CallMethod(ctx.as_ptr(), name, args.as_ptr(), args.len(), HPy_NULL);
                    ctx.handle_from_raw(result)
                }
            })
        };
        // One of the two closures runs: the arguments go to whichever it is.
        let call = core::cell::Cell::new(Some(call));
        let run = |name: &Handle<'ctx, Str>| match call.take() {
            Some(call) => call(name),
            None => Err(crate::exceptions::SystemError::new("a name was used twice")),
        };
        name.with(
            ctx,
            |text| {
                // SAFETY: a C string; a new str or null with an exception.
                let name = unsafe {
                    ctx.handle_from_raw(HPyUnicode_FromString(ctx.as_ptr(), text.as_ptr()))?
                };
                run(&name)
            },
            run,
        )
    }

    /// `self.name(*args, **keywords)`. HPy's `HPy_CallMethod`.
    ///
    /// # Errors
    /// AttributeError, or what the conversions or the call raise.
    #[inline]
    pub fn call_method<N: Name<'ctx>, A: CallArgs<'ctx>, K: CallKeywords<'ctx>>(
        &self,
        name: N,
        args: A,
        keywords: K,
    ) -> Result<Handle<'ctx>> {
        self.getattr(name)?.call(args, keywords)
    }

    /// Whether the object can be called. HPy's `HPyCallable_Check`.
    #[inline]
    #[must_use]
    pub fn is_callable(&self) -> bool {
        // SAFETY: the handle is open.
        unsafe { HPyCallable_Check(self.ctx().as_ptr(), self.as_raw()) != 0 }
    }

    /// `self(*args)`, for code that is rarely run, and that does not unwind: a panic that comes
    /// back through Python is an error.
    #[cold]
    #[inline(never)]
    pub(crate) fn call_handles(&self, args: &[Handle<'ctx>]) -> Result<Handle<'ctx>> {
        let args: Vec<HPy> = args.iter().map(Handle::as_raw).collect();
        let this = self.rarely();
        if this.is_taken_for_handle() {
            return Err(this.not_callable());
        }
        let ctx = this.ctx();
        // SAFETY: the handles are open; a new handle or null with an exception.
        let result = unsafe {
            let (args, len) = (args.as_ptr(), args.len());
            Handle::from_raw(
                ctx,
                HPy_Call(ctx.as_ptr(), this.as_raw(), args, len, HPy_NULL),
            )
        };
        result.ok_or_else(|| Error::fetch_as_it_is(ctx))
    }

    #[inline(always)]
    fn call_raw(&self, args: &[HPy], names: HPy) -> Result<Handle<'ctx>> {
        if self.is_taken_for_handle() {
            return Err(self.not_callable());
        }
        let ctx = self.ctx();
        // SAFETY: the handles are open; a new handle or null with an exception.
        unsafe {
            ctx.handle_from_raw(HPy_Call(
                ctx.as_ptr(),
                self.as_raw(),
                args.as_ptr(),
                args.len(),
                names,
            ))
        }
    }

    #[cold]
    fn not_callable(&self) -> Error {
        TypeError::new(format!("'{}' object is not callable", self.type_name()))
    }
}
