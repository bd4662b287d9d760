//! Runs the command on small extensions made for it: see `extension/lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cargo_hpy::{Abi, BuildRequest, Interpreter, Out, build};

const SOURCE: &str = include_str!("extension/lib.rs");

/// A folder of this test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(path: PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// An extension of one module `name`; `manifest` is what its manifest says besides its name.
fn extension(folder: &Path, name: &str, manifest: &str) {
    let package = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n{manifest}");
    write(folder.join("Cargo.toml"), &package);
    write(folder.join("src/lib.rs"), &SOURCE.replace("NAME", name));
}

const COMPLETE: &str =
    "[lib]\ncrate-type = [\"cdylib\"]\n[features]\nuniversal = []\nsecond = []\n";

fn alone(manifest: &str) -> String {
    format!("{manifest}\n[workspace]\n")
}

fn hpy(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-hpy"))
        .arg("hpy")
        .args(arguments)
        .current_dir(folder)
        // Each test's own, so that they can run at once.
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
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

#[test]
fn run_imports_the_fresh_build_and_passes_arguments_and_exit_code_on() {
    let folder = folder("run");
    extension(&folder, "fresh", &alone(COMPLETE));
    // An older build beside main.py, which comes first on a script's module search path.
    write(folder.join("fresh.py"), "raise RuntimeError('stale')");
    write(folder.join("neighbour.py"), "");
    write(
        folder.join("main.py"),
        "'''What it is.'''\n\
         import subprocess, sys, fresh, neighbour\n\
         assert __name__ == '__main__' and __doc__ == 'What it is.'\n\
         assert sys.modules['__main__'].__file__ == __file__\n\
         subprocess.run([sys.executable, '-c', 'import fresh; fresh.answer()'],\n\
         check=True, cwd='/')\n\
         print(fresh.answer(), sys.argv[1:])\n\
         sys.exit(7)\n",
    );
    for _ in 0..2 {
        let output = hpy(&["run", ".", "--", "-x", "two words"], &folder);
        assert_eq!(output.status.code(), Some(7), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "42 ['-x', 'two words']\n");
    }
    let output = hpy(&["run"], &folder);
    assert!(
        text(&output.stderr).contains("Finished"),
        "cargo's progress passes through"
    );
    assert!(
        !text(&output.stderr).contains("Compiling"),
        "nothing is built twice"
    );
}

#[test]
fn build_puts_a_file_with_the_interpreters_own_suffix_beside_the_manifest() {
    let folder = folder("build");
    extension(&folder, "placed", &alone(COMPLETE));
    let output = hpy(&["build", "."], &folder);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let python = Interpreter::find(None).unwrap();
    assert!(
        folder
            .join(format!("placed{}", python.ext_suffix))
            .is_file()
    );
    let imported = Command::new(&python.path)
        .args(["-c", "import placed; print(placed.answer())"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(text(&imported.stdout), "42\n", "{}", text(&imported.stderr));
}

#[test]
fn a_universal_build_asks_no_python_and_says_what_hides_it() {
    let folder = folder("universal");
    extension(
        &folder,
        "both",
        &alone(&format!("{COMPLETE}default = [\"second\"]\n")),
    );
    write(folder.join("both.cpython-311-x86_64-linux-gnu.so"), "older");
    let output = hpy(
        &[
            "build",
            ".",
            "--abi",
            "universal",
            "--python",
            "no-such-python",
        ],
        &folder,
    );
    let errors = text(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(
        errors.contains("both.cpython-311-x86_64-linux-gnu.so is imported instead"),
        "{errors}"
    );
    let mut files: Vec<_> = text(&output.stdout)
        .lines()
        .map(|line| {
            Path::new(line)
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    files.sort();
    let binary = if cfg!(windows) {
        "both.hpy0.pyd"
    } else {
        "both.hpy0.so"
    };
    assert_eq!(files, [binary, "both.py", "second.py"]);
    let second = fs::read_to_string(folder.join("second.py")).unwrap();
    assert!(
        second.contains(binary) && second.contains("(\"second\", name,"),
        "{second}"
    );
}

#[test]
fn a_hybrid_build_is_for_one_version_and_tells_build_scripts_which() {
    let folder = folder("hybrid");
    let python = Interpreter::find(None).unwrap();
    extension(
        &folder,
        "mixed",
        &alone(&format!("{COMPLETE}hybrid = [\"universal\"]\n")),
    );
    write(
        folder.join("build.rs"),
        "fn main() {\n\
         for name in [\"HPY_PYTHON\", \"PYO3_PYTHON\", \"PYO3_BUILD_EXTENSION_MODULE\"] {\n\
         println!(\"cargo::warning={name}={}\", std::env::var(name).unwrap()) } }",
    );
    let output = hpy(&["build", ".", "--abi", "hybrid"], &folder);
    let errors = text(&output.stderr);
    assert!(output.status.success(), "{errors}");
    for said in [
        format!("HPY_PYTHON={}", python.path.display()),
        format!("PYO3_PYTHON={}", python.path.display()),
        "PYO3_BUILD_EXTENSION_MODULE=1".to_owned(),
    ] {
        assert!(errors.contains(&said), "no {said} in:\n{errors}");
    }
    let (major, minor, _) = python.version;
    let end = if cfg!(windows) { "pyd" } else { "so" };
    let binary = format!("mixed.hpy0-cp{major}{minor}{}.{end}", python.abi_flags);
    assert!(folder.join(&binary).is_file(), "no {binary}");
    let loader = fs::read_to_string(folder.join("mixed.py")).unwrap();
    assert!(loader.contains("\"mixed.hpy0-%s."), "{loader}");

    extension(&folder, "mixed", &alone(COMPLETE));
    refused(
        &["build", "--abi", "hybrid"],
        &folder,
        &[
            "no feature \"hybrid\", which HPy's hybrid form needs",
            "hybrid = [\"hpy/hybrid\"]",
        ],
    );
}

#[test]
fn a_change_of_abi_and_back_builds_nothing_again_and_a_changed_line_its_own_package_only() {
    let folder = folder("again");
    extension(
        &folder,
        "changing",
        &alone(&format!(
            "{COMPLETE}[dependencies]\nsteady = {{ path = \"steady\" }}\n"
        )),
    );
    write(
        folder.join("steady/Cargo.toml"),
        "[package]\nname = \"steady\"\nedition = \"2024\"\n",
    );
    write(folder.join("steady/src/lib.rs"), "");
    let compiled = |abi: &str| {
        let output = hpy(&["build", "--abi", abi], &folder);
        let errors = text(&output.stderr);
        assert!(output.status.success(), "{errors}");
        ["changing", "steady"].map(|name| errors.contains(&format!("Compiling {name} ")))
    };
    assert_eq!(compiled("cpython"), [true, true]);
    assert_eq!(compiled("universal"), [true, true]);
    assert_eq!(compiled("cpython"), [false, false]);
    assert_eq!(compiled("universal"), [false, false]);
    write(
        folder.join("src/lib.rs"),
        &format!("{}\n// changed", SOURCE.replace("NAME", "changing")),
    );
    assert_eq!(compiled("cpython"), [true, false]);
}

#[test]
fn several_packages_of_a_workspace_are_built_at_once() {
    let folder = folder("several");
    write(
        folder.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\", \"three\"]\n",
    );
    for name in ["one", "two", "three"] {
        extension(&folder.join(name), name, COMPLETE);
    }
    let python = Interpreter::find(None).unwrap();
    for abi in [Abi::CPython(python), Abi::Universal] {
        let mut request = BuildRequest::new(folder.join("Cargo.toml"), abi.clone());
        request.packages = vec!["two".into(), "one".into()];
        request.out = Out::Folder(folder.join("out").join(abi.key()));
        let built = build(&request).unwrap();
        let names: Vec<_> = built
            .packages
            .iter()
            .map(|package| package.modules[0].name.as_str())
            .collect();
        assert_eq!(names, ["two", "one"]);
        for package in &built.packages {
            assert!(package.modules[0].files.iter().all(|file| file.is_file()));
            assert_eq!(package.folder, folder.join(&package.name));
        }
    }
    refused(
        &["build", "."],
        &folder,
        &["is a workspace without a package of its own", "three"],
    );
}

#[test]
fn what_is_missing_is_named_with_what_to_write() {
    let folder = folder("missing");
    refused(&["build", "nowhere"], &folder, &["nowhere is not a folder"]);
    refused(&["build", "."], &folder, &["has no Cargo.toml"]);
    extension(&folder, "lacking", &alone(""));
    refused(
        &["run", "."],
        &folder,
        &["there is no ./main.py", "cargo hpy build"],
    );
    refused(
        &["build", "."],
        &folder,
        &[
            "crate-type = [\"cdylib\"]",
            "universal = [\"hpy/universal\"]",
        ],
    );
    extension(
        &folder,
        "lacking",
        &alone("[lib]\ncrate-type = [\"cdylib\"]\n"),
    );
    refused(
        &["build", "--abi", "universal"],
        &folder,
        &[
            "no feature \"universal\"",
            "universal = [\"hpy/universal\"]",
        ],
    );
    refused(
        &["build", "--python", "no-such-python"],
        &folder,
        &["--python names no-such-python", "HPY_PYTHON"],
    );
}

#[test]
fn a_library_that_exports_no_module_or_is_for_the_other_abi() {
    let folder = folder("exports");
    extension(&folder, "exporting", &alone(COMPLETE));
    write(folder.join("src/lib.rs"), "");
    refused(
        &["build"],
        &folder,
        &["exports no Python module", "hpy_module! { name: exporting"],
    );
    // The feature is there and not passed on, so the code is still the native one.
    write(
        folder.join("src/lib.rs"),
        "#[unsafe(no_mangle)] extern \"C\" fn PyInit_exporting() {}",
    );
    refused(
        &["build", "--abi", "universal"],
        &folder,
        &["must be passed on to hpy"],
    );
    write(
        folder.join("src/lib.rs"),
        "#[unsafe(no_mangle)] extern \"C\" fn HPyInit_exporting() {}",
    );
    refused(
        &["build"],
        &folder,
        &["built for the universal ABI", "default features"],
    );
}

#[test]
fn what_a_build_for_another_target_lacks_is_named() {
    let folder = folder("foreign");
    extension(&folder, "foreign", &alone(COMPLETE));
    // A target that rustup has no standard library for.
    let target = "armv7-unknown-linux-uclibceabihf";
    let for_target = ["build", "--target", target];
    refused(
        &for_target,
        &folder,
        &[
            "standard library for armv7-unknown-linux-uclibceabihf is not installed",
            "rustup target add armv7-unknown-linux-uclibceabihf",
            "CARGO_UNSTABLE_BUILD_STD",
        ],
    );
    refused(
        &["build", "--target", "one-two-three"],
        &folder,
        &["rustc does not build for one-two-three", "target-list"],
    );
    refused(
        &[&for_target[..], &["--abi", "cpython"]].concat(),
        &folder,
        &["no Python for armv7", "--python-version, such as 3.13"],
    );
    refused(
        &["build", "--python-version", "3.8"],
        &folder,
        &["\"3.8\"", "from 3.9 on"],
    );
    write(folder.join("main.py"), "");
    refused(
        &["run", "--python-version", "3.13"],
        &folder,
        &["names no interpreter that could run main.py"],
    );
}

#[test]
fn a_version_of_python_is_built_for_without_one() {
    let folder = folder("version");
    extension(&folder, "versioned", &alone(COMPLETE));
    write(
        folder.join("build.rs"),
        "fn main() {\n\
         for name in [\"VERSION\", \"FREE_THREADED\", \"INT_DIGITS\"] {\n\
         let value = std::env::var(format!(\"HPY_PYTHON_{name}\")).unwrap();\n\
         println!(\"cargo::warning={name} {value}\");\n\
         }\n\
         assert!(std::env::var(\"HPY_PYTHON\").is_err());\n\
         }\n",
    );
    let output = hpy(&["build", "--python-version", "3.14t"], &folder);
    let errors = text(&output.stderr);
    assert!(output.status.success(), "{errors}");
    for part in ["VERSION 3.14", "FREE_THREADED 1", "INT_DIGITS 30"] {
        assert!(errors.contains(part), "no {part:?} in:\n{errors}");
    }
    let file = text(&output.stdout);
    let file = Path::new(file.trim())
        .file_name()
        .unwrap()
        .to_string_lossy();
    let tag = if cfg!(windows) {
        ".cp314t"
    } else {
        ".cpython-314t-"
    };
    assert!(file.contains(tag), "{file}");
}

#[test]
fn a_failed_compilation_shows_the_compilers_words_and_has_cargos_exit_code() {
    let folder = folder("failing");
    extension(&folder, "failing", &alone(COMPLETE));
    write(folder.join("src/lib.rs"), "fn broken() -> i32 { missing }");
    let output = hpy(&["build"], &folder);
    assert_eq!(output.status.code(), Some(101));
    let errors = text(&output.stderr);
    assert!(errors.contains("cannot find value `missing`"), "{errors}");
    assert!(errors.contains("failing could not be built"), "{errors}");
}

#[test]
fn a_python_file_written_by_hand_is_not_overwritten() {
    let folder = folder("by-hand");
    extension(&folder, "taken", &alone(COMPLETE));
    write(folder.join("taken.py"), "by = 'hand'\n");
    refused(
        &["build", "--abi", "universal"],
        &folder,
        &["taken.py is in the way", "--out"],
    );
    assert_eq!(
        fs::read_to_string(folder.join("taken.py")).unwrap(),
        "by = 'hand'\n"
    );
}

/// Commands named `zig` on PATH that stand in for Zig.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn with_zig(script: &str, arguments: &[&str], folder: &Path) -> Output {
    let zig = folder.join("commands/zig");
    write(zig.clone(), script);
    fs::set_permissions(&zig, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let before = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(folder.join("commands")).chain(std::env::split_paths(&before));
    Command::new(env!("CARGO_BIN_EXE_cargo-hpy"))
        .args(["hpy", "build", ".", "--abi", "universal"])
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("PATH", std::env::join_paths(path).unwrap())
        .output()
        .unwrap()
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn linking_for_an_older_glibc_is_left_to_zig_and_checked() {
    let folder = folder("glibc");
    extension(&folder, "aged", &alone(COMPLETE));
    // It links for this machine's glibc, whatever it is told.
    let stand_in = "#!/bin/sh\n[ \"$1\" = version ] && exit\n\
        [ \"$1 $2\" = 'cc -target' ] || exit 1\necho \"$3\" >>targets\nshift 3\n\
        for word do shift; [ \"$word\" = -lunwind ] && word=-lgcc_s; \
        set -- \"$@\" \"$word\"; done\n\
        exec cc \"$@\"\n"
        .replace("targets", &folder.join("targets").display().to_string());
    let built = with_zig(&stand_in, &["--glibc", "2.500"], &folder);
    let errors = text(&built.stderr);
    assert!(built.status.success(), "{errors}");
    assert!(folder.join("aged.hpy0.so").is_file());
    assert!(errors.contains("note: aged needs glibc 2."), "{errors}");
    assert!(!errors.contains("--glibc VERSION"), "{errors}");
    // What is linked for another one is linked anew.
    let built = with_zig(&stand_in, &["--glibc", "2.17"], &folder);
    assert!(built.status.success(), "{}", text(&built.stderr));
    let targets = fs::read_to_string(folder.join("targets")).unwrap();
    let mut versions = targets
        .lines()
        .map(|target| target.split_once("-linux-gnu.").unwrap().1);
    assert_eq!(versions.next(), Some("2.500"));
    assert_eq!(versions.next_back(), Some("2.17"));
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn without_zig_the_error_says_how_to_install_it() {
    let folder = folder("no-zig");
    extension(&folder, "aged", &alone(COMPLETE));
    // A Python that knows itself, and no package ziglang.
    let python = folder.join("commands/some-python");
    write(
        python.clone(),
        "#!/bin/sh\ncase \"$*\" in *ziglang*) exit 1;; esac\n\
         for answer in cpython 3.11.7 '3 11 7' '' .so /usr; do echo \"hpy: $answer\"; done\n",
    );
    fs::set_permissions(&python, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let named = python.display().to_string();
    let built = with_zig(
        "#!/bin/sh\nexit 1\n",
        &["--glibc", "2.17", "--python", &named],
        &folder,
    );
    let errors = text(&built.stderr);
    assert!(!built.status.success(), "{errors}");
    assert!(
        errors.contains(&format!("{named} -m pip install ziglang")),
        "{errors}"
    );

    let built = with_zig("#!/bin/sh\n", &["--glibc", "old"], &folder);
    assert!(text(&built.stderr).contains("such as 2.17"));
}

#[test]
fn stubs_of_what_does_not_use_hpy_are_refused_before_anything_is_built() {
    let folder = folder("stubs");
    extension(&folder, "without", &alone(COMPLETE));
    refused(
        &["stubs"],
        &folder,
        &[
            "without does not depend on hpy",
            "add hpy to [dependencies]",
        ],
    );
    assert!(!folder.join("target").exists());
}
