//! Builds Python extensions written with `hpy` and puts the files in place that Python imports.
//!
//! This is the library behind the command `cargo hpy`. Test harnesses use it directly: [`build`] builds any number of
//! packages of one workspace in one ABI with a single call of cargo.
//!
//! A run is the same with [`Out::Private`], and [`run_command`] behind it.
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
pub mod cli;
mod compile;
mod environment;
mod error;
mod glibc;
mod install;
mod interpreter;
mod platform;
mod run;
mod stubs;
mod workspace;

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;

use artifact::Exports;
pub use environment::provide_hpy;
pub use error::{Error, Result};
pub use glibc::{GlibcLinker, GlibcVersion};
pub use install::Module;
pub use interpreter::{Implementation, Interpreter};
pub use run::run_command;
pub use stubs::{Stubs, read_description, stubs};
use workspace::{Package, Workspace};

/// What an extension is built for.
#[derive(Clone, Debug)]
pub enum Abi {
    /// A native extension of this interpreter's version of CPython.
    CPython(Interpreter),
    /// One binary for every interpreter; no Python is needed to build it.
    Universal,
    /// HPy's hybrid form: the universal ABI, with code beside it that uses `Python.h`. For this interpreter's version of CPython.
    Hybrid(Interpreter),
}

impl Abi {
    /// The name of everything that is kept apart by ABI: `universal`, `cpython-311`, `cpython-313t`, `hybrid-cpython-311`.
    ///
    /// It names the target folder below `<target>/hpy/`, so that a change of ABI or of version rebuilds nothing that
    /// was built before.
    pub fn key(&self) -> String {
        match self {
            Abi::CPython(interpreter) => interpreter.key(),
            Abi::Universal => "universal".into(),
            Abi::Hybrid(interpreter) => format!("hybrid-{}", interpreter.key()),
        }
    }

    /// The feature that a package is built with, if any.
    pub(crate) fn feature(&self) -> Option<&'static str> {
        match self {
            Abi::CPython(_) => None,
            Abi::Universal => Some("universal"),
            Abi::Hybrid(_) => Some("hybrid"),
        }
    }
}

/// Where the importable files go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// Into the folder of each package's `Cargo.toml`.
    BesideManifest,
    /// Into this folder, which is made if it is missing. Other files in it stay.
    Folder(PathBuf),
    /// Into a folder of each package's own below the target folder, which then holds these files and nothing else.
    Private,
}

/// One call of [`build`].
#[derive(Clone, Debug)]
pub struct BuildRequest {
    /// The `Cargo.toml` of the package, or of any package of the workspace, or of the workspace.
    pub manifest: PathBuf,
    /// The packages to build, by name. Empty means the package of [`manifest`](Self::manifest) itself.
    pub packages: Vec<String>,
    /// What to build for.
    pub abi: Abi,
    /// With optimizations, as `cargo build --release` does.
    pub release: bool,
    /// Where the files go.
    pub out: Out,
    /// Link for a glibc older than this machine's.
    pub glibc: Option<GlibcLinker>,
    /// Keep cargo's progress quiet. Warnings and errors of the compiler are shown all the same.
    pub quiet: bool,
    /// Build each version of the CPython ABI in the same target folder: what does not depend on the version is built once,
    /// all else again for each. For many versions, one after the other.
    pub shared: bool,
    /// Cargo's target folder, where it is not to be the one that cargo would choose: packages of several workspaces share what they build.
    pub target: Option<PathBuf>,
    /// With `hpy`'s feature `description`: what the modules declare is in the library as data.
    pub describe: bool,
    /// What cargo finds in its environment beside what is there: another compiler, flags for it.
    pub environment: Vec<(OsString, OsString)>,
}

impl BuildRequest {
    /// A debug build of the package of `manifest`, whose files go beside it.
    pub fn new(manifest: impl Into<PathBuf>, abi: Abi) -> Self {
        BuildRequest {
            manifest: manifest.into(),
            packages: Vec::new(),
            abi,
            release: false,
            out: Out::BesideManifest,
            glibc: None,
            quiet: false,
            shared: false,
            target: None,
            describe: false,
            environment: Vec::new(),
        }
    }

    /// The name of the target folder below `<target>/hpy/`.
    pub(crate) fn target_name(&self) -> String {
        match self.abi {
            _ if self.describe => format!("description-{}", self.key()),
            Abi::CPython(_) if self.shared => "cpython".into(),
            Abi::Hybrid(_) if self.shared => "hybrid".into(),
            _ => self.key(),
        }
    }

