//! Runs the commands of packaging on small extensions made for it: see `../extension/lib.rs`. They
//! need no other crate, and so no network.

#![cfg(feature = "packaging")]

#[cfg(unix)]
mod develop;
mod installers;
mod projects;
mod source_archives;
mod wheels;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cargo_hpy::Interpreter;

const SOURCE: &str = include_str!("../extension/lib.rs");

/// A folder of this test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("packaging")
        .join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(path: PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// An extension of one module `words`.
fn extension(folder: &Path, manifest: &str) {
    let package = format!(
        "[package]\nname = \"words\"\nversion = \"1.2.0-rc.1\"\nedition = \"2024\"\n{manifest}\n\
         [lib]\ncrate-type = [\"cdylib\"]\n[features]\nuniversal = []\nsecond = []\n[workspace]\n"
    );
    write(folder.join("Cargo.toml"), &package);
    write(folder.join("src/lib.rs"), &SOURCE.replace("NAME", "words"));
}

fn hpy(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-hpy"))
        .arg("hpy")
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The last line that a command prints, which must succeed.
fn made(arguments: &[&str], folder: &Path) -> PathBuf {
    let output = hpy(arguments, folder);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let line = text(&output.stdout).lines().last().unwrap().to_owned();
    folder.join(line)
}

/// The command must fail, and say all of `parts`.
fn refused(arguments: &[&str], folder: &Path, parts: &[&str]) {
    let output = hpy(arguments, folder);
    let errors = text(&output.stderr);
    assert!(!output.status.success(), "{errors}");
    for part in parts {
        assert!(errors.contains(part), "no {part:?} in:\n{errors}");
    }
}

/// The file in a wheel, or the list of all files if no name is given.
fn in_wheel(wheel: &Path, name: &str) -> String {
    let code = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n\
                sys.stdout.write(z.read(sys.argv[2]).decode() if sys.argv[2] \
                else '\\n'.join(z.namelist()))";
    let python = Interpreter::find(None).unwrap();
    let output = Command::new(python.path)
        .args(["-c", code])
        .arg(wheel)
        .arg(name)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}
