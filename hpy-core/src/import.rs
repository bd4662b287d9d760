//! Imports.

use crate::exceptions::{AttributeError, ImportError, ModuleNotFoundError};
use crate::types::Module;
use crate::{Context, Handle, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// Imports a module by its dotted name, like `importlib.import_module`: `ctx.import("os.path")`
    /// is `os.path`. HPy's `HPyImport_ImportModule`.
    ///
    /// # Errors
    /// What the import raises; ValueError for a name with a NUL.
    pub fn import(self, name: &str) -> Result<Handle<'ctx, Module>> {
        crate::object::with_c_str(name, |name| {
            // SAFETY: the name is a C string; a new handle or null with an exception. What
            // `sys.modules` holds need not be a module, but has a module's methods only by
            // attribute.
            unsafe { self.handle_from_raw(HPyImport_ImportModule(self.as_ptr(), name.as_ptr())) }
        })
    }

    /// `from module import name`: an attribute of the module, or else its submodule. For what is
    /// needed again and again there is
    /// [`Imported`](crate::Imported).
    ///
    /// # Errors
    /// What the import raises; ImportError where the module has no such name.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn ordered<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    ///     ctx.import_from("collections", "OrderedDict")?.call0()
    /// }
    /// # hpy::mock::run(|ctx| {
    /// #     assert!(ctx.import_from("builtins", "len")?.is_callable());
    /// #     let error = ctx.import_from("builtins", "nothing").expect_err("there is none");
    /// #     assert!(error.is_instance_of::<ImportError>(ctx));
    /// #     assert!(ordered(ctx).is_err(), "no such module here");
    /// #     Ok(())
    /// # });
    /// ```
    pub fn import_from(self, module: &str, name: &str) -> Result<Handle<'ctx>> {
        let from = self.import(module)?;
        match from.getattr(name) {
            Err(error) if error.is_instance_of::<AttributeError>(self) => {}
            found => return found,
        }
        if from.hasattr(c"__path__")? {
            match self.import(&crate::error::joined(&[module, ".", name])) {
                Err(error) if error.is_instance_of::<ModuleNotFoundError>(self) => {}
                found => return found.map(Handle::into_object),
            }
        }
        let file = from.getattr(c"__file__").and_then(|file| file.extract());
        let file = file.unwrap_or_else(|_| "unknown location".to_owned());
        let message = [
            "cannot import name '",
            name,
            "' from '",
            module,
            "' (",
            &file,
            ")",
        ];
        Err(ImportError::new(crate::error::joined(&message)))
    }
}
