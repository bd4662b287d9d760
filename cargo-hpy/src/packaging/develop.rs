//! Installs an extension into a virtual environment from its own folder, and tests it there.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use super::editable::Editable;
use super::project::Project;
use crate::Interpreter;
use crate::environment::Source;
use crate::error::{Error, Result};
use crate::interpreter::module_arguments;
use crate::modes::Mode;
use crate::output::remark;
use crate::platform;
use crate::request::Abi;
use crate::run::search_path;

/// What to install, and how it is built.
pub(crate) struct DevelopRequest {
    pub(crate) folder: PathBuf,
    pub(crate) abi: Abi,
    pub(crate) release: bool,
    pub(crate) quiet: bool,
    /// Print cargo's messages as JSON.
    pub(crate) json: bool,
}

/// Builds the extension and installs it into the environment of `python`. Returns the name and
/// version that are installed.
pub(crate) fn develop(request: &DevelopRequest, python: &Interpreter) -> Result<String> {
    let project = Project::read(&request.folder)?;
    let editable = Editable::build(&project, &request.abi, request)?;
    install(&project, &editable, python)?;
    let metadata = &project.metadata;
    Ok(format!("{} {}", metadata.name, metadata.version))
}

fn install(project: &Project, editable: &Editable, python: &Interpreter) -> Result<()> {
    if editable.is_installed(site_packages(python)?) {
        return Ok(());
    }
    let wheel = editable.write(&project.workspace.target.join("hpy/editable"))?;
    pip_install(python, &["--force-reinstall".as_ref(), wheel.as_os_str()])?;
    // Only a vehicle.
    fs::remove_file(&wheel).map_err(|error| Error::io("remove", &wheel, error))
}

/// Builds the extension and runs pytest in each interpreter. Returns the first failure.
pub(crate) fn test(
    request: &DevelopRequest,
    pythons: &[Interpreter],
    mode: Option<Mode>,
    arguments: &[OsString],
) -> Result<Option<ExitStatus>> {
    let project = Project::read(&request.folder)?;
    // Checked before the build, because a build that cannot run is a waste of time.
    let sources = pythons
        .iter()
        .map(|python| mode.map(|mode| Source::of_mode(python, mode)).transpose());
    let sources = sources.collect::<Result<Vec<_>>>()?;
    let mut failure = None;
    for (python, source) in pythons.iter().zip(sources) {
        let abi = match &request.abi {
            Abi::CPython(_) => Abi::CPython(python.clone()),
            other => other.clone(),
        };
        let editable = Editable::build(&project, &abi, request)?;
        let environment = environment(&project, python)?;
        install(&project, &editable, &environment)?;
        provide_pytest(&project, &environment)?;
        if pythons.len() > 1 {
            remark!("     Testing {python}");
        }
        let mut command = Command::new(&environment.path);
        command.args(["-m", "pytest"]);
        if let Some(source) = source {
            debug_tests(&mut command, source, &environment, &project)?;
        }
        let status = command
            .args(arguments)
            .current_dir(&project.folder)
            .status()
            .map_err(|error| Error::io("run", &environment.path, error))?;
        if !status.success() && failure.is_none() {
            failure = Some(status);
        }
    }
    Ok(failure)
}

/// Has pytest check the handles of each test.
fn debug_tests(
    command: &mut Command,
    source: Source,
    python: &Interpreter,
    project: &Project,
) -> Result<()> {
    let Some(hpy) = source.provide(python, &project.workspace.target)? else {
        return Err(Error::new(format!(
            "the tests of `cargo hpy test --debug` use this project's package hpy, and {} is \
             {python}, which uses its own HPy",
            python.path.display()
        ))
        .advise("name a CPython with --python"));
    };
    command
        .args(["-p", "hpy.pytest_plugin", "--hpy-debug", "--hpy-backtrace"])
        .env("PYTHONPATH", search_path(&hpy, &[], python)?);
    Ok(())
}

