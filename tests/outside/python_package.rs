//! The Python package `hpy`: what it makes of extensions written in C, and how it gets on with
//! PyPI's hpy.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use hpy_tests::environment::Environment;
use hpy_tests::plan::Plan;
use hpy_tests::{checkout, printed, python_package, target, topics};

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
    let package = python_package::build(&target(), None).unwrap();
    let environment = Environment::prepare(&target()).unwrap();
    let mut command = python(&environment.python, &package);
    command
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .args(
            ["test_loading.py", "test_trace_mode.py"]
                .map(|file| checkout().join("tests/python_package").join(file)),
        )
        .env("HPY_TEST_MADE", &folder)
        .current_dir(&folder);
    let said = printed(&mut command);
    assert!(
        said.contains(" passed") && !said.contains("skipped"),
        "{said}"
    );
}

/// What it says of PyPI's hpy needs PyPI, and a Python that this has a wheel for.
#[cfg(target_os = "linux")]
#[test]
fn the_wheel_is_installed_and_uninstalled() {
    let folder = folder("wheel");
    let wheel = python_package::wheel(&target(), None).unwrap();
    let before = std::fs::read(&wheel).unwrap();
    assert_eq!(python_package::wheel(&target(), None).unwrap(), wheel);
    assert!(
        std::fs::read(&wheel).unwrap() == before,
        "made again, the wheel has other bytes"
    );
    let environment = Environment::prepare(&target()).unwrap();
    let mut command = Command::new(&environment.python);
    command
        .args(["-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"])
        .arg("--basetemp")
        .arg(&folder)
        .arg(checkout().join("tests/python_package/test_wheel.py"))
        .env("HPY_TEST_WHEEL", &wheel)
        .env("HPY_TEST_CHECKOUT", checkout())
        .env("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        .env_remove("PYTHONPATH")
        .env_remove("PYTHONDONTWRITEBYTECODE");
    let said = printed(&mut command);
    assert!(said.contains(" passed"), "{said}");
    match Environment::lacks_hpy(&environment.interpreter) {
        None => assert!(!said.contains("skipped"), "{said}"),
        Some(reason) => {
            say(&format!(
                "SKIPPED: the wheel was not installed beside PyPI's hpy: {reason}"
            ));
        }
    }
}

/// Needs PyPI, and a Python that its hpy has a wheel for.
#[test]
fn one_file_is_loaded_by_both_packages() {
    let environment = Environment::prepare(&target()).unwrap();
    if let Some(reason) = Environment::lacks_hpy(&environment.interpreter) {
        say(&format!(
            "SKIPPED: nothing was loaded by PyPI's hpy: {reason}"
        ));
        return;
    }
    let wanted = ["globals", "raw_words"];
    let mut found = topics::find(&checkout(), &[]).unwrap();
    found.retain(|topic| wanted.contains(&topic.name.as_str()));
    assert_eq!(found.len(), wanted.len());
    let built = folder("universal");
    let plan = Plan::of(&found).unwrap();
    plan.build(&cargo_hpy::Abi::Universal, None, &built)
        .unwrap();
    let ours = python_package::build(&target(), None).unwrap();
    let ours = ours
        .join("hpy/universal")
        .join(python_package::binary_name());
    let pypis = std::env::join_paths(environment.hpy(&target()).unwrap()).unwrap();
    let mut command = python(&environment.python, Path::new(&pypis));
    command
        .args(["-X", "faulthandler", "-m", "pytest", "-q"])
        .args(["-p", "no:cacheprovider"])
        .arg(checkout().join("tests/python_package/test_two_runtimes.py"))
        .env("HPY_TEST_UNIVERSAL", &built)
        .env("HPY_TEST_OURS", &ours);
    let said = printed(&mut command);
    assert!(
        said.contains(" passed") && !said.contains("skipped"),
        "{said}"
    );
}

/// On standard error itself: what `eprintln!` says is shown of failing tests only.
fn say(line: &str) {
    // Nobody is left to be told that nobody listens.
    let _ = writeln!(std::io::stderr(), "{line}");
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
    printed(&mut command);
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
