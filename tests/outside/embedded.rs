//! Rust programs and Rust tests that run in an interpreter which they find when they run.
//!
//! A machine whose Python has no shared library passes, and the output says why.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const FAILING: &str = include_str!("failing/lib.rs");

/// What `#[hpy::test]` prints where no interpreter can be embedded.
const SKIPPED: &str = "SKIPPED: the tests with #[hpy::test]";

#[test]
fn the_example_with_tests_passes() {
    let folder = hpy_tests::checkout().join("examples/tested");
    let output = cargo(&["test", "--lib"], &folder);
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("6 passed"), "{said}");
    if let Some(reason) = skipped(&said) {
        println!("{reason}");
    }
    // Builds without tests have the ABI that they ask for.
    let tree = ["tree", "--edges=normal,features", "--prefix=none"];
    let tree = text(&cargo(&tree, &folder));
    assert!(tree.contains("feature \"cpython\""), "{tree}");
    assert!(!tree.contains("feature \"embed\""), "{tree}");
}

#[test]
fn the_example_that_embeds_python_runs() {
    let folder = hpy_tests::checkout().join("examples/plugins");
    let run = |rules: &Path| {
        let arguments = ["run", "--quiet", "--features", "embed", "--"];
        cargo(
            &[&arguments[..], &[rules.to_str().unwrap()]].concat(),
            &folder,
        )
    };
    let output = run(&folder.join("rules.py"));
    let said = text(&output);
    if said.contains("shared library") {
        println!("skipped: {said}");
        return;
    }
    assert!(output.status.success(), "{said}");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        expected().to_string()
    );

    // A mistake in Python is shown as Python shows it, and what was printed before is not lost.
    let wrong = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("wrong.py");
    let code = "import atexit\natexit.register(print, 'at exit')\nprint('begun')\nundefined\n";
    std::fs::write(&wrong, code).unwrap();
    let output = run(&wrong);
    let said = text(&output);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("line 4, in <module>"), "{said}");
    assert!(
        said.contains("NameError: name 'undefined' is not defined"),
        "{said}"
    );
    let printed: Vec<_> = said
        .lines()
        .filter(|line| ["begun", "at exit"].contains(line))
        .collect();
    assert_eq!(printed, ["begun", "at exit"], "{said}");
}

/// What the rules of the example make of its orders.
fn expected() -> u64 {
    let mut sum = 0;
    for first in 0..4u64 {
        for number in 0..1000 {
            let count = 1 + (first + number) % 12;
            sum += match number % 100 {
                _ if count >= 10 => count * 250 * 9 / 10,
                0 => 0,
                _ => count * 250,
            };
        }
    }
    sum
}

#[test]
fn failures_show_what_plain_tests_show_and_the_traceback() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failing");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let hpy = hpy_tests::checkout().join("hpy");
    let hpy = hpy.display().to_string();
    let manifest = format!(
        "[package]\nname = \"failing\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n\
         [dependencies]\nhpy = {{ path = {hpy:?}, features = [\"embed\", \"debug-handles\"] }}\n\n\
         [workspace]\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(folder.join("src/lib.rs"), FAILING).unwrap();
    let lock = hpy_tests::checkout().join("Cargo.lock");
    std::fs::copy(lock, folder.join("Cargo.lock")).unwrap();

    let output = cargo(&["test", "--lib"], &folder);
    let said = text(&output);
    if let Some(reason) = skipped(&said) {
        println!("{reason}");
        return;
    }
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("5 passed; 5 failed; 1 ignored"), "{said}");
    for name in [
        "traceback",
        "assertion",
        "panic_behind_python",
        "other_result",
        "leak",
    ] {
        assert!(
            said.contains(&format!("test {name} ... FAILED")),
            "{name}: {said}"
        );
    }

    let of = |name| section(&said, name);
    let line = |words: &str| {
        1 + FAILING
            .lines()
            .position(|line| line.contains(words))
            .unwrap()
    };
    let traceback = of("traceback");
    let at = line("ctx.run(code, None, None)?");
    let expected = format!(
        "printed by Rust\nprinted by Python\n\
         test `traceback` failed at src/lib.rs:{at}:5:\n\
         Traceback (most recent call last):\n"
    );
    assert!(traceback.starts_with(&expected), "{traceback}");
    assert!(traceback.contains("line 4, in <module>\n"), "{traceback}");
    assert!(traceback.contains("line 3, in ratio\n"), "{traceback}");
    assert!(
        traceback.contains("\nZeroDivisionError: division by zero"),
        "{traceback}"
    );

    let assertion = of("assertion");
    let at = line("assert_eq!(answer, 43");
    assert!(
        assertion.contains(&format!("panicked at src/lib.rs:{at}:5:\n")),
        "{assertion}"
    );
    assert!(
        assertion.contains("the answer\n  left: 42\n right: 43"),
        "{assertion}"
    );

    let panic = of("panic_behind_python");
    let at = line("assert!(number % 2 == 0");
    assert!(
        panic.contains(&format!("panicked at src/lib.rs:{at}:5:\n3 is odd")),
        "{panic}"
    );

    let other = of("other_result");
    let at = line("fn other_result") - 1;
    assert!(
        other.contains(&format!("failed at src/lib.rs:{at}:\n")),
        "{other}"
    );
    assert!(
        other.contains("AttributeError: module 'failing' has no attribute"),
        "{other}"
    );

    let leak = of("leak");
    let at = line("std::mem::forget");
    assert!(leak.contains("has not closed all handles"), "{leak}");
    assert!(leak.contains(&format!("src/lib.rs:{at}")), "{leak}");
}

/// What the harness shows of a failed test.
fn section<'a>(said: &'a str, name: &str) -> &'a str {
    let begin = format!("---- {name} stdout ----\n");
    let (_, rest) = said
        .split_once(&begin)
        .unwrap_or_else(|| panic!("no {begin} in {said}"));
    rest.split("\n---- ").next().unwrap_or(rest)
}

/// The reason why nothing was run, if so.
fn skipped(said: &str) -> Option<&str> {
    said.find(SKIPPED)
        .map(|at| said[at..].split("\n\n").next().unwrap_or_default())
}

/// As a user's shell starts it, for the same Python as all tests.
fn cargo(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_") && name != "CARGO_HOME" || name.starts_with("RUST_") {
            command.env_remove(name);
        }
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("embedded");
    command
        .args(arguments)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TARGET_DIR", target)
        .env_remove("HPY_TEST_REQUIRED")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    let stream = |bytes| String::from_utf8_lossy(bytes).into_owned();
    stream(&output.stdout) + &stream(&output.stderr)
}
