//! Modules.

use crate::types::{Module, Str};
use crate::{Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, Module> {
    /// The module's `__name__`.
    ///
    /// # Errors
    /// AttributeError, TypeError: the name may have been changed or deleted.
    pub fn name(&self) -> Result<String> {
        self.getattr("__name__")?
            .downcast::<Str>()?
            .to_str()
            .map(str::to_owned)
    }

    /// Adds a value to the module: a constant, a class, anything.
    ///
    /// # Errors
    /// What the conversion raises; ValueError for a name with a NUL.
    pub fn add<V: IntoHandle<'ctx>>(&self, name: &str, value: V) -> Result<()> {
        self.setattr(name, value)
    }
}

/// HPy has no constant for the type of modules; `builtins` is one.
pub(super) unsafe fn is_module(ctx: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: the handle is open, `h_Builtins` is the context's, the type is closed once.
    unsafe {
        let module = HPy_Type(ctx, h_Builtins(ctx));
        let answer = HPy_TypeCheck(ctx, raw, module) != 0;
        HPy_Close(ctx, module);
        answer
    }
}
