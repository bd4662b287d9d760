//! The universal ABI: the example of `docs/raw-api.md` with the runtime that it carries, on the
//! machine's Python.

use std::path::Path;
use std::process::Command;

fn output(command: &mut Command) -> String {
    let output = command.output().expect("the command can be run");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn the_example_of_the_guide() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("universal-abi");
    output(
        Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--example", "rawapi"])
            .args(["--no-default-features", "--features", "runtime"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("CARGO_TARGET_DIR", &target),
    );
    let library = target.join("debug/examples").join(format!(
        "{}rawapi{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    ));
    let test = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rawapi.py");
    let python = std::env::var("HPY_PYTHON").unwrap_or_else(|_| "python3".into());
    let said = output(Command::new(python).arg(test).arg(library));
    assert_eq!(said, "ok");
}
