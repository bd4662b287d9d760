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

/// HPy has no constant for the type of modules; `sys` is one, on every interpreter.
pub(super) unsafe fn is_module(ctx: *mut HPyContext, raw: HPy) -> bool {
    // SAFETY: the handle is open, the name a C string, the others are closed once.
    unsafe {
        let sys = HPyImport_ImportModule(ctx, c"sys".as_ptr());
        if sys.is_null() {
            HPyErr_Clear(ctx);
            return false;
        }
        let module = HPy_Type(ctx, sys);
        let answer = HPy_TypeCheck(ctx, raw, module) != 0;
        HPy_Close(ctx, module);
        HPy_Close(ctx, sys);
        answer
    }
}
