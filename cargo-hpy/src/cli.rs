//! The command line.

mod habits;
mod packaging;
mod run_verb;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::error::{Error, Result};
use crate::output::{remark, say};
use crate::stubs::{Outcome, other_form, refuse_to_overwrite, write_if_changed};
use crate::target::Target;
use run_verb::{Modes, run};

use crate::{
    Abi, BuildRequest, Built, GlibcLinker, GlibcVersion, Implementation, Interpreter, Out, build,
    stubs,
};

/// Builds and runs Python extensions written with hpy.
#[derive(Debug, Parser)]
#[command(
    name = "cargo hpy",
    bin_name = "cargo hpy",
    version,
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Builds the extension in a folder and runs the main.py there with it.
    Run {
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        modes: Modes,
        /// What main.py finds in sys.argv.
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Builds the extension in a folder and writes the files that Python imports there.
    Build {
        #[command(flatten)]
        what: What,
        /// Put the files here instead of beside the Cargo.toml.
        #[arg(long, value_name = "FOLDER")]
        out: Option<PathBuf>,
        /// Link for this version of glibc and all later ones, such as 2.17. Needs Zig: the command
        /// zig, or the Python package ziglang.
        #[arg(long, value_name = "VERSION")]
        glibc: Option<GlibcVersion>,
        #[command(flatten)]
        messages: Messages,
    },
    /// Writes stubs, NAME.pyi: what type checkers and editors know of the extension in a folder.
    Stubs(StubsOf),
    #[command(flatten)]
    Packaging(packaging::PackagingVerb),
}

#[derive(Debug, Args)]
struct StubsOf {
    /// The folder of the extension's Cargo.toml.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
    /// Put the files here instead of beside the Cargo.toml.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Write nothing, and fail if a file is out of date.
    #[arg(long)]
    check: bool,
    /// Overwrite files of these names that were not written by this command.
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// What to build for. The stubs are read from the build and are the same for all. By default
    /// universal, or cpython if the extension has no feature for that.
    #[arg(long, value_enum)]
    abi: Option<AbiName>,
    /// The interpreter to build for, unless it is for the universal ABI.
    #[arg(long, value_name = "PATH")]
    python: Option<OsString>,
}

/// How progress and results are shown.
#[derive(Clone, Debug, Args)]
struct Messages {
    /// Hide cargo's progress. Warnings and errors are still shown.
    #[arg(long, short)]
    quiet: bool,
    /// What standard output has: the paths of the files that were made, or cargo's messages as
    /// JSON, with those paths in messages of the reason "hpy-file".
    #[arg(long, value_enum, default_value = "human", value_name = "FORMAT")]
    message_format: MessageFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// Lines for people.
    Human,
    /// A JSON object per line.
    Json,
}

impl Messages {
    fn is_json(&self) -> bool {
        self.message_format == MessageFormat::Json
    }

    /// Prints the path of a file that was made.
    fn print(&self, file: &Path) {
        let file = file.display().to_string();
        match self.message_format {
            MessageFormat::Human => say!("{file}"),
            MessageFormat::Json => {
                say!(
                    "{}",
                    serde_json::json!({"reason": "hpy-file", "path": file})
                );
            }
        }
    }
}

