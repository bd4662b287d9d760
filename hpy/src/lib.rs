#![doc = include_str!("guide.md")]
#![warn(missing_docs)]

#[cfg(not(any(feature = "cpython", feature = "universal")))]
compile_error!(
    "hpy: choose an ABI: the feature `cpython` (the default) for an extension of one CPython version, \
     or `universal` for one binary that every interpreter with HPy loads"
);

#[cfg(panic = "abort")]
compile_error!(
    "hpy needs `panic = \"unwind\"`: a panic becomes a Python exception, with `abort` it would end the interpreter"
);

mod abi;
mod arguments;
mod boundary;
mod call;
mod context;
mod convert;
mod definition;
mod detach;
mod error;
mod global;
mod handle;
#[cfg(feature = "mock")]
#[doc(hidden)]
pub mod mock;
mod module;
mod object;
mod persistent;
mod stack;
pub mod types;

pub use arguments::{Args, FromKeywords, FromVarArgs, Keywords};
pub use call::{CallArgs, CallKeywords};
pub use context::Context;
pub use convert::{FromHandle, IntoHandle};
pub use detach::DetachData;
pub use error::exceptions;
pub use error::{Error, Result};
pub use global::Global;
pub use handle::Handle;
pub use hpy_macros::{hpy, hpy_method, hpy_module};
pub use object::{CompareOp, Iter, Name};
pub use persistent::Persistent;

/// The raw layer: HPy's C API as Rust functions.
pub use hpy_sys as sys;

/// What nearly every extension imports: `use hpy::prelude::*;`
pub mod prelude {
    pub use crate::error::exceptions::*;
    pub use crate::types::{
        Bool, Bytes, Dict, Float, Int, List, Module, NoneType, Object, Str, Tuple, Type,
    };
    pub use crate::{
        Args, CompareOp, Context, Error, FromHandle, Global, Handle, IntoHandle, Persistent,
        Result, hpy, hpy_method, hpy_module,
    };
}

/// What the macros' code calls. Not for people: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::abi::{
        Definition, KeywordName, exec_def, keywords_def, module_init, noargs_def, o_def,
        varargs_def,
    };
    pub use crate::arguments::{
        Args, KeywordArgs, Keywords, Parameter, ParameterKind, Parsed, Signature, argument,
        argument_o, var_keyword, var_positional,
    };
    pub use crate::boundary::{
        Exec, KeywordsMethod, Method, NoArgsMethod, OMethod, VarArgsMethod, into_return,
    };
    pub use crate::definition::{MethodDef, MethodStatic, has_new_name};
    pub use crate::global::AnyGlobal;
    pub use crate::module::{add_constant, as_module, module_def, run_exec};
    pub use crate::persistent::REGISTRY;
    pub use crate::{Context, Handle, Result};
    pub use hpy_sys::interpreters::Interpreters;
    pub use hpy_sys::over::{Gil, Promises};
    pub use hpy_sys::{HPyDef, HPyGlobal, HPyModuleDef, Static};
}
