//! The Python package `hpy`: what it makes of extensions written in C, and how it gets on with PyPI's hpy.

use std::path::{Path, PathBuf};
use std::process::Command;

use hpy_tests::environment::Environment;
use hpy_tests::{checkout, python_package, target};

/// Extensions that are all the same file, but for what is defined when it is compiled.
const MADE: [(&str, &[&str]); 11] = [
    ("good", &[]),
    ("exec_fails", &["-DEXEC_FAILS"]),
    ("creates", &["-DCREATES"]),
    ("major", &["-DMAJOR=999"]),
    ("minor", &["-DMINOR=1"]),
    ("no_version", &["-DNO_VERSION"]),
    ("no_context", &["-DNO_CONTEXT"]),
    ("no_init", &["-DNO_INIT"]),
    ("no_definition", &["-DNO_DEFINITION"]),
    ("state", &["-DSTATE=8"]),
    ("slot", &["-DSLOT=6"]),
];

#[test]
fn extensions_in_c_are_loaded_or_refused() {
    let folder = folder("made");
    for (kind, defines) in MADE {
        compile(&folder.join(kind), defines);
    }
    let package = python_package::build(&target()).unwrap();
    let environment = Environment::prepare(&target()).unwrap();
    let mut command = python(&environment.python, &package);
    command
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .arg(checkout().join("tests/python_package/test_loading.py"))
        .env("HPY_TEST_MADE", &folder)
        .current_dir(&folder);
    let said = run(&mut command);
    assert!(
        said.contains(" passed") && !said.contains("skipped"),
        "{said}"
    );
}

/// Compiles `made.c` without HPy's headers and without Python's.
fn compile(folder: &Path, defines: &[&str]) {
    std::fs::create_dir_all(folder).unwrap();
    let mut command = Command::new("cc");
    command
        .args(["-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"])
        .args(defines)
        .arg("-o")
        .arg(folder.join("made.hpy0.so"))
        .arg(checkout().join("tests/python_package/made.c"));
    run(&mut command);
}

/// An empty folder of one test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("python_package")
        .join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// An interpreter that finds `package`, and nothing of this process' environment.
fn python(python: &Path, package: &Path) -> Command {
    let mut command = Command::new(python);
    command
        .env("PYTHONPATH", package)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        .env_remove("HPY")
        .env_remove("HPY_LOG");
    command
}

/// What it printed; that it fails, fails the test.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{said}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    said
}