/// The environment to test in: the interpreter's own if it is in one, otherwise one below the
/// target folder.
fn environment(project: &Project, python: &Interpreter) -> Result<Interpreter> {
    if is_in_environment(&python.path) {
        return Ok(python.clone());
    }
    let target = &project.workspace.target;
    let folder = target
        .join("hpy/tests")
        .join(crate::environment::key(python));
    let own = folder.join(platform::VENV_PYTHON);
    if !own.is_file() {
        remark!(
            "   Preparing an environment for {python} in {}",
            folder.display()
        );
        let venv = |option: &[&str]| {
            let mut command = Command::new(&python.path);
            command
                .args(module_arguments("venv"))
                .args(option)
                .arg(&folder);
            command
        };
        // Some distributions leave out the pip for it. Then another installer is used.
        let made = venv(&[])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !made.is_ok_and(|status| status.success()) {
            let advice = || {
                "install this Python's module venv, or name a Python of a virtual environment \
                 with --python"
                    .into()
            };
            let what = "making a virtual environment";
            run(
                venv(&["--without-pip", "--clear"]),
                &python.path,
                what,
                advice,
            )?;
            if !answers(&["uv".as_ref()]) {
                provide_pip(&Interpreter::find(Some(own.as_os_str()))?)?;
            }
        }
    }
    Interpreter::find(Some(own.as_os_str()))
}

/// Whether the interpreter belongs to a virtual environment.
pub(crate) fn is_in_environment(python: &Path) -> bool {
    let prefix = python.parent().and_then(Path::parent);
    prefix.is_some_and(|prefix| prefix.join("pyvenv.cfg").is_file())
}

/// Installs pytest, and what the extra `test` or `tests` asks for.
fn provide_pytest(project: &Project, python: &Interpreter) -> Result<()> {
    let extras = &project.metadata.extras;
    let of_extra = extras.get("test").or(extras.get("tests"));
    let mut wanted: Vec<&str> = vec!["pytest"];
    wanted.extend(of_extra.into_iter().flatten().map(String::as_str));
    let mark = python.path.with_file_name("cargo-hpy-test-requirements");
    let list = wanted.join("\n");
    if fs::read_to_string(&mark).is_ok_and(|present| present == list) {
        return Ok(());
    }
    let has_pytest = Command::new(&python.path)
        .args(["-c", "import pytest"])
        .stderr(Stdio::null())
        .status();
    if wanted.len() > 1 || !has_pytest.is_ok_and(|status| status.success()) {
        pip_install(
            python,
            &wanted.iter().map(|one| one.as_ref()).collect::<Vec<_>>(),
        )?;
    }
    fs::write(&mark, list).map_err(|error| Error::io("write", &mark, error))
}

fn site_packages(python: &Interpreter) -> Result<&Path> {
    if python.site_packages.as_os_str().is_empty() {
        return Err(Error::new(format!(
            "{} does not say where packages are installed",
            python.path.display()
        )));
    }
    Ok(&python.site_packages)
}

/// Installs by the environment's own pip, or by uv if it has none.
fn pip_install(python: &Interpreter, what: &[&OsStr]) -> Result<()> {
    let path = python.path.as_os_str();
    let [option, code, pip] = module_arguments("pip").map(OsString::from);
    let mut command;
    if answers(&[path, &option, &code, &pip]) {
        command = Command::new(path);
        command
            .args([option, code, pip])
            .args(["install", "--quiet"]);
        command.env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    } else {
        command = Command::new("uv");
        command
            .args(["pip", "install", "--quiet", "--python"])
            .arg(path);
    }
    command.args(what);
    run(command, &python.path, "installing", || {
        format!(
            "see the messages above; {} needs pip (python -m ensurepip), or uv must be on PATH",
            python.path.display()
        )
    })
}

/// Puts a pip into an environment without one, by the pip of `python3`.
fn provide_pip(environment: &Interpreter) -> Result<()> {
    let (major, minor, _) = environment.version;
    let mut command = Command::new(platform::PYTHON);
    command
        .args(module_arguments("pip"))
        .args(["install", "--quiet", "--no-deps", "--only-binary=:all:"])
        .arg(format!("--python-version={major}.{minor}"))
        .arg("--target")
        .arg(site_packages(environment)?)
        .arg("pip")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        // It installs into the environment, not among the system's packages.
        .env("PIP_ROOT_USER_ACTION", "ignore");
    run(command, &environment.path, "installing pip", || {
        format!(
            "put uv on PATH, or install pip for {}: the package python3-pip of Debian",
            platform::PYTHON
        )
    })
}

/// Whether an installer is there.
fn answers(installer: &[&OsStr]) -> bool {
    let status = Command::new(installer[0])
        .args(&installer[1..])
        .arg("--help")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

fn run(mut command: Command, python: &Path, what: &str, advice: impl Fn() -> String) -> Result<()> {
    let program = PathBuf::from(command.get_program());
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Error::io("run", &program, error).advise(advice()))?;
    if output.status.success() {
        return Ok(());
    }
    eprint!("{}", String::from_utf8_lossy(&output.stdout));
    Err(Error::new(format!("{what} failed for {}", python.display())).advise(advice()))
}