    /// The name of what is kept apart: the ABI, and what glibc it is linked for.
    pub(crate) fn key(&self) -> String {
        match &self.glibc {
            None => self.abi.key(),
            Some(linker) => format!("{}-{}", self.abi.key(), linker.key()),
        }
    }
}

/// What [`build`] made.
#[derive(Clone, Debug)]
pub struct Built {
    /// Each package, in the order of the request.
    pub packages: Vec<BuiltPackage>,
    /// Cargo's target folder, below which everything of this tool lies in `hpy/`.
    pub target: PathBuf,
}

/// One package's part of [`Built`].
#[derive(Clone, Debug)]
pub struct BuiltPackage {
    /// The package's name.
    pub name: String,
    /// The folder of its `Cargo.toml`.
    pub folder: PathBuf,
    /// The library as cargo left it.
    pub library: PathBuf,
    /// The folder to import from: what goes on the module search path.
    pub out: PathBuf,
    /// The modules that the library exports, each with its files in [`out`](Self::out).
    pub modules: Vec<Module>,
    /// The oldest glibc that the library loads with, on systems that have it.
    pub glibc: Option<GlibcVersion>,
}

/// Builds the packages of `request` with one call of cargo, and puts the files that Python imports in place.
///
/// Cargo's progress and the compiler's messages go to standard error, as they come. The target folders are
/// `<target>/hpy/<key>` (see [`Abi::key`]), `<target>` being cargo's own, `CARGO_TARGET_DIR` included.
///
/// # Errors
///
/// Everything that keeps the extension from being importable, with what to do about it: no package there, no `cdylib`,
/// no feature `universal`, a failed compilation, no module exported, a file in the way that was not made here; or, asked to
/// link for an older glibc, if a library needs a newer one even so.
pub fn build(request: &BuildRequest) -> Result<Built> {
    let (workspace, packages) = packages_of(request)?;
    let libraries = compile::compile(request, &workspace, &packages)?;

    let mut owners: HashMap<PathBuf, &str> = HashMap::new();
    let mut built = Vec::new();
    for (package, library) in packages.iter().zip(libraries) {
        let names = Exports::read(&library)?.modules(package, &request.abi)?;
        let glibc = glibc::oldest_for(&library)?;
        glibc::check_needs(&package.name, glibc, request.glibc.as_ref())?;
        let out = match &request.out {
            Out::BesideManifest => package.folder().to_path_buf(),
            Out::Folder(folder) => folder.clone(),
            Out::Private => run::private_folder(&workspace.target, request, &package.name),
        };
        let plan = install::plan(&request.abi, &library, &names)?;
        for file in plan.file_names() {
            if let Some(other) = owners.insert(out.join(file), &package.name) {
                return Err(Error::new(format!(
                    "both {other} and {} make {file} in {}",
                    package.name,
                    out.display()
                ))
                .advise("rename one of the modules, or build them into different folders"));
            }
        }
        let modules = plan.carry_out(&library, &out, request.out == Out::Private)?;
        built.push(BuiltPackage {
            name: package.name.clone(),
            folder: package.folder().to_path_buf(),
            library,
            out,
            modules,
            glibc,
        });
    }
    Ok(Built {
        packages: built,
        target: workspace.target,
    })
}

/// A package's library as cargo left it.
pub(crate) struct BuiltLibrary {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) library: PathBuf,
}

/// Builds the packages of `request`, and puts nothing in place.
pub(crate) fn build_libraries(request: &BuildRequest) -> Result<Vec<BuiltLibrary>> {
    let (workspace, packages) = packages_of(request)?;
    let libraries = compile::compile(request, &workspace, &packages)?;
    let built = packages.iter().zip(libraries);
    Ok(built
        .map(|(package, library)| BuiltLibrary {
            name: package.name.clone(),
            folder: package.folder().to_path_buf(),
            library,
        })
        .collect())
}

fn packages_of(request: &BuildRequest) -> Result<(Workspace, Vec<Package>)> {
    let mut workspace = Workspace::read(&request.manifest)?;
    if let Some(target) = &request.target {
        workspace.target.clone_from(target);
    }
    let packages = workspace.select(&request.manifest, &request.packages)?;
    for package in &packages {
        package.check(&request.abi)?;
        if request.describe {
            package.check_description()?;
        }
    }
    Ok((workspace, packages))
}

/// Whether the package of the manifest has the feature.
pub(crate) fn has_feature(manifest: &std::path::Path, feature: &str) -> Result<bool> {
    let packages = Workspace::read(manifest)?.select(manifest, &[])?;
    Ok(packages.iter().all(|package| package.has_feature(feature)))
}
