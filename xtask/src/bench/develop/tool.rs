//! The tools, each in a virtual environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_hpy::Interpreter;

use super::super::commands::cargo;
use super::finish;

/// The version of maturin, and of uv, that is measured.
const MATURIN: &str = "maturin==1.16.0";
const UV: &str = "uv==0.13.9";

/// What builds and installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `cargo hpy develop --abi cpython`.
    CPython,
    /// `cargo hpy develop`.
    Universal,
    /// `maturin develop`, which has pip install what it has built.
    Maturin,
    /// `maturin develop --uv`, which has uv install it.
    MaturinWithUv,
}

impl Tool {
    pub const ALL: [Tool; 4] = [
        Tool::CPython,
        Tool::Universal,
        Tool::MaturinWithUv,
        Tool::Maturin,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::CPython => "`cargo hpy develop --abi cpython`",
            Self::Universal => "`cargo hpy develop --abi universal`",
            Self::Maturin => "`maturin develop`",
            Self::MaturinWithUv => "`maturin develop --uv`",
        }
    }

    /// Whether it is `cargo hpy`.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::CPython | Self::Universal)
    }

    /// Of the folders for its virtual environment and its project.
    pub fn key(self) -> &'static str {
        match self {
            Self::CPython => "cpython",
            Self::Universal => "universal",
            Self::Maturin => "maturin",
            Self::MaturinWithUv => "maturin-uv",
        }
    }
}

/// A shell in which the tool's virtual environment is active.
pub struct Shell {
    pub tool: Tool,
    venv: PathBuf,
    path: std::ffi::OsString,
}

impl Shell {
    /// Makes the virtual environment, with the tool in it.
    ///
    /// # Errors
    /// If that fails.
    pub fn of(tool: Tool, interpreter: &Interpreter, home: &Path) -> Result<Self> {
        let venv = home.join(tool.key());
        if !venv.join("bin/python").exists() {
            let mut command = Command::new(&interpreter.path);
            finish(command.args(["-m", "venv"]).arg(&venv))?;
        }
        let mut folders = vec![venv.join("bin")];
        match tool {
            Tool::CPython | Tool::Universal => folders.push(cargo_hpy(home)?),
            Tool::Maturin => install(&venv, &[MATURIN])?,
            Tool::MaturinWithUv => install(&venv, &[MATURIN, UV])?,
        }
        let present = std::env::var_os("PATH").unwrap_or_default();
        folders.extend(std::env::split_paths(&present));
        let path = std::env::join_paths(folders).context("a folder's name has a colon")?;
        Ok(Shell { tool, venv, path })
    }

    /// The command that is measured.
    pub fn develop(&self) -> Command {
        let line: &[&str] = match self.tool {
            Tool::CPython => &["cargo", "hpy", "develop", "--abi", "cpython"],
            Tool::Universal => &["cargo", "hpy", "develop", "--abi", "universal"],
            Tool::Maturin => &["maturin", "develop"],
            Tool::MaturinWithUv => &["maturin", "develop", "--uv"],
        };
        let mut command = self.command(line[0]);
        command.args(&line[1..]);
        command
    }

    pub fn python(&self) -> Command {
        self.command("python")
    }

    /// A program, without what `cargo xtask` sets for this one.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.find(program));
        for (name, _) in std::env::vars_os() {
            let set = name.to_string_lossy();
            let kept = ["CARGO_HOME", "CARGO_NET_OFFLINE"].contains(&&*set);
            if set.starts_with("CARGO") && !kept || set.starts_with("PYTHON") {
                command.env_remove(name);
            }
        }
        for name in [
            "LD_LIBRARY_PATH",
            "RUSTFLAGS",
            "RUSTC_WRAPPER",
            "HPY_PYTHON",
            "HPY",
        ] {
            command.env_remove(name);
        }
        command
            .env("PATH", &self.path)
            .env("VIRTUAL_ENV", &self.venv)
            // What it has installed is from a file, and no index is asked.
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
        command
    }

    /// `Command` looks for programs in this process's own `PATH`.
    fn find(&self, program: &str) -> PathBuf {
        let mut folders = std::env::split_paths(&self.path);
        let found = folders.find_map(|folder| {
            let file = folder.join(program);
            file.is_file().then_some(file)
        });
        found.unwrap_or_else(|| program.into())
    }
}

/// Installs the command as users do. The folder that it is in.
fn cargo_hpy(home: &Path) -> Result<PathBuf> {
    let root = home.join("cargo-hpy");
    let mut command = cargo();
    command
        .args(["install", "--quiet", "--locked", "--force", "--path"])
        .arg(hpy_tests::checkout().join("cargo-hpy"))
        .arg("--root")
        .arg(&root);
    finish(&mut command)?;
    Ok(root.join("bin"))
}

fn install(venv: &Path, packages: &[&str]) -> Result<()> {
    let mut command = Command::new(venv.join("bin/python"));
    command.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    match finish(command.args(packages)) {
        Ok(_) => Ok(()),
        Err(error) => bail!(
            "{error:#}\n{} could not be had from PyPI",
            packages.join(" and ")
        ),
    }
}

/// The versions, for the table's text.
///
/// # Errors
/// If the interpreter does not run.
pub fn versions(interpreter: &Interpreter) -> Result<String> {
    let mut python = Command::new(&interpreter.path);
    let pip = finish(python.args(["-c", "import ensurepip; print(ensurepip.version())"]))?;
    let [maturin, uv] = [MATURIN, UV].map(|package| package.replace("==", " "));
    Ok(format!("{maturin}, pip {pip}, {uv}"))
}
