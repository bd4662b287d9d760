//! Context variables.

use crate::backend::quirks::Quirk;
use crate::types::ContextVar;
use crate::{Context, Handle, IntoHandle, Result};
use core::ffi::CStr;
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// A context variable (`contextvars.ContextVar`) without a default value. HPy's
    /// `HPyContextVar_New`.
    ///
    /// # Errors
    /// MemoryError.
    ///
    /// ```
    /// use hpy::prelude::*;
    /// use hpy::types::ContextVar;
    ///
    /// static USER: Global<ContextVar> = Global::new();
    ///
    /// fn init<'ctx>(module: &Handle<'ctx, Module>) -> Result<()> {
    ///     USER.store(&module.ctx().context_var(c"user")?)
    /// }
    ///
    /// #[hpy_method]
    /// fn user<'ctx>(ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
    ///     match USER.load(ctx)? {
    ///         Some(user) => user.get(),
    ///         None => Ok(None),
    ///     }
    /// }
    /// ```
    #[inline]
    pub fn context_var(self, name: &CStr) -> Result<Handle<'ctx, ContextVar>> {
        // SAFETY: a C string, no default; a new variable or null with an exception.
        unsafe { self.made_handle(HPyContextVar_New(self.as_ptr(), name.as_ptr(), HPy_NULL)) }
    }

    /// A context variable with a default value. HPy's `HPyContextVar_New`.
    ///
    /// # Errors
    /// What the conversion raises, or MemoryError.
    pub fn context_var_with_default<V: IntoHandle<'ctx>>(
        self,
        name: &CStr,
        default: V,
    ) -> Result<Handle<'ctx, ContextVar>> {
        let default = default.into_argument(self)?;
        // SAFETY: a C string and an open handle; a new variable or null with an exception.
        unsafe {
            let variable = HPyContextVar_New(self.as_ptr(), name.as_ptr(), default.as_raw());
            self.made_handle(variable)
        }
    }
}

impl<'ctx> Handle<'ctx, ContextVar> {
    /// The value in the current context, else the default, if there is one. HPy's
    /// `HPyContextVar_Get`.
    ///
    /// # Errors
    /// What the interpreter raises.
    #[inline]
    pub fn get(&self) -> Result<Option<Handle<'ctx>>> {
        self.get_raw(HPy_NULL)
    }

    /// The value in the current context, else this one, whatever default the variable has. HPy's
    /// `HPyContextVar_Get`.
    ///
    /// # Errors
    /// What the conversion or the interpreter raises.
    pub fn get_or<V: IntoHandle<'ctx>>(&self, default: V) -> Result<Handle<'ctx>> {
        let default = default.into_handle(self.ctx())?;
        if self.ctx().has(Quirk::INT_DEFAULTS_ARE_MISREAD) {
            return self.getattr(c"get")?.call1((default,));
        }
        Ok(self.get_raw(default.as_raw())?.unwrap_or(default))
    }

    #[inline]
    fn get_raw(&self, default: HPy) -> Result<Option<Handle<'ctx>>> {
        let ctx = self.ctx();
        let mut value = HPy_NULL;
        // SAFETY: the handles are open, or null for no default; a new handle or null is put into
        // `value`.
        unsafe {
            let result = HPyContextVar_Get(ctx.as_ptr(), self.as_raw(), default, &raw mut value);
            ctx.check(result)?;
            Ok(Handle::from_raw(ctx, value))
        }
    }

    /// Sets the value in the current context; the token that is returned puts back what was there.
    /// HPy's `HPyContextVar_Set`.
    ///
    /// # Errors
    /// What the conversion raises, or MemoryError.
    pub fn set<V: IntoHandle<'ctx>>(&self, value: V) -> Result<Handle<'ctx>> {
        let ctx = self.ctx();
        let value = value.into_argument(ctx)?;
        // SAFETY: the handles are open; a new handle or null with an exception.
        unsafe {
            let token = HPyContextVar_Set(ctx.as_ptr(), self.as_raw(), value.as_raw());
            ctx.made_handle(token)
        }
    }

    /// Puts back what was there before the [`set`](Self::set) that returned the token.
    ///
    /// # Errors
    /// ValueError for a token of another variable or context, RuntimeError for one that was used
    /// before.
    #[inline]
    pub fn reset(&self, token: &Handle<'ctx>) -> Result<()> {
        self.call_method1(c"reset", (token,)).map(drop)
    }
}
