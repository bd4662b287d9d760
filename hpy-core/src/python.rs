//! Python code: imported, or given as source to be evaluated, run or compiled.

use crate::exceptions::{AttributeError, ImportError, ModuleNotFoundError, TypeError};
use crate::types::{Code, Dict, Module};
use crate::{Context, Handle, Result};
use hpy_sys::*;

impl<'ctx> Context<'ctx> {
    /// Imports a module by its dotted name, like `importlib.import_module`: `ctx.import("os.path")`
    /// is `os.path`. HPy's `HPyImport_ImportModule`.
    ///
    /// # Errors
    /// What the import raises; ValueError for a name with a NUL.
    #[inline]
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
    /// # use hpy::exceptions::ImportError;
    /// # use hpy::prelude::*;
    /// fn ordered<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    ///     ctx.import_from("collections", "OrderedDict")?.call0()
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     assert!(ctx.import_from("builtins", "len")?.is_callable());
    /// #     let error = ctx.import_from("builtins", "nothing").expect_err("there is none");
    /// #     assert!(error.is_instance_of::<ImportError>(ctx));
    /// #     assert!(ordered(ctx).is_err(), "no such module here");
    /// #     Ok(())
    /// # });
    /// ```
    #[inline]
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

/// What source text is compiled as: the modes of Python's `compile`. HPy's `HPy_SourceKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompileMode {
    /// An expression, which has a value: `"eval"`.
    Eval,
    /// Statements: `"exec"`.
    Exec,
    /// One statement as in an interactive session, whose value is printed: `"single"`.
    Single,
}

impl<'ctx> Context<'ctx> {
    /// The value of a Python expression, as `eval` computes it.
    ///
    /// Without `globals` it sees Python's built-in names and nothing else: not those of `__main__`,
    /// as in PyO3.
    ///
    /// # Errors
    /// SyntaxError, or what the expression raises; ValueError for a NUL in the text.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn squares<'ctx>(ctx: Context<'ctx>, up_to: i64) -> Result<Handle<'ctx>> {
    ///     let globals = ctx.dict()?;
    ///     globals.set_item("n", up_to)?;
    ///     ctx.eval("[i * i for i in range(n)]", Some(&globals), None)
    /// }
    /// ```
    #[inline]
    pub fn eval(
        self,
        code: &str,
        globals: Option<&Handle<'ctx, Dict>>,
        locals: Option<&Handle<'ctx>>,
    ) -> Result<Handle<'ctx>> {
        // As `eval` does: an expression may be indented.
        let code = code.trim_start_matches([' ', '\t']);
        self.compile(code, "<string>", CompileMode::Eval)?
            .eval(globals, locals)
    }

    /// Runs Python statements, as `exec` does. Without `globals` they run in names of their own.
    ///
    /// # Errors
    /// SyntaxError, or what the statements raise; ValueError for a NUL in the text.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// fn greet<'ctx>(ctx: Context<'ctx>) -> Result<String> {
    ///     let names = ctx.dict()?;
    ///     ctx.run("greeting = 'Hello'.upper()", Some(&names), None)?;
    ///     names.get_item("greeting")?.extract()
    /// }
    /// ```
    #[inline]
    pub fn run(
        self,
        code: &str,
        globals: Option<&Handle<'ctx, Dict>>,
        locals: Option<&Handle<'ctx>>,
    ) -> Result<()> {
        let code = self.compile(code, "<string>", CompileMode::Exec)?;
        code.eval(globals, locals).map(drop)
    }

    /// Compiles Python source, to be evaluated once or often. HPy's `HPy_Compile_s`.
    ///
    /// # Errors
    /// SyntaxError; ValueError for a NUL in one of the texts.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// # use hpy::CompileMode;
    /// fn answer<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    ///     let code = ctx.compile("6 * 7", "<answer>", CompileMode::Eval)?;
    ///     code.eval(None, None)
    /// }
    /// ```
    #[inline]
    pub fn compile(
        self,
        source: &str,
        filename: &str,
        mode: CompileMode,
    ) -> Result<Handle<'ctx, Code>> {
        let kind = match mode {
            CompileMode::Eval => HPy_SourceKind_Expr,
            CompileMode::Exec => HPy_SourceKind_File,
            CompileMode::Single => HPy_SourceKind_Single,
        };
        crate::object::with_c_str(source, |source| {
            crate::object::with_c_str(filename, |filename| {
                // SAFETY: both are C strings; a new code object or null with an exception.
                unsafe {
                    let code =
                        HPy_Compile_s(self.as_ptr(), source.as_ptr(), filename.as_ptr(), kind);
                    self.handle_from_raw(code)
                }
            })
        })
    }

    /// Makes a module of Python source, whose tracebacks name `filename`. PyO3's
    /// `PyModule::from_code`.
    ///
    /// The module is put into `sys.modules` under its name, in place of an older one, so that other
    /// code can import it. If the source raises, `sys.modules` is as it was before.
    ///
    /// # Errors
    /// SyntaxError, or what the source raises; ValueError for a NUL in the source or the file name.
    ///
    /// ```
    /// # use hpy::prelude::*;
    /// const SOURCE: &str = "
    /// def shout(text):
    ///     return text.upper() + '!'
    /// ";
    ///
    /// fn shout<'ctx>(ctx: Context<'ctx>, text: &str) -> Result<String> {
    ///     let module = ctx.module_from_code(SOURCE, "shouting.py", "shouting")?;
    ///     module.call_method1("shout", (text,))?.extract()
    /// }
    /// ```
    #[inline]
    pub fn module_from_code(
        self,
        source: &str,
        filename: &str,
        name: &str,
    ) -> Result<Handle<'ctx, Module>> {
        let code = self.compile(source, filename, CompileMode::Exec)?;
        let module = self.import_from("types", "ModuleType")?.call1((name,))?;
        module.setattr(c"__file__", filename)?;
        let names = module.getattr(c"__dict__")?;
        let modules = self.import("sys")?.getattr(c"modules")?;
        let modules: &Handle<'ctx, Dict> = modules.downcast()?;
        let before = modules.get(name)?;
        modules.set_item(name, &module)?;
        if let Err(error) = code.eval(Some(names.downcast()?), None) {
            match before {
                Some(before) => modules.set_item(name, before)?,
                None => drop(modules.pop(name)?),
            }
            return Err(error);
        }
        module.downcast_into()
    }
}

