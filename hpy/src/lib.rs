#![doc = include_str!("guide.md")]
#![warn(missing_docs)]

// The macros are built while the rest is, as neither of the two crates needs the other: a third of the time of a first build.
#[doc(inline)]
pub use hpy_core::*;
pub use hpy_macros::{
    FromHandle, IntoHandle, Traverse, hpy, hpy_method, hpy_methods, hpy_module, hpy_type,
};

/// What nearly every extension imports: `use hpy::prelude::*;`
pub mod prelude {
    pub use hpy_core::prelude::*;
    pub use hpy_macros::{
        FromHandle, IntoHandle, Traverse, hpy, hpy_method, hpy_methods, hpy_module, hpy_type,
    };
}