#[derive(Debug, Args)]
struct What {
    /// The folder of the extension's Cargo.toml.
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
    /// What to build for. By default cpython if the interpreter is a CPython, else universal.
    #[arg(long, value_enum)]
    abi: Option<AbiName>,
    /// The interpreter, as a path or a command. By default what HPY_PYTHON names, else the active
    /// virtual environment's, else python3.
    #[arg(long, value_name = "PATH")]
    python: Option<OsString>,
    /// The target to build for, such as aarch64-unknown-linux-gnu, as cargo and rustc name it. By
    /// default for this machine. --abi is then universal unless a Python is named.
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// The version of CPython to build for, such as 3.13 or 3.13t, where none is there to ask.
    #[arg(long, value_name = "VERSION", conflicts_with = "python")]
    python_version: Option<String>,
    /// Build with optimizations.
    #[arg(long)]
    release: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum AbiName {
    /// A native extension of one version of CPython.
    Cpython,
    /// One binary for every interpreter that speaks HPy.
    Universal,
    /// The universal ABI, with code that uses Python.h: for one version of CPython.
    Hybrid,
}

/// Runs the command in `arguments`, the first of which is the program's name. Messages go to
/// standard error.
///
/// Returns the exit code: that of `main.py`, or of cargo if the build failed.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = without_subcommand(arguments);
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(mut error) => {
            habits::advise(&mut error);
            // Even if the message cannot be printed, the exit code reports the failure.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let done = match cli.verb {
        Verb::Run {
            what,
            modes,
            arguments,
        } => run(&what, modes.chosen(), &arguments),
        Verb::Build {
            what,
            out,
            glibc,
            messages,
        } => build_and_install(&what, out, glibc, &messages),
        Verb::Stubs(what) => write_stubs(what),
        Verb::Packaging(verb) => packaging::execute(verb, &arguments),
    };
    done.unwrap_or_else(|error| {
        remark!("error: {error}");
        ExitCode::from(error.code())
    })
}

/// Cargo calls an installed `cargo-hpy` with `hpy` as the first argument. An alias does not.
fn without_subcommand(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<_> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|argument| argument == "hpy") {
        arguments.remove(1);
    }
    arguments
}

fn write_stubs(what: StubsOf) -> Result<ExitCode> {
    let manifest = manifest_of(&what.folder)?;
    let abi = match what.abi {
        Some(AbiName::Universal) => Abi::Universal,
        None if crate::build::has_feature(&manifest, "universal")? => Abi::Universal,
        wanted => choose_abi(wanted, &Interpreter::find(what.python.as_deref())?)?,
    };
    let request = BuildRequest::new(manifest, abi);
    let out = |folder: PathBuf| what.out.clone().unwrap_or(folder);
    let in_package = out(what.folder.clone()).join("__init__.py").is_file();
    let mut differs = false;
    for package in stubs(&request, in_package)? {
        let out = out(package.folder);
        let mut files = package.files;
        if in_package {
            // Marks the package as having annotations.
            files.push(("py.typed".into(), String::new()));
        }
        if !what.check && !what.force {
            // Before anything is written.
            for (file, _) in &files {
                refuse_to_overwrite(&out.join(file))?;
            }
        }
        for (file, text) in files {
            let path = out.join(file);
            if let Some(other) = other_form(&path) {
                differs = true;
                remark!(
                    "error: {} describes the same module as {}, and type checkers may take it \
                     instead\n  help: remove the one that is old",
                    other.display(),
                    path.display()
                );
            }
            match write_if_changed(&path, &text, what.check)? {
                Outcome::Same if what.check => {}
                Outcome::Same | Outcome::Written => say!("{}", path.display()),
                Outcome::Differs => {
                    differs = true;
                    remark!(
                        "error: {} is not what cargo hpy stubs writes\n  help: run it without \
                         --check",
                        path.display()
                    );
                }
                Outcome::Missing => {
                    differs = true;
                    remark!(
                        "error: there is no {}\n  help: run cargo hpy stubs without --check",
                        path.display()
                    );
                }
            }
        }
    }
    Ok(ExitCode::from(u8::from(differs)))
}

