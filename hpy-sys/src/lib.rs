//! Raw FFI to [HPy](https://hpyproject.org), for both of its ABIs, from one table.
//!
//! ```
//! use hpy_sys::*;
//!
//! /// Adds two objects. The same source serves both ABIs.
//! unsafe extern "C" fn add(
//!     ctx: *mut HPyContext, _module: HPy, args: *const HPy, n: usize,
//! ) -> HPy {
//!     assert_eq!(n, 2);
//! #   #[cfg(feature = "universal")]
//!     unsafe { HPy_Add(ctx, *args, *args.add(1)) }
//! #   #[cfg(not(feature = "universal"))] HPy_NULL
//! }
//! ```
//!
//! - With the feature `universal`, the functions call through the context. Building needs no
//!   Python.
//! - With only the feature `cpython` (the default), they are inlined over the C API of one CPython
//!   version. The build script takes it from the interpreter that `HPY_PYTHON` names, else from the
//!   active virtual environment's, else from `python3`.
//! - With the feature `runtime`, which turns `universal` on, a universal binary contains the
//!   bundled runtime, so it can be imported on interpreters without HPy. Binaries of the crate
//!   `hpy` have it too.
//! - With none of them, the crate has only the types.
//!
//! Where both `cpython` and `universal` are on, `universal` wins.
//!
//! Most extensions should use the safe layer, the crate `hpy`.

#![allow(non_camel_case_types, non_snake_case, non_upper_case_globals)]

#[cfg(any(feature = "cpython", feature = "universal"))]
pub mod arguments;
#[cfg(feature = "universal")]
mod bundled_context;
#[cfg(any(feature = "cpython", feature = "universal"))]
pub mod capi;
#[cfg(any(feature = "cpython", feature = "universal"))]
mod completeness;
mod context;
#[cfg(any(feature = "cpython", feature = "universal"))]
pub mod cpython;
mod definitions;
#[cfg(feature = "embed")]
#[doc(hidden)]
pub mod embed;
mod enums;
#[cfg(any(feature = "cpython", feature = "universal"))]
mod forced_unwind;
#[cfg(any(feature = "cpython", feature = "universal"))]
#[doc(hidden)]
pub mod fork;
mod handles;
#[cfg(any(feature = "cpython", feature = "universal"))]
mod import;
#[cfg(any(feature = "cpython", feature = "universal"))]
mod inline_functions;
#[cfg(any(feature = "cpython", feature = "universal"))]
pub mod interpreters;
#[cfg(any(feature = "cpython", feature = "universal"))]
mod macros;
#[cfg(any(feature = "cpython", feature = "universal"))]
#[doc(hidden)]
pub mod stack_pages;
mod table;
#[cfg(any(feature = "cpython", feature = "universal"))]
mod thread;
mod trampoline_args;
#[cfg(feature = "universal")]
pub mod universal;

pub use context::{HPyContext, Since, WORDS, Word, WordKind};
#[cfg(all(feature = "cpython", not(feature = "universal")))]
#[doc(hidden)]
pub use cpython::HPyModule_Init as init_raw_module;
#[cfg(all(hpy_since_3_15, not(feature = "universal")))]
#[doc(hidden)]
pub use cpython::export_any_module as export_raw_module;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use cpython::*;
pub use definitions::*;
pub use enums::*;
#[cfg(any(feature = "cpython", feature = "universal"))]
pub use forced_unwind::wait_forever;
pub use handles::*;
#[cfg(any(feature = "cpython", feature = "universal"))]
pub use inline_functions::*;
#[cfg(any(feature = "cpython", feature = "universal"))]
pub use macros::RawModule;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use macros::call_from_trampoline;
#[cfg(all(feature = "cpython", not(feature = "universal")))]
pub use thread::reenter;
#[cfg(any(feature = "cpython", feature = "universal"))]
pub use thread::{Attached, NotAttachable, attach};
pub use trampoline_args::*;
#[cfg(feature = "universal")]
pub use universal::*;

#[cfg(doctest)]
#[doc = include_str!("../../docs/raw-api.md")]
struct RawApiGuide;
