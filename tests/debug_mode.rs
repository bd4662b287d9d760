//! Debug mode as people use it: extensions with each mistake on purpose, in Rust and in C, and what
//! the reports say about them.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::Path;
use std::process::Command;

use cargo_hpy::{Abi, BuildRequest, Out};
use hpy_tests::environment::Environment;
use hpy_tests::{checkout, printed, python_package, target};

#[test]
fn each_planted_bug_is_reported_with_its_lines() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("debug_mode");
    let _ = std::fs::remove_dir_all(&folder);
    let (whole, stripped) = (folder.join("whole"), folder.join("stripped"));
    std::fs::create_dir_all(&whole).unwrap();
    std::fs::create_dir_all(&stripped).unwrap();
    build_rust(&whole);
    build_c(&whole);
    for file in std::fs::read_dir(&whole).unwrap() {
        let file = file.unwrap();
        let copy = stripped.join(file.file_name());
        std::fs::copy(file.path(), &copy).unwrap();
        if copy.extension().is_some_and(|end| end == "so") {
            printed(Command::new("strip").arg(&copy));
        }
    }
    let package = python_package::build(&target(), None).unwrap();
    let environment = Environment::prepare(&target()).unwrap();
    let tests = checkout().join("tests/debug_mode");
    let mut command = Command::new(&environment.python);
    command
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp"])
        .arg(folder.join("work"))
        .arg(tests.join("test_debug_mode.py"))
        .env("HPY_TEST_PLANTED", &folder)
        .env("HPY_TEST_PACKAGE", &package)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        .env_remove("HPY")
        .env_remove("HPY_LOG")
        .env_remove("NO_COLOR")
        .env_remove("PYTHONPATH");
    let said = printed(&mut command);
    assert!(
        said.contains(" passed") && !said.contains("skipped"),
        "{said}"
    );
}

/// `cargo hpy run --debug`: one word, and the line is there.
#[test]
fn the_tool_runs_a_program_in_debug_mode() {
    let python = cargo_hpy::Interpreter::find(None).unwrap();
    let mut command = Command::new(env!("CARGO"));
    command
        .args([
            "run",
            "--quiet",
            "--package",
            "cargo-hpy",
            "--no-default-features",
            "--",
        ])
        .args([
            "run",
            "tests/debug_mode/planted_bugs",
            "--debug",
            "--python",
        ])
        .arg(&python.path)
        .args(["--", "one"])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env_remove("HPY")
        .env_remove("PYTHONPATH")
        .current_dir(checkout());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "4 ['one']\n");
    let line = format!("{SOURCE}:{} in `", line_of("leak"));
    for part in [&line, "main.py:5", "hpy.debug: 1 handle leaked in 1 place"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

/// The line with the comment `BUG: name`.
fn line_of(bug: &str) -> usize {
    let code = std::fs::read_to_string(checkout().join(SOURCE)).unwrap();
    let mark = format!("// BUG: {bug}");
    let is_marked = |line: &str| line.ends_with(&mark);
    code.lines().position(is_marked).unwrap() + 1
}

/// The feature `debug-handles`, in the CPython ABI.
#[test]
fn an_extension_reports_its_own_leaks() {
    let environment = Environment::prepare(&target()).unwrap();
    let build = target().join("hpy/debug-handles");
    printed(
        Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "hpy-test-planted-bugs"])
            .args(["--features", "debug-handles", "--target-dir"])
            .arg(&build)
            .env("HPY_PYTHON", &environment.interpreter.path)
            .current_dir(checkout()),
    );
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("debug_handles");
    std::fs::create_dir_all(&folder).unwrap();
    let library = format!("{DLL_PREFIX}planted_rust{DLL_SUFFIX}");
    let name = format!("planted_rust{}", environment.interpreter.ext_suffix);
    std::fs::copy(build.join("debug").join(library), folder.join(name)).unwrap();
    let output = Command::new(&environment.python)
        .args(["-c", LEAKS])
        .env("PYTHONPATH", &folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    // Once for each line, and nothing for the function that leaks nothing.
    let lines: Vec<_> = said
        .lines()
        .filter(|line| line.starts_with("hpy: "))
        .collect();
    let expected = ["leak", "leak_number", "leak_float"]
        .map(|bug| format!("planted_bugs/src/lib.rs:{} was never closed", line_of(bug)));
    assert_eq!(lines.len(), expected.len(), "{said}");
    for (line, end) in lines.iter().zip(expected) {
        assert!(line.ends_with(&end), "{said}");
    }
}

const SOURCE: &str = "tests/debug_mode/planted_bugs/src/lib.rs";

const LEAKS: &str = "
import planted_rust
planted_rust.clean('word')
for _ in range(3):
    planted_rust.leak('word')
planted_rust.leak_in_two_places(2)
";

fn build_rust(out: &Path) {
    let manifest = checkout().join("tests/debug_mode/planted_bugs/Cargo.toml");
    let mut request = BuildRequest::new(manifest, Abi::Universal);
    request.out = Out::Folder(out.to_path_buf());
    request.quiet = true;
    request.target = Some(target());
    cargo_hpy::build(&request).unwrap();
}

/// Without HPy's headers and without Python's.
fn build_c(out: &Path) {
    printed(
        Command::new("cc")
            .args([
                "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o",
            ])
            .arg(out.join("planted_c.hpy0.so"))
            .arg(checkout().join("tests/debug_mode/planted_c.c")),
    );
    let loader = hpy_runtime::loader("planted_c", "planted_c.hpy0.so");
    std::fs::write(out.join("planted_c.py"), loader).unwrap();
}