fn build_and_install(
    what: &What,
    out: Option<PathBuf>,
    glibc: Option<GlibcVersion>,
    messages: &Messages,
) -> Result<ExitCode> {
    let manifest = what.manifest()?;
    let linker = |version| GlibcLinker::find(version, what.python.as_deref());
    let linker = glibc.map(linker).transpose()?;
    let target = what.target()?;
    let abi = match what.abi {
        // Needs no interpreter at all.
        Some(AbiName::Universal) => Abi::Universal,
        None if target.is_some() && !what.names_python() => Abi::Universal,
        wanted => choose_abi(wanted, &what.interpreter(target.as_ref())?)?,
    };
    let mut request = BuildRequest::new(manifest, abi);
    request.release = what.release;
    request.triple = target.map(|target| target.triple().to_owned());
    request.out = out.map_or(Out::BesideManifest, Out::Folder);
    request.glibc = linker;
    (request.quiet, request.json) = (messages.quiet, messages.is_json());
    let built = build(&request)?;
    for package in &built.packages {
        let mut files: Vec<_> = package
            .modules
            .iter()
            .flat_map(|module| &module.files)
            .collect();
        // The modules of one library share its binary.
        files.sort();
        files.dedup();
        for file in files {
            messages.print(file);
        }
    }
    if !matches!(request.abi, Abi::CPython(_)) {
        warn_of_native_files(&built);
    }
    if matches!(request.abi, Abi::Universal) {
        report_glibc(&built, request.glibc.is_some());
    }
    Ok(ExitCode::SUCCESS)
}

impl What {
    fn manifest(&self) -> Result<PathBuf> {
        manifest_of(&self.folder)
    }

    fn target(&self) -> Result<Option<Target>> {
        foreign_target(self.target.as_deref())
    }

    fn names_python(&self) -> bool {
        self.python.is_some() || self.python_version.is_some()
    }

    fn interpreter(&self, target: Option<&Target>) -> Result<Interpreter> {
        match &self.python_version {
            Some(version) => of_version(version, target),
            None => find_interpreter(self.python.as_deref(), target),
        }
    }
}

/// The target that is asked for, unless it is this machine.
fn foreign_target(wanted: Option<&str>) -> Result<Option<Target>> {
    let wanted = wanted.map(str::to_owned);
    let wanted = wanted.or_else(|| std::env::var("CARGO_BUILD_TARGET").ok());
    match wanted.filter(|triple| !triple.is_empty()) {
        Some(triple) if triple != Target::host()?.triple() => Ok(Some(Target::new(&triple))),
        _ => Ok(None),
    }
}

/// The interpreter of which only the version is told.
fn of_version(version: &str, target: Option<&Target>) -> Result<Interpreter> {
    match target {
        Some(target) => Interpreter::of_version(version, target),
        None => Interpreter::of_version(version, &Target::host()?),
    }
}

/// The interpreter that is named, or this machine's.
fn find_interpreter(python: Option<&OsStr>, target: Option<&Target>) -> Result<Interpreter> {
    let Some(target) = target else {
        return Interpreter::find(python);
    };
    let named = python.map(OsStr::to_owned);
    let named = named.or_else(|| std::env::var_os("HPY_PYTHON"));
    let named = named.ok_or_else(|| {
        Error::new(format!("no Python for {} is named", target.triple())).advise(
            "tell the version of CPython with --python-version, such as 3.13; or name a Python of \
             the target with --python; --abi universal needs none",
        )
    })?;
    Interpreter::of_target(&named, target)
}

fn manifest_of(folder: &Path) -> Result<PathBuf> {
    let manifest = folder.join("Cargo.toml");
    if manifest.is_file() {
        return Ok(manifest);
    }
    let what = if folder.is_dir() {
        "has no Cargo.toml"
    } else {
        "is not a folder"
    };
    Err(Error::new(format!("{} {what}", folder.display()))
        .advise("name the folder of an extension; a new one is begun with `cargo hpy new NAME`"))
}

