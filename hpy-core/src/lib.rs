//! All of [`hpy`](https://docs.rs/hpy) but its macros, which builds while they do. Use `hpy`: it
//! has both, under one name.
//!
//! Nothing is promised of this crate by itself.
#![warn(missing_docs)]

#[cfg(not(any(feature = "cpython", feature = "universal")))]
compile_error!(
    "hpy: choose an ABI: the feature `cpython` (the default) for an extension of one CPython \
     version, or `universal` for one binary that every interpreter with HPy loads"
);

#[cfg(panic = "abort")]
compile_error!(
    "hpy needs `panic = \"unwind\"`: a panic becomes a Python exception, with `abort` it would end \
     the interpreter"
);

#[cfg(feature = "arrow")]
pub mod arrow;
pub mod asyncio;
mod backend;
pub mod buffer;
mod class;
mod convert;
#[cfg(feature = "dlpack")]
pub mod dlpack;
#[cfg(feature = "embed")]
pub mod embed;
mod entry;
mod error;
pub mod exceptions;
#[cfg(any(feature = "log", feature = "tracing"))]
pub mod logging;
mod module;
mod numbers;
#[cfg(feature = "numpy")]
pub mod numpy;
mod object;
mod python;
mod rust_objects;
#[cfg(feature = "serde")]
pub mod serde;
mod stack;
mod storage;
mod stubs;
pub mod sync;
mod thread;
#[cfg(feature = "tokio")]
pub mod tokio;
pub mod types;
#[cfg(not(feature = "embed"))]
mod without_embed;

pub use class::{
    CallFunction, Called, Field, PyClass, PyEnum, Ref, RefMut, StructSequence, Traverse, Visitor,
};
pub use convert::{FromHandle, IntoHandle};
pub use entry::arguments::{Args, ArgsIter, FromKeywords, FromVarArgs, Keywords};
#[cfg(feature = "anyhow")]
pub use error::reports::anyhow;
#[cfg(feature = "eyre")]
pub use error::reports::eyre;
pub use error::{Error, Result};
pub use module::legacy;
pub use object::calls::arguments::CallKeywords;
pub use object::calls::call_args::CallArgs;
pub use object::context::Context;
pub use object::handle::{Borrowed, Handle};
pub use object::{CompareOp, Iter, Name};
pub use python::CompileMode;
pub use rust_objects::iterator::RustIterator;
pub use storage::global::Global;
pub use storage::identity::{ByIdentity, Identity};
pub use storage::interned::Interned;
pub use storage::lazy::{Cached, Imported};
pub use storage::persistent::Persistent;
pub use storage::persistent_text::{PersistentBytes, PersistentStr};
pub use storage::state::{State, StateRef};
pub use stubs::annotation::Annotation;
pub use thread::attach::attach;
pub use thread::detach::DetachData;

/// The raw layer: HPy's C API as Rust functions.
pub use hpy_sys as sys;

/// What a method returned, with an exception for an error that does not convert by itself.
#[cfg(not(any(feature = "anyhow", feature = "eyre")))]
#[doc(hidden)]
#[macro_export]
macro_rules! settled {
    // The tokens one by one: errors then point at them.
    ($($value:tt)*) => {
        $($value)*
    };
}

/// What a method returned, with an exception for an error that does not convert by itself.
#[cfg(any(feature = "anyhow", feature = "eyre"))]
#[doc(hidden)]
#[macro_export]
macro_rules! settled {
    // A match, no block: the value may borrow from what is converted for the call only.
    ($value:expr) => {
        match $value {
            value => {
                #[allow(unused_imports)]
                use $crate::__private::Settle as _;
                $crate::__private::Outcome(value).settled()
            }
        }
    };
}

/// A future of what [`settled`] gives: the future itself where nothing has to be converted.
#[cfg(not(any(feature = "anyhow", feature = "eyre")))]
#[doc(hidden)]
#[macro_export]
macro_rules! settled_later {
    ($($future:tt)*) => {
        $($future)*
    };
}

/// A future of what [`settled`] gives.
#[cfg(any(feature = "anyhow", feature = "eyre"))]
#[doc(hidden)]
#[macro_export]
macro_rules! settled_later {
    ($future:expr) => {{
        let future = $future;
        async move { $crate::settled!(future.await) }
    }};
}

