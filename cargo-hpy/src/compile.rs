//! The one call of cargo.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::interpreter::Interpreter;
use crate::linker;
use crate::output::say;
use crate::request::{Abi, BuildRequest};
use crate::rustflags;
use crate::target::Target;
use crate::universal2;
use crate::workspace::{Package, Workspace, cargo, no_cargo};

/// Builds `packages` and returns the library of each, in their order.
pub(crate) fn compile(
    request: &BuildRequest,
    workspace: &Workspace,
    packages: &[Package],
) -> Result<Vec<PathBuf>> {
    let target = request.chosen_target();
    let Some(target) = target.filter(|target| target.triple() == universal2::TRIPLE) else {
        return compile_part(request, workspace, packages);
    };
    let mut libraries = vec![Vec::new(); packages.len()];
    for part in target.parts() {
        let mut request = request.clone();
        request.triple = Some(part.triple().to_owned());
        let built = compile_part(&request, workspace, packages)?;
        for (parts, library) in libraries.iter_mut().zip(built) {
            parts.push(library);
        }
    }
    let folder = workspace.target.join("hpy").join(request.target_name());
    let profile = if request.release { "release" } else { "debug" };
    let folder = folder.join(target.triple()).join(profile);
    let joined = libraries
        .iter()
        .map(|parts| universal2::join(parts, &folder));
    joined.collect()
}

/// Builds for one target of rustc.
fn compile_part(
    request: &BuildRequest,
    workspace: &Workspace,
    packages: &[Package],
) -> Result<Vec<PathBuf>> {
    let running = Path::new("cargo");
    let mut child = command(request, workspace, packages)?
        .stdout(Stdio::piped())
        .spawn()
        .map_err(no_cargo)?;
    let mut libraries = vec![None; packages.len()];
    if let Some(messages) = child.stdout.take() {
        for line in BufReader::new(messages).lines() {
            let line = line.map_err(|error| Error::io("read the messages of", running, error))?;
            if request.json {
                say!("{line}");
            }
            // Anything else on this stream is not a message from cargo.
            let Ok(message) = serde_json::from_str(&line) else {
                continue;
            };
            if let Some((index, library)) = library(&message, packages) {
                libraries[index] = Some(library);
            }
        }
    }
    let status = child
        .wait()
        .map_err(|error| Error::io("wait for", running, error))?;
    if !status.success() {
        let names: Vec<_> = packages
            .iter()
            .map(|package| package.name.as_str())
            .collect();
        return Err(
            Error::new(format!("{} could not be built", names.join(", "))).with_code(status.code()),
        );
    }
    let named = libraries.into_iter().zip(packages);
    named
        .map(|(library, package)| {
            library.ok_or_else(|| {
                Error::new(format!(
                    "cargo built {} without saying where its library is",
                    package.name
                ))
            })
        })
        .collect()
}

fn command(request: &BuildRequest, workspace: &Workspace, packages: &[Package]) -> Result<Command> {
    let mut command = cargo();
    command
        .args([
            "build",
            "--lib",
            match request.json {
                true => "--message-format=json",
                false => "--message-format=json-render-diagnostics",
            },
            "--manifest-path",
        ])
        .arg(&request.manifest)
        .arg("--target-dir")
        .arg(workspace.target.join("hpy").join(request.target_name()));
    for package in packages {
        command.args(["--package", &package.name]);
    }
    if request.release {
        command.arg("--release");
    }
    if request.quiet {
        command.arg("--quiet");
    }
    command.envs(request.environment.iter().cloned());
    // The Python is given explicitly or not needed. Other variables in the environment must not
    // cause a rebuild.
    command.env_remove("VIRTUAL_ENV");
    match &request.abi {
        Abi::CPython(interpreter) | Abi::Hybrid(interpreter) => {
            name_python(&mut command, interpreter, request.chosen_target().as_ref());
        }
        Abi::Universal => {
            command.env_remove("HPY_PYTHON");
        }
    }
    let of_abi = request.abi.feature();
    let mut features: Vec<_> = packages
        .iter()
        .filter_map(|package| of_abi.map(|feature| format!("{}/{feature}", package.name)))
        .collect();
    features.extend(request.features.iter().cloned());
    if request.describe {
        features.push("hpy/description".to_owned());
    }
    if !features.is_empty() {
        command.args(["--features", &features.join(",")]);
    }
    choose_target(&mut command, request, workspace)?;
    Ok(command)
}

