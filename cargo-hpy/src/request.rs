//! What is to be built, for what, and where it goes.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::glibc::GlibcLinker;
use crate::interpreter::Interpreter;

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

/// One call of [`build`](crate::build()).
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
