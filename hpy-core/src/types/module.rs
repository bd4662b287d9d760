//! Modules.

use crate::types::{Dict, Module, Str};
use crate::{Handle, IntoHandle, Result};
use hpy_sys::*;

impl<'ctx> Handle<'ctx, Module> {
    /// The module's `__name__`.
    ///
    /// # Errors
    /// AttributeError, TypeError: the name may have been changed or deleted.
    #[inline]
    pub fn name(&self) -> Result<String> {
        self.getattr("__name__")?
            .downcast::<Str>()?
            .to_str()
            .map(str::to_owned)
    }

    /// The module's dict, `__dict__`.
    ///
    /// # Errors
    /// TypeError if what was imported is no module, and has something else in its place.
    #[inline]
    pub fn dict(&self) -> Result<Handle<'ctx, Dict>> {
        self.getattr(c"__dict__")?.downcast_into()
    }

    /// The module's `__file__`, if it came from one.
    ///
    /// # Errors
    /// TypeError if something else is in its place.
    #[inline]
    pub fn filename(&self) -> Result<Option<String>> {
        match self.getattr_opt(c"__file__")? {
            Some(file) => file.extract(),
            None => Ok(None),
        }
    }

    /// Adds a value to the module: a constant, a class, anything.
    ///
    /// # Errors
    /// What the conversion raises; ValueError for a name with a NUL.
    pub fn add<V: IntoHandle<'ctx>>(&self, name: &str, value: V) -> Result<()> {
        self.setattr(name, value)
    }

    /// Adds a type with `#[hpy_type]`, as `types: […]` in `hpy_module!` does. In `exec`, a type
    /// can be left out on interpreters that cannot have it:
    ///
    /// ```
    /// use hpy::exceptions::NotImplementedError;
    /// use hpy::prelude::*;
    ///
    /// #[hpy_type(base = list)]
    /// struct Stack {
    ///     limit: usize,
    /// }
    ///
    /// fn fill(module: &Handle<'_, Module>) -> Result<()> {
    ///     match module.add_type::<Stack>() {
    ///         // PyPy and GraalPy have no types of this kind.
    ///         Err(error) if error.is_instance_of::<NotImplementedError>(module.ctx()) => Ok(()),
    ///         result => result,
    ///     }
    /// }
    ///
    /// hpy_module! {
    ///     name: stacks,
    ///     exec: fill,
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// NotImplementedError if the interpreter can have no such type, or what making it raises.
    #[inline]
    pub fn add_type<T: crate::class::ModuleType>(&self) -> Result<()> {
        T::make_for(self.ctx(), self, true)
    }
}

/// HPy has no constant for the type of modules; `sys` is one, on every interpreter.
#[inline]
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