/// The part of `hpy::prelude` that is here.
pub mod prelude {
    pub use crate::error::exceptions::ExceptionType as _;
    pub use crate::types::TypeObject as _;
    pub use crate::types::{
        Bool, Bytes, Callable, Dict, Float, Int, List, Module, Object, Set, Str, Tuple, Type,
    };
    pub use crate::{
        Args, Cached, Context, Error, Field, FromHandle, Global, Handle, Imported, IntoHandle,
        Persistent, Ref, RefMut, Result, Traverse, call, call_method, dict, err, exception, list,
        set, tuple,
    };
}

/// What the macros' code calls. Not for people: it changes without notice.
#[doc(hidden)]
pub mod __private {
    pub use crate::asyncio::CancelHandle;
    pub use crate::asyncio::held::{Held, held, kept_receiver};
    pub use crate::asyncio::make::{coroutine, coroutine_of_next};
    pub use crate::backend::KeywordName;
    pub use crate::backend::any_global::AnyGlobal;
    pub use crate::backend::any_global::REGISTRY;
    pub use crate::class::*;
    pub use crate::convert::InLine;
    pub use crate::convert::derived::{
        FailedVariants, attribute_field, in_struct, item_field, optional_attribute_field,
        optional_item_field, set_field, tuple_field, tuple_from, tuple_of, unit_variant,
    };
    #[cfg(feature = "embed")]
    pub use crate::embed::{BuiltIn, Test, run_test};
    pub use crate::entry::arguments::{
        Args, DefaultOption, DefaultText, KeywordArgs, Keywords, Parameter, ParameterKind, Parsed,
        Signature, default_option, default_text, qualified, qualified_len, text, var_keyword,
        var_positional,
    };
    pub use crate::entry::arguments_and_results::{
        argument, argument_in_line, argument_o, argument_o_in_line, attribute_value,
        attribute_value_in_line, give_back, into_return, into_return_in_line, operand,
        operand_in_line, receiver, receiver_mut,
    };
    pub use crate::entry::definition::{Method, MethodDef, MethodStatic, new_names};
    pub use crate::entry::guard::{
        Exec, IntoReturn, KeywordsMethod, NoArgsMethod, OMethod, VarArgsMethod,
    };
    #[cfg(feature = "universal")]
    pub use crate::entry::host;
    pub use crate::entry::slots::attribute::Setting;
    pub use crate::entry::slots::definitions::{attribute_def, slot_def};
    pub use crate::entry::{
        Definition, Functions, exec_def, keywords_def, module_init, noargs_def, o_def, slots,
        varargs_def,
    };
    hpy_sys::__if_exported! { pub use crate::entry::module_export; }
    pub use crate::error::custom::{
        CustomException, ExceptionBases, ExceptionClass, add_exception, message,
    };
    pub use crate::error::exceptions::sealed::Sealed;
    pub use crate::error::exceptions::{ExceptionType, Kind};
    pub use crate::error::imported::ImportedException;
    #[cfg(any(feature = "anyhow", feature = "eyre"))]
    pub use crate::error::reports::{Outcome, Settle};
    pub use crate::error::traceback::{Place, in_place};
    pub use crate::module::legacy::{LegacyMethods, LegacySlots, check_legacy_methods};
    pub use crate::module::submodule::{add_submodule, at_exit};
    pub use crate::module::{add_constant, as_module, module_def, run_exec, warn, warn_deprecated};
    pub use crate::object::calls::macros::{
        KeywordNames, call_keywords, call_method, call_positional,
    };
    pub use crate::stack::Level;
    pub use crate::stubs::description::{
        Described, Piece, annotation_of, description_length, description_text,
    };
    pub use crate::stubs::probe::{Says, SaysNothing, by};
    pub use crate::types::literals::{And, DictOf, Items, ListOf, Nothing, Pairs, SetOf, TupleOf};
    pub use crate::{
        Annotation, Context, FromHandle, FromKeywords, FromVarArgs, Handle, IntoHandle, Result,
    };
    pub use crate::{settled, settled_later};
    pub use hpy_sys::cpython::{Gil, Promises};
    pub use hpy_sys::interpreters::Interpreters;
    pub use hpy_sys::{HPyDef, HPyGlobal, HPyModuleDef, Static};
    pub use std::borrow::Cow;
}