fn choose_abi(wanted: Option<AbiName>, interpreter: &Interpreter) -> Result<Abi> {
    let native = interpreter.implementation == Implementation::CPython;
    match wanted {
        Some(AbiName::Universal) => Ok(Abi::Universal),
        None if !native => Ok(Abi::Universal),
        Some(AbiName::Hybrid) if native => Ok(Abi::Hybrid(interpreter.clone())),
        Some(AbiName::Hybrid) => Err(Error::new(format!(
            "{} is {interpreter}; HPy's hybrid form is for code that uses CPython's Python.h",
            interpreter.path.display()
        ))
        .advise(
            "name a CPython with --python; --abi universal is for every interpreter and \
             cannot contain such code",
        )),
        _ if native => Ok(Abi::CPython(interpreter.clone())),
        _ => Err(Error::new(format!(
            "{} is {interpreter}; a native extension in CPython's ABI is for CPython alone",
            interpreter.path.display()
        ))
        .advise("omit --abi or use --abi universal, or name a CPython with --python")),
    }
}

/// Python prefers a native extension to a Python file of the same name, so an old one hides the new
/// universal one.
fn warn_of_native_files(built: &Built) {
    for package in &built.packages {
        for module in &package.modules {
            for native in native_files(&package.out, &module.name) {
                remark!(
                    "note: {} is imported instead of the universal file by the interpreter it was \
                     built for; remove it if that is not meant",
                    native.display()
                );
            }
        }
    }
}

/// A universal binary runs on every interpreter, but not on every system.
fn report_glibc(built: &Built, is_chosen: bool) {
    for package in &built.packages {
        if let Some(version) = package.glibc {
            let advice = match is_chosen {
                true => "",
                false => "; --glibc VERSION links for an older one",
            };
            remark!(
                "note: {} needs glibc {version} or later{advice}",
                package.name
            );
        }
    }
}

fn native_files(folder: &Path, module: &str) -> Vec<PathBuf> {
    let is_native = |name: &OsStr| {
        let name = name.to_str().and_then(|name| name.strip_prefix(module));
        name.is_some_and(|rest| rest.starts_with(".cpython-") || rest.starts_with(".cp3"))
    };
    let entries = folder.read_dir().into_iter().flatten().flatten();
    entries
        .filter(|entry| is_native(&entry.file_name()))
        .map(|entry| entry.path())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> std::result::Result<Cli, clap::Error> {
        Cli::try_parse_from(without_subcommand(line.split(' ').map(OsString::from)))
    }

    #[test]
    fn installed_or_through_an_alias_the_arguments_mean_the_same() {
        for line in [
            "cargo-hpy hpy run dir --release -- -x hpy",
            "cargo-hpy run dir --release -- -x hpy",
        ] {
            let Verb::Run {
                what, arguments, ..
            } = parse(line).unwrap().verb
            else {
                panic!("{line}")
            };
            assert_eq!(what.folder, Path::new("dir"));
            assert!(what.release && what.abi.is_none());
            assert_eq!(arguments, ["-x", "hpy"]);
        }
    }

    #[test]
    fn a_wrong_abi_is_answered_with_the_right_ones() {
        let error = parse("cargo-hpy build . --abi stable")
            .unwrap_err()
            .to_string();
        assert!(error.contains("cpython, universal, hybrid"), "{error}");
    }

    #[test]
    fn the_interpreter_decides_the_abi_unless_told() {
        let mut python = Interpreter::find(None).unwrap();
        python.implementation = Implementation::CPython;
        assert!(matches!(choose_abi(None, &python), Ok(Abi::CPython(_))));
        assert!(matches!(
            choose_abi(Some(AbiName::Universal), &python),
            Ok(Abi::Universal)
        ));
        assert!(matches!(
            choose_abi(Some(AbiName::Hybrid), &python),
            Ok(Abi::Hybrid(_))
        ));
        python.implementation = Implementation::PyPy;
        let error = choose_abi(Some(AbiName::Hybrid), &python).unwrap_err();
        assert!(error.to_string().contains("uses CPython's Python.h"));
        assert!(matches!(choose_abi(None, &python), Ok(Abi::Universal)));
        let error = choose_abi(Some(AbiName::Cpython), &python)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("for CPython alone") && error.contains("--abi universal"),
            "{error}"
        );
    }
}
