//! What a user of the README does: a new crate outside this workspace that depends only on `hpy`.
//!
//! It is one test, as each step stands on the one before: build, import, test, switch ABI and back,
//! change a line.

use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_hpy::Interpreter;

const CODE: &str = r#"use hpy::exceptions::OverflowError;
use hpy::prelude::*;

/// Adds two integers.
#[hpy_method]
fn add(a: i64, b: i64) -> Result<i64> {
    a.checked_add(b).ok_or_else(|| OverflowError::new("too large"))
}

/// The same object twice.
#[hpy_method]
fn twice<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    object.add(object)
}

hpy_module! { name: greeter, methods: [add, twice] }
"#;

const TESTS: &str = r#"
#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(super::add(40, 2).unwrap(), 42);
    }

    #[test]
    fn refuses() {
        let error = super::add(i64::MAX, 1).unwrap_err();
        assert_eq!(error.to_string(), "OverflowError: too large");
    }
}
"#;

const PROGRAM: &str = "import greeter; \
    assert greeter.add(40, 2) == 42; assert greeter.twice('ab') == 'abab'; \
    print(greeter.__file__)";

/// The user's crate, and the interpreter that stands for the machine's.
struct User {
    folder: PathBuf,
    python: Interpreter,
}

#[test]
fn a_crate_outside_the_workspace() {
    let user = User::new();
    user.write("src/lib.rs", CODE);

    // Plain cargo builds it in both ABIs, and what one builds the other leaves alone.
    assert!(compiled(&user.cargo(&["build"])).contains(&"greeter".into()));
    user.cargo(&["build", "--features", "universal"]);
    user.builds_nothing_when_the_tool_switches_abi();
    user.imports_what_the_tool_built();
    user.imports_a_plain_copy();
    user.unit_tests_run();

    // A changed line rebuilds the extension and nothing else.
    user.cargo(&["build"]);
    user.write("src/lib.rs", &CODE.replace("too large", "much too large"));
    assert_eq!(compiled(&user.cargo(&["build"])), ["greeter"]);
    assert_eq!(compiled(&user.tool(&["--abi", "cpython"])), ["greeter"]);

    std::fs::remove_dir_all(&user.folder).unwrap();
}

impl User {
    fn new() -> User {
        let folder = std::env::temp_dir().join(format!("hpy-outside-user-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let parent = folder.parent().unwrap();
        run(Command::new(cargo())
            .args([
                "new",
                "--quiet",
                "--lib",
                "--vcs=none",
                "--name=greeter",
                "--edition=2024",
            ])
            .arg(&folder)
            .current_dir(parent));
        let user = User {
            folder,
            python: Interpreter::find(None).unwrap(),
        };
        let made = std::fs::read_to_string(user.folder.join("Cargo.toml")).unwrap();
        let (package, _) = made.split_once("[dependencies]").unwrap();
        // The three lines of the README; the path stands for the published crate.
        let hpy = hpy_tests::checkout().join("hpy");
        let manifest = format!(
            "{package}\n[lib]\ncrate-type = [\"cdylib\"]\n\n\
             [dependencies]\nhpy = {{ path = {:?} }}\n\n\
             [features]\nuniversal = [\"hpy/universal\"]\n",
            hpy.display().to_string()
        );
        user.write("Cargo.toml", &manifest);
        // The versions that are locked here are there without the network.
        std::fs::copy(
            hpy_tests::checkout().join("Cargo.lock"),
            user.folder.join("Cargo.lock"),
        )
        .unwrap();
        user
    }

    /// The tool has a target folder per ABI: going to and fro compiles each once.
    fn builds_nothing_when_the_tool_switches_abi(&self) {
        for abi in ["cpython", "universal"] {
            assert!(compiled(&self.tool(&["--abi", abi])).contains(&"greeter".into()));
        }
        for abi in ["cpython", "universal", "cpython"] {
            let said = self.tool(&["--abi", abi]);
            assert_eq!(compiled(&said), [""; 0], "{said}");
        }
    }

    fn imports_what_the_tool_built(&self) {
        let out = self.folder.join("built");
        self.tool(&["--abi", "cpython", "--out", out.to_str().unwrap()]);
        let file = out.join(format!("greeter{}", self.python.ext_suffix));
        assert!(file.is_file(), "{} is missing", file.display());
        assert_eq!(self.program(&out), file.display().to_string());
    }

    /// `cp target/debug/libgreeter.so greeter$(python3-config --extension-suffix)`
    fn imports_a_plain_copy(&self) {
        self.cargo(&["build"]);
        let library = format!(
            "{}greeter{}",
            std::env::consts::DLL_PREFIX,
            std::env::consts::DLL_SUFFIX
        );
        let out = self.folder.join("copied");
        std::fs::create_dir_all(&out).unwrap();
        let file = out.join(format!("greeter{}", self.python.ext_suffix));
        std::fs::copy(self.folder.join("target/debug").join(library), &file).unwrap();
        assert_eq!(self.program(&out), file.display().to_string());
    }

    /// What the crate does without Python, errors included, is tested without it in either ABI.
    fn unit_tests_run(&self) {
        self.write("src/lib.rs", &format!("{CODE}{TESTS}"));
        for features in [&[][..], &["--features", "universal"]] {
            let said = self.cargo(&[&["test"], features].concat());
            assert!(said.contains("2 passed"), "{said}");
        }
        // One that does need Python says so, and how to go on.
        let touching = TESTS.replace(
            "assert_eq!(super::add(40, 2).unwrap(), 42);",
            "unsafe { hpy::sys::HPyErr_Clear(std::ptr::null_mut()) };",
        );
        self.write("src/lib.rs", &format!("{CODE}{touching}"));
        let output = self.command(cargo()).arg("test").output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains("this test uses Python"),
            "{said}"
        );
        self.write("src/lib.rs", CODE);
    }

    /// The path that the module was imported from, in an interpreter without any package.
    fn program(&self, folder: &Path) -> String {
        let mut command = self.command(&self.python.path);
        let said = run(command
            .args(["-S", "-c", PROGRAM])
            .env("PYTHONPATH", folder)
            // `-c` imports from where it is started first.
            .current_dir(self.folder.join("src")));
        said.trim().to_owned()
    }

    fn cargo(&self, arguments: &[&str]) -> String {
        run(self.command(cargo()).args(arguments))
    }

    /// `cargo hpy build`, as this checkout's alias runs it.
    fn tool(&self, arguments: &[&str]) -> String {
        let mut command = self.command(cargo());
        run(command
            .args(["hpy", "build"])
            .arg(&self.folder)
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .current_dir(hpy_tests::checkout()))
    }

    /// A command as a user's shell starts it: with nothing of the `cargo test` that runs this.
    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("CARGO_") && name != "CARGO_HOME" || name.starts_with("PYTHON") {
                command.env_remove(name);
            }
        }
        command
            .env("CARGO_TERM_COLOR", "never")
            .env("HPY_PYTHON", &self.python.path)
            .env_remove("VIRTUAL_ENV")
            .current_dir(&self.folder);
        command
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.folder.join(file), text).unwrap();
    }
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".into())
}

/// The names of the packages that cargo says it compiled.
fn compiled(said: &str) -> Vec<String> {
    said.lines()
        .filter_map(|line| line.trim().strip_prefix("Compiling "))
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}

/// What a successful command printed, on both streams.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{command:?} failed\n{said}");
    said
}
