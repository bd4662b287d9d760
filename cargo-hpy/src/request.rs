//! What to build, for which ABI, and where to install it.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::glibc::GlibcLinker;
use crate::interpreter::Interpreter;
use crate::target::Target;

/// What an extension is built for.
#[derive(Clone, Debug)]
pub enum Abi {
    /// A native extension of this interpreter's version of CPython.
    CPython(Interpreter),
    /// One binary for every interpreter. Building needs no Python.
    Universal,
    /// HPy's hybrid form: the universal ABI plus code that uses `Python.h`, for this interpreter's
    /// version of CPython.
    Hybrid(Interpreter),
}

impl Abi {
    /// A name that differs by ABI: `universal`, `cpython-311`, `cpython-313t`,
    /// `hybrid-cpython-311`.
    ///
    /// It is the name of the target folder below `<target>/hpy/`, so that switching between ABIs or
    /// versions does not rebuild.
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
    /// Into this folder, which is created if it is missing. Other files in it stay.
    Folder(PathBuf),
    /// Into a private folder for each package below the target folder, which then contains only
    /// these files.
    Private,
}

/// One call of [`build`](crate::build()).
#[derive(Clone, Debug)]
pub struct BuildRequest {
    /// The `Cargo.toml` of the package, or of any package of the workspace, or of the workspace.
    pub manifest: PathBuf,
    /// The packages to build, by name. Empty means the package of [`manifest`](Self::manifest)
    /// itself.
    pub packages: Vec<String>,
    /// What to build for.
    pub abi: Abi,
    /// With optimizations, as `cargo build --release` does.
    pub release: bool,
    /// Where the files go.
    pub out: Out,
    /// Link for a glibc older than this machine's.
    pub glibc: Option<GlibcLinker>,
    /// Hide cargo's progress. Warnings and errors of the compiler are still shown.
    pub quiet: bool,
    /// Print cargo's messages on standard output, one JSON object per line. The compiler's are
    /// among them.
    pub json: bool,
    /// Build all versions of the CPython ABI in the same target folder. What does not depend on the
    /// version is built once, all else is rebuilt for each version. For building many versions in
    /// turn.
    pub shared: bool,
    /// Cargo's target folder, if it is not the one that cargo would choose. Packages of several
    /// workspaces can share one.
    pub target: Option<PathBuf>,
    /// The target of rustc to build for, such as `aarch64-unknown-linux-gnu`. `None` is cargo's
    /// choice, which is this machine unless `CARGO_BUILD_TARGET` is set.
    pub triple: Option<String>,
    /// Build with `hpy`'s feature `description`, which puts a description of the modules in the
    /// library.
    pub describe: bool,
    /// Features of the packages to turn on, besides that of the ABI. As for cargo, `NAME` belongs
    /// to the package itself and `DEPENDENCY/NAME` to a dependency.
    pub features: Vec<String>,
    /// Folders that the library names in another way, in panic messages and debug information:
    /// rustc's `--remap-path-prefix`. If several contain a file, the last one applies.
    pub remap: Vec<(PathBuf, String)>,
    /// Additional environment variables for cargo, such as another compiler or its flags.
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
            json: false,
            shared: false,
            target: None,
            triple: None,
            describe: false,
            features: Vec::new(),
            remap: Vec::new(),
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

    /// A name that differs by ABI and by the glibc it is linked for.
    pub(crate) fn key(&self) -> String {
        match &self.glibc {
            None => self.abi.key(),
            Some(linker) => format!("{}-{}", self.abi.key(), linker.key()),
        }
    }

    /// The target, if one was chosen.
    pub(crate) fn chosen_target(&self) -> Option<Target> {
        self.triple.as_deref().map(Target::new)
    }
}
