//! `cargo hpy develop` after a change: what is seen, and what it starts.

use super::*;

/// A script that writes its first argument to a file, a line for each time that it is started, and
/// then runs `program`. The file's path.
fn counting(script: &Path, program: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;

    let log = script.with_extension("log");
    let text = format!(
        "#!/bin/sh\necho \"$1\" >> '{}'\nexec '{}' \"$@\"\n",
        log.display(),
        program.display()
    );
    write(script.to_path_buf(), &text);
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    log
}

/// What was started since the last time.
fn started(log: &Path) -> Vec<String> {
    let text = fs::read_to_string(log).unwrap_or_default();
    let _ = fs::remove_file(log);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_change_is_seen_and_nothing_is_asked_twice() {
    let folder = folder("develop");
    extension(&folder, "");
    let venv = folder.join("venv");
    let made = Command::new(Interpreter::find(None).unwrap().path)
        .args(["-m", "venv"])
        .arg(&venv)
        .status();
    assert!(made.unwrap().success());
    let python = venv.join("bin/python");
    let script = venv.join("bin/counted");
    let pythons = counting(&script, &python);
    let cargo = folder.join("cargo");
    let cargos = counting(&cargo, Path::new(env!("CARGO")));

    let answer = || {
        let output = Command::new(&python)
            .args(["-c", "import words; print(words.answer())"])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    };
    let develop = |abi: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-hpy"))
            .args(["hpy", "develop", "--quiet", "--abi", abi, "--python"])
            .arg(&script)
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env("CARGO", &cargo)
            .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    develop("cpython");
    assert_eq!(answer(), "42");

    let source = folder.join("src/lib.rs");
    let changed = fs::read_to_string(&source).unwrap().replace("(42)", "(43)");
    write(source, &changed);
    for abi in ["cpython", "universal"] {
        // The first time in an ABI, what is installed changes.
        develop(abi);
        let _ = (started(&pythons), started(&cargos));
        develop(abi);
        assert_eq!(started(&pythons), ["-c"]);
        assert_eq!(started(&cargos), ["metadata", "build"]);
        if abi == "cpython" {
            assert_eq!(answer(), "43");
        }
    }
}
