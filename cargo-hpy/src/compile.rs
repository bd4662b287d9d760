//! The one call of cargo.

use std::env::consts::DLL_EXTENSION;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::platform;
use crate::request::{Abi, BuildRequest};
use crate::workspace::{Package, Workspace, cargo};

/// Builds `packages` and returns the library of each, in their order.
pub(crate) fn compile(
    request: &BuildRequest,
    workspace: &Workspace,
    packages: &[Package],
) -> Result<Vec<PathBuf>> {
    let running = Path::new("cargo");
    let mut child = command(request, workspace, packages)?
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Error::io("run", running, error))?;
    let mut libraries = vec![None; packages.len()];
    if let Some(messages) = child.stdout.take() {
        for line in BufReader::new(messages).lines() {
            let line = line.map_err(|error| Error::io("read the messages of", running, error))?;
            if request.json {
                println!("{line}");
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
    remap(&mut command, &request.remap);
    // The Python is given explicitly or not needed. Other variables in the environment must not
    // cause a rebuild.
    command.env_remove("VIRTUAL_ENV");
    match &request.abi {
        Abi::CPython(interpreter) | Abi::Hybrid(interpreter) => {
            command
                .env("HPY_PYTHON", &interpreter.path)
                // PyO3 code in the same extension uses the same interpreter, which defines the
                // missing symbols.
                .env("PYO3_PYTHON", &interpreter.path)
                .env("PYO3_BUILD_EXTENSION_MODULE", "1")
                .args(platform::cpython_build_options());
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
    if let Some(linker) = &request.glibc {
        let (variable, path) = linker.environment(&workspace.target)?;
        command.env(variable, path);
    }
    Ok(command)
}

/// Adds rustc's flags. Flags in the environment replace those of the configuration, so these go
/// where the user's are.
fn remap(command: &mut Command, folders: &[(PathBuf, String)]) {
    if folders.is_empty() {
        return;
    }
    let flags = folders.iter().map(|(from, to)| {
        let from = from.display();
        format!("--remap-path-prefix={from}={to}")
    });
    let encoded = std::env::var("CARGO_ENCODED_RUSTFLAGS").ok();
    let plain = || std::env::var("RUSTFLAGS").ok();
    let present: Option<Vec<String>> = match encoded {
        Some(encoded) => Some(encoded.split('\u{1f}').map(str::to_owned).collect()),
        None => plain().map(|flags| flags.split_whitespace().map(str::to_owned).collect()),
    };
    match present {
        Some(mut present) => {
            present.retain(|flag| !flag.is_empty());
            present.extend(flags);
            command.env("CARGO_ENCODED_RUSTFLAGS", present.join("\u{1f}"));
        }
        None => {
            let flags: Vec<_> = flags.map(Value::String).collect();
            // An array of strings is the same in JSON and TOML.
            let flags = Value::Array(flags);
            command
                .arg("--config")
                .arg(format!("target.'cfg(all())'.rustflags = {flags}"));
        }
    }
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
    let library = paths.find(|path| path.extension().is_some_and(|end| end == DLL_EXTENSION))?;
    Some((index, library))
}
