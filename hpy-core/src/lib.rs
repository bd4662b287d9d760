//! All of [`hpy`](https://docs.rs/hpy) but its macros, which builds while they do. Use `hpy`: it has both, under one name.
//!
//! Nothing is promised of this crate by itself.
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
mod annotation;
mod arguments;
mod attach;
mod boundary;
pub mod buffer;
mod build;
mod cached;
mod call;
mod call_macros;
mod class;
mod context;
mod convert;
mod definition;
mod description;
mod detach;
mod detached;
mod error;
mod global;
mod handle;
mod import;
mod interop;
mod invariant;
pub mod legacy;
#[cfg(feature = "mock")]
#[doc(hidden)]
pub mod mock;
mod module;
mod numbers;
mod object;
mod once;
mod persistent;
mod run;
mod said;
#[cfg(feature = "serde")]
pub mod serde;
mod stack;
mod state;
mod submodule;
pub mod types;

pub use annotation::Annotation;
pub use arguments::{Args, FromKeywords, FromVarArgs, Keywords};
pub use attach::attach;
pub use call::{CallArgs, CallKeywords};
pub use class::{
    CallFunction, Called, Field, PyEnum, PyType, Ref, RefMut, StructSequence, Traverse, Visitor,
};
pub use context::Context;
pub use convert::{FromHandle, IntoHandle};
pub use detach::DetachData;
pub use error::exceptions;
pub use error::{Error, Result};
pub use global::Global;
pub use handle::Handle;
pub use object::{CompareOp, Iter, Name};
pub use once::{Cached, Imported};
pub use persistent::Persistent;
pub use run::CompileMode;
pub use state::{State, StateRef};
pub use types::Kind;

/// The raw layer: HPy's C API as Rust functions.
pub use hpy_sys as sys;

/// The part of `hpy::prelude` that is here.
pub mod prelude {
    pub use crate::error::exceptions::*;
    pub use crate::types::{
        AnyCapsule, Bool, ByteArray, Bytes, Callable, Capsule, Code, Complex, ContextVar, Dict,
        Float, FrozenSet, Int, Kind, List, Mapping, MemoryView, Module, NoneType, Object,
        PyIterator, Range, Sequence, Set, Slice, Str, Tuple, Type, TypeObject,
    };
    pub use crate::{
        Args, Cached, CompareOp, CompileMode, Context, Error, Field, FromHandle, Global, Handle,
        Imported, IntoHandle, Persistent, PyType, Ref, RefMut, Result, Traverse, bail, call,
        call_method, dict, ensure, err, exception, list, set, tuple,
    };
}

/// What the macros' code calls. Not for people: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::abi::{
        Definition, Functions, KeywordName, exec_def, keywords_def, module_init, noargs_def, o_def,
        slots, varargs_def,
    };
    pub use crate::arguments::{
        Args, KeywordArgs, Keywords, Parameter, ParameterKind, Parsed, Signature, argument,
        argument_o, qualified, qualified_len, text, var_keyword, var_positional,
    };
    pub use crate::boundary::{
        Exec, IntoReturn, KeywordsMethod, Method, NoArgsMethod, OMethod, VarArgsMethod, into_return,
    };
    pub use crate::build::{And, DictOf, Items, ListOf, Nothing, Pairs, SetOf, TupleOf};
    pub use crate::call_macros::{
        Interned, KeywordNames, call_keywords, call_method, call_positional,
    };
    pub use crate::class::*;
    pub use crate::convert::derived::{
        FailedVariants, attribute_field, in_struct, item_field, optional_attribute_field,
        optional_item_field, set_field, tuple_field, tuple_from, tuple_of, unit_variant,
    };
    pub use crate::definition::{MethodDef, MethodStatic, new_names};
    pub use crate::description::{
        Described, Piece, annotation_of, description_length, description_text,
    };
    pub use crate::error::custom::{
        CustomException, ExceptionBases, ExceptionClass, add_exception, message,
    };
    pub use crate::error::entry::{Place, in_place};
    pub use crate::error::exceptions::sealed::Sealed;
    pub use crate::error::exceptions::{ExceptionType, Kind};
    pub use crate::global::AnyGlobal;
    pub use crate::legacy::{LegacyMethods, LegacySlots, check_legacy_methods};
    pub use crate::module::{add_constant, as_module, module_def, run_exec, warn_deprecated};
    pub use crate::persistent::REGISTRY;
    pub use crate::said::{Says, SaysNothing, by};
    pub use crate::stack::Level;
    pub use crate::submodule::{add_submodule, at_exit};
    pub use crate::{
        Annotation, Context, FromHandle, FromKeywords, FromVarArgs, Handle, IntoHandle, Result,
    };
    pub use hpy_sys::cpython::{Gil, Promises};
    pub use hpy_sys::interpreters::Interpreters;
    pub use hpy_sys::{HPyDef, HPyGlobal, HPyModuleDef, Static};
    pub use std::borrow::Cow;
}
