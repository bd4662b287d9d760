//! Builds Python extensions written with `hpy` and installs the files that Python imports.
//!
//! This is the library behind the command `cargo hpy`. Test harnesses use it directly: [`build`]
//! builds any number of packages of one workspace in one ABI with a single call of cargo.
//!
//! A run is a build with [`Out::Private`], followed by [`run_command`].
//!
//! ```no_run
//! use cargo_hpy::{Abi, BuildRequest, Interpreter, Out, build};
//!
//! let python = Interpreter::find(Some("python3.11".as_ref()))?;
//! let mut request = BuildRequest::new("tests/extensions/Cargo.toml", Abi::CPython(python));
//! request.packages = vec!["arguments".into(), "errors".into()];
//! request.out = Out::Folder("target/extensions/cpython".into());
//! for package in build(&request)?.packages {
//!     for module in &package.modules {
//!         println!("{} can be imported from {}", module.name, package.out.display());
//!     }
//! }
//! # Ok::<(), cargo_hpy::Error>(())
//! ```

#![forbid(unsafe_code)]

mod artifact;
mod build;
pub mod cli;
mod compile;
mod environment;
mod error;
mod glibc;
mod install;
mod interpreter;
mod linker;
mod modes;
mod output;
#[cfg(feature = "packaging")]
mod packaging;
mod platform;
mod python_package;
mod request;
mod run;
mod rustflags;
mod stubs;
mod target;
mod universal2;
mod workspace;

pub use build::{Built, BuiltPackage, build};
pub use environment::provide_hpy;
pub use error::{Error, Result};
pub use glibc::{GlibcLinker, GlibcVersion};
pub use install::Module;
pub use interpreter::{Implementation, Interpreter};
pub use python_package::{build_python_package, package_binary_name};
pub use request::{Abi, BuildRequest, Out};
pub use run::run_command;
pub use stubs::{Stubs, read_description, stubs};
