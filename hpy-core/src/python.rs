//! Python source: evaluated, run, compiled.

use crate::exceptions::TypeError;
use crate::types::{Code, Dict};
use crate::{Context, Handle, Result};
use hpy_sys::*;

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