/// Tells build scripts which Python the extension is for.
fn name_python(command: &mut Command, interpreter: &Interpreter, target: Option<&Target>) {
    // PyO3 code in the same extension uses the same interpreter, which defines the missing symbols.
    command.env("PYO3_BUILD_EXTENSION_MODULE", "1");
    if interpreter.runs_here() {
        command
            .env("HPY_PYTHON", &interpreter.path)
            .env("PYO3_PYTHON", &interpreter.path);
        return;
    }
    // Nothing can be asked, so everything is told.
    let (major, minor, _) = interpreter.version;
    let version = format!("{major}.{minor}");
    let flag = |letter| match interpreter.abi_flags.contains(letter) {
        true => "1",
        false => "0",
    };
    // Until 3.12 the digits of ints were smaller on 32-bit systems.
    let large_digits = minor >= 12 || target.is_none_or(Target::is_64_bit);
    command
        .env_remove("HPY_PYTHON")
        .env_remove("PYO3_PYTHON")
        .env_remove("HPY_PYTHON_POINTER_WIDTH")
        .env("HPY_PYTHON_VERSION", &version)
        .env("HPY_PYTHON_FREE_THREADED", flag('t'))
        .env("HPY_PYTHON_DEBUG", flag('d'))
        .env(
            "HPY_PYTHON_INT_DIGITS",
            if large_digits { "30" } else { "15" },
        )
        .env("PYO3_CROSS_PYTHON_VERSION", version);
}

/// Adds the target, its linker and its flags.
fn choose_target(
    command: &mut Command,
    request: &BuildRequest,
    workspace: &Workspace,
) -> Result<()> {
    let chosen = request.chosen_target();
    if let Some(target) = &chosen {
        command.args(["--target", target.triple()]);
    }
    match (&request.glibc, &chosen) {
        (Some(linker), None) => {
            let (variable, path) = linker.environment(&workspace.target)?;
            command.env(variable, path);
        }
        (Some(linker), Some(target)) => {
            let (variable, path) = linker.environment_for(target, &workspace.target)?;
            command.env(variable, path);
        }
        (None, Some(target)) if *target != Target::host()? => {
            linker::check_std(target)?;
            command.envs(linker::find(target, &workspace.target)?);
        }
        _ => {}
    }
    let target = match (chosen, std::env::var("CARGO_BUILD_TARGET")) {
        (Some(target), _) => Some(target),
        (None, Ok(triple)) => Some(Target::new(&triple)),
        // Only there are flags needed, and asking rustc takes time.
        (None, Err(_)) if cfg!(any(target_os = "macos", target_env = "musl")) => {
            Some(Target::host()?)
        }
        _ => None,
    };
    let mut flags = Vec::new();
    if let Some(target) = target {
        let is_native = !matches!(request.abi, Abi::Universal);
        flags.extend(rustflags::of(&target, is_native));
    }
    flags.extend(request.remap.iter().map(|(from, to)| {
        let from = from.display();
        format!("--remap-path-prefix={from}={to}")
    }));
    rustflags::add(command, flags);
    Ok(())
}

/// The package and the path of the library in a message from cargo.
fn library(message: &Value, packages: &[Package]) -> Option<(usize, PathBuf)> {
    if message["reason"] != "compiler-artifact" {
        return None;
    }
    let types = message["target"]["crate_types"].as_array()?;
    if !types.iter().any(|kind| kind == "cdylib") {
        return None;
    }
    let index = packages
        .iter()
        .position(|package| message["package_id"] == *package.id)?;
    let files = message["filenames"].as_array()?;
    let mut paths = files.iter().filter_map(Value::as_str).map(PathBuf::from);
    let library = paths.find(|path| {
        let end = path.extension().and_then(OsStr::to_str);
        // Of any system. There may be an import library beside it.
        end.is_some_and(|end| ["so", "dylib", "dll"].contains(&end))
    })?;
    Some((index, library))
}
