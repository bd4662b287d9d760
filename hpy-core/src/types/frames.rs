//! What Python code is at run time: functions, code, frames, tracebacks.

use super::builtin::cached_marker;
use super::markers::markers;
use crate::exceptions::ValueError;
use crate::storage::lookup::Lookup;
use crate::types::{Code, Dict, Str, Tuple};
use crate::{Context, Handle, Result};

markers! {
    /// A function written in Python, by `def` or `lambda`. PyO3's `PyFunction`.
    Function;
    /// A function written in C, Rust or the interpreter: PyO3's `PyCFunction`.
    ///
    /// What a module's own functions are differs: an interpreter may have another type for them.
    /// [`Callable`](crate::types::Callable) is what can be called.
    BuiltinFunction;
    /// A method that is bound to an object: `object.method`, with a `def method` in the class.
    BoundMethod;
    /// A call of a function that runs, or has run. PyO3's `PyFrame`.
    Frame;
    /// Where an exception came from: the places that it has passed, from the outside to the
    /// inside. PyO3's `PyTraceback`.
    Traceback;
}

cached_marker! {
    Function "function" c"types:FunctionType"
}
cached_marker! {
    BuiltinFunction "builtin_function_or_method" c"types:BuiltinFunctionType"
}
cached_marker! {
    BoundMethod "method" c"types:MethodType"
}
cached_marker! {
    Frame "frame" c"types:FrameType"
}
cached_marker! {
    Traceback "traceback" c"types:TracebackType"
}

static GET_FRAME: Lookup = Lookup::new(c"sys:_getframe");
static FORMAT: Lookup = Lookup::new(c"traceback:format_tb");

impl<'ctx> Context<'ctx> {
    /// The frame of the Python code that has called: `sys._getframe()`. None where there is none,
    /// as on a thread of Rust's own.
    ///
    /// # Errors
    /// MemoryError.
    #[inline]
    pub fn current_frame(self) -> Result<Option<Handle<'ctx, Frame>>> {
        match GET_FRAME.get(self)?.call0() {
            Ok(frame) => frame.downcast_into().map(Some),
            // "call stack is not deep enough"
            Err(error) if error.is_instance_of::<ValueError>(self) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Getters of attributes.
macro_rules! attributes {
    ($marker:ident: $($(#[$doc:meta])* $name:ident: $type:ty = $attribute:literal;)*) => {
        impl<'ctx> Handle<'ctx, $marker> {
            $(
                $(#[$doc])*
                #[doc = concat!("Python's `", $attribute, "`.")]
                ///
                /// # Errors
                /// What reading the attribute raises.
                #[inline]
                pub fn $name(&self) -> Result<$type> {
                    self.as_object().getattr($attribute)?.extract()
                }
            )*
        }
    };
}

attributes! { Function:
    /// The function's name.
    name: String = "__name__";
    /// The name with those of the classes and functions that it was defined in.
    qualname: String = "__qualname__";
    /// The name of the module that it was defined in, if it has one.
    module: Option<String> = "__module__";
    /// The documentation, if it has some.
    doc: Option<String> = "__doc__";
    /// What it runs.
    code: Handle<'ctx, Code> = "__code__";
    /// The global variables that it sees: those of its module.
    globals: Handle<'ctx, Dict> = "__globals__";
    /// The defaults of parameters that may be given by position.
    defaults: Option<Handle<'ctx, Tuple>> = "__defaults__";
    /// The defaults of parameters that are given by keyword only.
    kwdefaults: Option<Handle<'ctx, Dict>> = "__kwdefaults__";
    /// The cells of the variables of functions around it.
    closure: Option<Handle<'ctx, Tuple>> = "__closure__";
    /// The annotations of parameters and result.
    annotations: Handle<'ctx, Dict> = "__annotations__";
}
attributes! { BuiltinFunction:
    /// The function's name.
    name: String = "__name__";
    /// The name with that of its class.
    qualname: String = "__qualname__";
    /// The documentation, if it has some.
    doc: Option<String> = "__doc__";
}
attributes! { BoundMethod:
    /// The function, which takes the object first.
    function: Handle<'ctx> = "__func__";
    /// The object that the method is bound to.
    receiver: Handle<'ctx> = "__self__";
}
attributes! { Code:
    /// The name of the function, class or module.
    name: String = "co_name";
    /// The file that it was compiled from.
    filename: Handle<'ctx, Str> = "co_filename";
    /// The number of its first line.
    first_lineno: usize = "co_firstlineno";
    /// The number of parameters that may be given by position.
    arg_count: usize = "co_argcount";
    /// The names of its local variables, the parameters first.
    varnames: Handle<'ctx, Tuple> = "co_varnames";
}
attributes! { Frame:
    /// What it runs.
    code: Handle<'ctx, Code> = "f_code";
    /// The number of the line that it is at, if there is one.
    lineno: Option<usize> = "f_lineno";
    /// The frame that has called it, if there is one.
    back: Option<Handle<'ctx, Frame>> = "f_back";
    /// The global variables.
    globals: Handle<'ctx, Dict> = "f_globals";
    /// The local variables: a dict, or from CPython 3.13 on a mapping of its own. PyPy and GraalPy
    /// have a dict.
    locals: Handle<'ctx> = "f_locals";
    /// The builtins that its names are looked up in.
    builtins: Handle<'ctx, Dict> = "f_builtins";
}
attributes! { Traceback:
    /// The frame that the exception has passed.
    frame: Handle<'ctx, Frame> = "tb_frame";
    /// The number of the line that the frame was at, if there is one.
    lineno: Option<usize> = "tb_lineno";
    /// The next place, nearer to where the exception was raised.
    next: Option<Handle<'ctx, Traceback>> = "tb_next";
}

impl Handle<'_, Traceback> {
    /// The places as Python prints them, with their lines of source: the text between "Traceback
    /// (most recent call last)" and the exception. PyO3's `format`.
    ///
    /// # Errors
    /// What the module `traceback` raises.
    ///
    /// ```no_run
    /// # use hpy::prelude::*;
    /// # fn example<'ctx>(ctx: Context<'ctx>, function: &Handle<'ctx>) -> Result<()> {
    /// if let Err(error) = function.call0() {
    ///     if let Some(traceback) = error.traceback(ctx) {
    ///         eprint!("{}", traceback.format()?);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn format(&self) -> Result<String> {
        let lines: Vec<String> = FORMAT.get(self.ctx())?.call1((self,))?.extract()?;
        Ok(lines.concat())
    }
}
