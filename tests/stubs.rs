//! Stubs are the same whichever ABI they are read from, and say what the modules have at run time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use cargo_hpy::{Abi, BuildRequest, Interpreter, Out, build, read_description, stubs};

/// Functions, classes of all kinds, conversions, submodules, several modules in one library.
const PACKAGES: [&str; 11] = [
    "quickstart",
    "point",
    "hpy-test-class-options",
    "hpy-test-conversions",
    "hpy-test-data-enums",
    "hpy-test-derive",
    "hpy-test-enums",
    "hpy-test-exceptions",
    "hpy-test-many-interpreters",
    "hpy-test-struct-sequences",
    "hpy-test-types-in-rust",
];

fn request(abi: Abi) -> BuildRequest {
    let mut request = BuildRequest::new(hpy_tests::checkout().join("Cargo.toml"), abi);
    request.packages = PACKAGES.map(str::to_owned).to_vec();
    request.quiet = true;
    request
}

/// mypy's command, in a virtual environment. Only the first run needs PyPI for it.
fn mypy(python: &Interpreter, target: &Path) -> PathBuf {
    let folder = target
        .join("hpy/tests/environments")
        .join(format!("{}-mypy", python.key()));
    let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    if !bin.join("mypy").exists() {
        let status = Command::new(&python.path)
            .args(["-m", "venv"])
            .arg(&folder)
            .status();
        assert!(status.unwrap().success(), "no virtual environment");
        let status = Command::new(bin.join("python"))
            .args(["-m", "pip", "install", "--quiet", "mypy>=1.15,<3"])
            .status();
        assert!(status.unwrap().success(), "mypy could not be installed");
    }
    bin.join("mypy")
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hpy-stubs-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn stubs_are_the_same_in_both_abis_and_true_at_run_time() {
    let python = Interpreter::find(None).unwrap();
    let abis = [Abi::CPython(python.clone()), Abi::Universal];
    let [native, universal] = abis.clone().map(|abi| stubs(&request(abi), false).unwrap());
    for (one, other) in native.iter().zip(&universal) {
        assert_ne!(one.library, other.library);
        assert_eq!(
            read_description(&one.library).unwrap(),
            read_description(&other.library).unwrap()
        );
        assert_eq!(one.files, other.files);
    }
    let stub = |file: &str| {
        let mut files = native.iter().flat_map(|package| &package.files);
        &files.find(|(path, _)| path == Path::new(file)).unwrap().1
    };
    assert!(stub("types_in_rust.pyi").contains(
        "    DIMENSIONS: typing.ClassVar[int]\n    \"\"\"How many numbers it takes.\"\"\"\n"
    ));
    assert!(
        stub("conversions.pyi")
            .contains("def none_by_default(value: None = None, more: None = None)")
    );
    for abi in abis {
        let out = folder(&abi.key());
        for (file, text) in native.iter().flat_map(|package| &package.files) {
            let path = out.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let mut request = request(abi);
        request.out = Out::Folder(out.clone());
        let built = build(&request).unwrap();
        // What people build has none of it.
        for package in &built.packages {
            let error = read_description(&package.library).unwrap_err();
            assert!(error.to_string().contains("describes no module"), "{error}");
        }
        let output = Command::new(&python.path)
            .arg("-B")
            .arg(hpy_tests::checkout().join("tests/stubs.py"))
            .arg(&out)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        if request.abi.key() == "universal" {
            let output = Command::new(mypy(&python, &built.target))
                .args(["--strict", "--cache-dir", "mypy-cache", "."])
                // `--strict` looks only at named files, and at no Python file beside them.
                .args(["--exclude", r"\.py$"])
                .current_dir(&out)
                .output()
                .unwrap();
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{text}");
        }
        fs::remove_dir_all(out).unwrap();
    }
}

#[test]
fn the_command_writes_stubs_and_checks_them() {
    let out = folder("command");
    let quickstart = hpy_tests::checkout().join("examples/quickstart");
    let run = |more: &[&str]| {
        let arguments = ["cargo-hpy", "stubs"].map(Into::into);
        let paths = [
            quickstart.clone().into(),
            "--out".into(),
            out.clone().into(),
        ];
        let more = more.iter().map(Into::into);
        cargo_hpy::cli::main(arguments.into_iter().chain(paths).chain(more))
    };
    let is_good = |code: ExitCode| format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS);
    // There is none yet.
    assert!(!is_good(run(&["--check"])));
    assert!(!out.join("quickstart.pyi").exists());
    assert!(is_good(run(&[])));
    let text = fs::read_to_string(out.join("quickstart.pyi")).unwrap();
    assert!(
        text.contains("def greet(name: str, /, times: int = 1, *, end: str = '!') -> str:\n"),
        "{text}"
    );
    assert!(!out.join("py.typed").exists());
    assert!(is_good(run(&["--check"])));
    fs::write(out.join("quickstart.pyi"), "").unwrap();
    assert!(!is_good(run(&["--check"])));
    assert_eq!(fs::read(out.join("quickstart.pyi")).unwrap(), b"");
    // What somebody wrote by hand stays, until it is said that it need not.
    let by_hand = "def greet(name: str) -> str: ...\n";
    fs::write(out.join("quickstart.pyi"), by_hand).unwrap();
    assert!(!is_good(run(&[])));
    assert!(!is_good(run(&["--check"])));
    assert_eq!(
        fs::read_to_string(out.join("quickstart.pyi")).unwrap(),
        by_hand
    );
    assert!(is_good(run(&["--force"])));
    assert_eq!(
        fs::read_to_string(out.join("quickstart.pyi")).unwrap(),
        text
    );
    // One of its own it brings up to date.
    fs::write(
        out.join("quickstart.pyi"),
        "# Written by cargo hpy stubs.\n\nOLD: int\n",
    )
    .unwrap();
    assert!(is_good(run(&[])));
    assert_eq!(
        fs::read_to_string(out.join("quickstart.pyi")).unwrap(),
        text
    );
    // What the module had been described by when it had others in it.
    fs::create_dir(out.join("quickstart")).unwrap();
    fs::write(out.join("quickstart/__init__.pyi"), "").unwrap();
    assert!(!is_good(run(&[])));
    assert!(!is_good(run(&["--check"])));
    fs::remove_dir_all(out.join("quickstart")).unwrap();
    // A package says that it has annotations.
    fs::write(out.join("__init__.py"), "").unwrap();
    assert!(is_good(run(&[])));
    assert!(is_good(run(&["--check"])));
    assert!(out.join("py.typed").exists());
    fs::write(out.join("py.typed"), "partial\n").unwrap();
    assert!(is_good(run(&[])));
    assert!(is_good(run(&["--check"])));
    assert_eq!(fs::read(out.join("py.typed")).unwrap(), b"partial\n");
    fs::remove_dir_all(out).unwrap();
}