impl<'ctx> Handle<'ctx, Code> {
    /// Runs the code: the value of an expression, `None` of statements. HPy's `HPy_EvalCode`.
    ///
    /// Names are looked up in `locals`, which is `globals` where not given, and then in `globals`,
    /// which is a new dict where not given. As by `exec`, `globals` gets an item `__builtins__` if
    /// it has none.
    ///
    /// # Errors
    /// What the code raises. TypeError for the code of a function that uses variables of functions
    /// around it.
    #[inline]
    pub fn eval(
        &self,
        globals: Option<&Handle<'ctx, Dict>>,
        locals: Option<&Handle<'ctx>>,
    ) -> Result<Handle<'ctx>> {
        let ctx = self.ctx();
        // Interpreters do not check, and read those variables from nowhere.
        if self.getattr(c"co_freevars")?.length()? != 0 {
            return Err(TypeError::new(
                "code that is run on its own may not contain free variables",
            ));
        }
        let own;
        let globals = match globals {
            Some(globals) => globals,
            None => {
                own = ctx.dict()?;
                &own
            }
        };
        if globals.get("__builtins__")?.is_none() {
            globals.set_item("__builtins__", ctx.builtins())?;
        }
        let locals = locals.unwrap_or(globals);
        // SAFETY: the handles are open, the code has no free variables; a new handle or null with
        // an exception.
        unsafe {
            ctx.handle_from_raw(HPy_EvalCode(
                ctx.as_ptr(),
                self.as_raw(),
                globals.as_raw(),
                locals.as_raw(),
            ))
        }
    }
}
