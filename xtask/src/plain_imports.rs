//! `cargo xtask plain-imports`: the book's way to a universal file without the tool, word for word.
//!
//! A crate outside this workspace gets the tutorial's first extension, on several interpreters. Its
//! commands run in a shell whose `python3` is the interpreter.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use crate::bench::output;
use crate::interpreters::{self, Implementation, Interpreter};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// These interpreters, as `cargo xtask interpreters` names them.
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        default_value = "cpython3.9,cpython3.13,pypy7.3.19"
    )]
    only: Vec<String>,
    /// Provide no interpreter over the network.
    #[arg(long)]
    offline: bool,
    /// Fail if one of the interpreters is missing.
    #[arg(long)]
    require_all: bool,
}

const MANIFEST: &str = r#"[package]
name = "words"
version = "0.1.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[dependencies]
hpy = { path = "HPY" }

[features]
universal = ["hpy/universal"]

[workspace]
"#;

/// What the last command prints.
const EXPECTED: &str = "4";

/// Runs the task.
///
/// # Errors
/// If the book lacks what is looked for, or what it says fails.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let asked = |name: &str| arguments.only.iter().any(|one| one == name);
    let interpreters = interpreters::obtain(|row| asked(row.name), arguments.offline)?;
    interpreters.warn_of_missing();
    if interpreters.found.is_empty() {
        bail!("no interpreter to run on");
    }
    let tutorial = page("tutorial")?;
    let tool = page("cargo-hpy")?;
    let code = block(&tutorial, "rust", "name: words")?;
    let commands = block(&tool, "sh", "cargo build --features universal\ncp ")?;
    let loader = block(&tool, "python", "from hpy.universal import load")?;
    for interpreter in &interpreters.found {
        let user = User::new(interpreter, code)?;
        let printed = user.shell(commands)?;
        ensure!(
            printed.lines().last() == Some(EXPECTED),
            "{}: the book's commands print {printed:?}",
            interpreter.name
        );
        println!("{}: the book's commands", interpreter.name);
        if interpreter.implementation == Implementation::PyPy && user.has_hpy()? {
            user.import_by(loader)?;
            println!("{}: the book's file for a host context", interpreter.name);
        }
    }
    let failed = arguments.require_all && !interpreters.missing.is_empty();
    Ok(ExitCode::from(u8::from(failed)))
}

/// The text of a page of the book.
fn page(name: &str) -> Result<String> {
    let path = hpy_tests::checkout()
        .join("docs")
        .join(name)
        .with_extension("md");
    std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// The first block of a language that has `text`.
fn block<'a>(page: &'a str, language: &str, text: &str) -> Result<&'a str> {
    let start = format!("```{language}\n");
    let blocks = page.split(start.as_str()).skip(1);
    blocks
        .filter_map(|rest| rest.split("```").next())
        .find(|block| block.contains(text))
        .with_context(|| format!("the page has no {language} code with {text:?}"))
}

/// A user's crate, and the folder where `python3` is the interpreter.
struct User<'a> {
    folder: PathBuf,
    programs: PathBuf,
    interpreter: &'a Interpreter,
}

impl<'a> User<'a> {
    fn new(interpreter: &'a Interpreter, code: &str) -> Result<User<'a>> {
        let scratch = hpy_tests::target().join("plain");
        let user = User {
            // One target folder for all: the file is the same, and only the names of its copies
            // differ.
            folder: scratch.join("words"),
            programs: scratch.join("programs").join(interpreter.name),
            interpreter,
        };
        let checkout = hpy_tests::checkout();
        let hpy = checkout.join("hpy").display().to_string();
        user.write(
            "Cargo.toml",
            &MANIFEST.replace("HPY", &hpy.replace('\\', "/")),
        )?;
        user.write("src/lib.rs", code)?;
        // The versions that are locked here are there without the network.
        std::fs::copy(checkout.join("Cargo.lock"), user.folder.join("Cargo.lock"))?;
        for entry in std::fs::read_dir(&user.folder)? {
            let path = entry?.path();
            if path.is_file()
                && path
                    .file_stem()
                    .is_some_and(|stem| stem.display().to_string().starts_with("words"))
            {
                std::fs::remove_file(path)?;
            }
        }
        std::fs::create_dir_all(&user.programs)?;
        let python = user.programs.join("python3");
        if !python.exists() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(&interpreter.command, &python)?;
        }
        Ok(user)
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let file = self.folder.join(name);
        std::fs::create_dir_all(file.parent().unwrap_or(&self.folder))
            .and_then(|()| std::fs::write(&file, text))
            .with_context(|| format!("cannot write {}", file.display()))
    }

    /// Runs commands as the user's shell does; what they print.
    fn shell(&self, commands: &str) -> Result<String> {
        let mut path = self.programs.clone().into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let mut shell = Command::new("sh");
        shell
            .args(["-e", "-c", commands])
            .current_dir(&self.folder)
            .env("PATH", path);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("CARGO_") && name != "CARGO_HOME" || name.starts_with("PYTHON") {
                shell.env_remove(name);
            }
        }
        output(&mut shell).with_context(|| format!("on {}", self.interpreter.name))
    }

    fn has_hpy(&self) -> Result<bool> {
        let code = "import importlib.util as u; print(u.find_spec('hpy') is not None)";
        Ok(self.shell(&format!("python3 -c {code:?}"))? == "True")
    }

    /// Beside `words.hpy0.so`, by a file `words.py`.
    fn import_by(&self, loader: &str) -> Result<()> {
        self.write("own/words.py", loader)?;
        let printed = self.shell(
            "cp target/debug/libwords.so own/words.hpy0.so; cd own\n\
             python3 -c 'import words; print(words.count(\"to be or not\"))'",
        )?;
        ensure!(
            printed == EXPECTED,
            "words.py imports a module that prints {printed:?}"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_has_what_is_run() {
        let tutorial = page("tutorial").unwrap();
        let tool = page("cargo-hpy").unwrap();
        assert!(block(&tutorial, "rust", "name: words").is_ok());
        assert!(block(&tool, "sh", "cargo build --features universal\ncp ").is_ok());
        assert!(block(&tool, "python", "from hpy.universal import load").is_ok());
        assert!(block(&tool, "sh", "no such words").is_err());
    }
}
