//! The command line of wheels, source archives and new projects.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Messages;
use crate::GlibcVersion;

#[derive(Debug, Subcommand)]
pub(super) enum PackagingVerb {
    /// Makes a wheel of the extension in a folder: one for every Python 3, unless told otherwise.
    Wheel(WheelOf),
    /// Makes a source archive, with the crates that the extension takes from this machine.
    Sdist(SdistOf),
    /// Checks wheels and libraries: entry points, systems, tags, digests.
    Check(CheckOf),
    /// Says what is installed, what is missing, and how to get it.
    Doctor,
    /// Creates a project in a new folder.
    New(NewOf),
    /// Creates a project in a folder that is there already. Files in it stay.
    Init(InitOf),
    /// Builds an extension and installs it into a virtual environment, editable: after a change,
    /// the same command again is all that the next import needs.
    Develop(DevelopOf),
    /// Builds an extension and runs its tests with pytest, in each Python that is named.
    Test(TestOf),
}

#[derive(Debug, Args)]
pub(super) struct SdistOf {
    /// The folder of the extension's pyproject.toml or Cargo.toml.
    #[arg(default_value = ".", value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// Put the archive here instead of into DIR/dist.
    #[arg(long, value_name = "FOLDER")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct CheckOf {
    /// Wheels, or libraries that Python imports.
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Print problems only.
    #[arg(long, short)]
    pub(super) quiet: bool,
}

#[derive(Debug, Args)]
pub(super) struct NewOf {
    /// The new folder.
    #[arg(value_name = "PATH")]
    pub(super) folder: PathBuf,
    #[command(flatten)]
    pub(super) form: Form,
}

#[derive(Debug, Args)]
pub(super) struct InitOf {
    /// The folder.
    #[arg(default_value = ".", value_name = "PATH")]
    pub(super) folder: PathBuf,
    #[command(flatten)]
    pub(super) form: Form,
}

/// What a new project is like.
#[derive(Debug, Args)]
pub(super) struct Form {
    /// The distribution's name. By default the folder's.
    #[arg(long)]
    pub(super) name: Option<String>,
    /// With a Python package around the library.
    #[arg(long)]
    pub(super) mixed: bool,
}

#[derive(Debug, Args)]
pub(super) struct DevelopOf {
    #[command(flatten)]
    pub(super) build: Build,
    /// The interpreter of the environment, as a path or a command. By default what HPY_PYTHON
    /// names, else the active virtual environment's.
    #[arg(long, value_name = "PATH")]
    pub(super) python: Option<OsString>,
}

#[derive(Debug, Args)]
pub(super) struct TestOf {
    #[command(flatten)]
    pub(super) build: Build,
    /// An interpreter to test with, as a path or a command; may be given more than once. By default
    /// what HPY_PYTHON names, else the active virtual environment's, else python3. One that is in
    /// no virtual environment gets one below the target folder.
    #[arg(long, value_name = "PATH")]
    pub(super) python: Vec<OsString>,
    /// Run in HPy's debug mode, in the universal ABI: a test that leaks or misuses a handle fails,
    /// with the line in Rust.
    #[arg(long)]
    pub(super) debug: bool,
    /// What pytest is called with.
    #[arg(last = true)]
    pub(super) arguments: Vec<OsString>,
}

/// A build for this machine.
#[derive(Clone, Debug, Args)]
pub(super) struct Build {
    /// The folder of the extension's pyproject.toml or Cargo.toml.
    #[arg(default_value = ".", value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// What to build for. By default tool.hpy.abi of pyproject.toml, else universal.
    #[arg(long, value_enum)]
    pub(super) abi: Option<PackageAbi>,
    /// Build with optimizations.
    #[arg(long)]
    pub(super) release: bool,
    #[command(flatten)]
    pub(super) messages: Messages,
}

#[derive(Debug, Args)]
pub(super) struct WheelOf {
    /// The folder of the extension's pyproject.toml or Cargo.toml.
    #[arg(default_value = ".", value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// What to build for; may be given twice. By default tool.hpy.abi of pyproject.toml, else
    /// universal.
    #[arg(long, value_enum)]
    pub(super) abi: Vec<PackageAbi>,
    /// Put the wheel here instead of into DIR/dist.
    #[arg(long, value_name = "FOLDER")]
    pub(super) out: Option<PathBuf>,
    /// Build with optimizations, and without this machine's paths in the binary.
    #[arg(long)]
    pub(super) release: bool,
    /// Link for this version of glibc and all later ones, such as 2.17. Needs Zig: the command
    /// zig, or the Python package ziglang.
    #[arg(long, value_name = "VERSION")]
    pub(super) glibc: Option<GlibcVersion>,
    /// The CPython of a wheel in the CPython ABI, as a path or a command; may be given more than
    /// once. By default what HPY_PYTHON names, else the active virtual environment's, else python3.
    #[arg(long, value_name = "PATH")]
    pub(super) python: Vec<OsString>,
    /// A version of CPython to build for, such as 3.13 or 3.13t, where none is there to ask; may be
    /// given more than once.
    #[arg(long, value_name = "VERSION", conflicts_with = "python")]
    pub(super) python_version: Vec<String>,
    /// The target to build for, such as aarch64-unknown-linux-gnu, as cargo and rustc name it. By
    /// default this machine.
    #[arg(long, value_name = "TRIPLE", conflicts_with_all = ["metadata_only", "editable"])]
    pub(super) target: Option<String>,
    #[command(flatten)]
    pub(super) messages: Messages,
    /// For build backends: write only the folder .dist-info.
    #[arg(long, hide = true)]
    pub(super) metadata_only: bool,
    /// For build backends: a wheel that installs links to this folder.
    #[arg(long, hide = true)]
    pub(super) editable: bool,
}

/// The ABIs that a wheel can be made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PackageAbi {
    /// One wheel for every Python 3.
    Universal,
    /// A wheel for one version of CPython.
    Cpython,
}

pub(super) use execute::execute;

/// Compiled with the feature.
#[cfg(feature = "packaging")]
#[path = "packaging_verbs.rs"]
mod execute;

/// Compiled without the feature, as the alias `cargo hpy` in this repository has it.
#[cfg(not(feature = "packaging"))]
mod execute {
    use std::ffi::OsString;
    use std::path::Path;
    use std::process::ExitCode;

    use super::PackagingVerb;
    use crate::error::{Error, Result};
    use crate::workspace::{cargo, no_cargo};

    /// Builds this tool with the feature and runs the same command with that.
    pub(in crate::cli) fn execute(
        _verb: PackagingVerb,
        arguments: &[OsString],
    ) -> Result<ExitCode> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        if !manifest.is_file() {
            return Err(Error::new(
                "this cargo-hpy was installed without its feature \"packaging\"",
            )
            .advise("install it with its default features"));
        }
        let status = cargo()
            .args([
                "run",
                "--quiet",
                "--features",
                "packaging",
                "--manifest-path",
            ])
            .arg(manifest)
            .arg("--")
            .args(arguments.iter().skip(1))
            .status()
            .map_err(no_cargo)?;
        let code = status.code().and_then(|code| u8::try_from(code).ok());
        Ok(ExitCode::from(code.unwrap_or(1)))
    }
}
