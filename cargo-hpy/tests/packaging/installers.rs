//! What other tools make of an extension, and which of several wheels pip and uv take.

use std::fs;
use std::io::{BufRead, BufReader, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use cargo_hpy::Interpreter;

use crate::{extension, folder, hpy, made, text, write};

/// An index of one folder per distribution, on a port of its own.
struct Index {
    server: Child,
    url: String,
}

impl Index {
    fn serve(folder: &Path, python: &Interpreter) -> Self {
        let mut server = Command::new(&python.path)
            .args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"])
            .arg("--directory")
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // "Serving HTTP on 127.0.0.1 port 8000 (http://127.0.0.1:8000/) ..."
        let mut line = String::new();
        let mut lines = BufReader::new(server.stdout.take().unwrap());
        lines.read_line(&mut line).unwrap();
        let url = line.split(['(', ')']).nth(1).unwrap_or_else(|| {
            panic!("the server says {line:?}");
        });
        Index {
            url: url.to_owned(),
            server,
        }
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A command that knows no other index than the one it is given.
fn installer(program: &Path) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("PIP_") || name.starts_with("UV_") {
            command.env_remove(&*name);
        }
    }
    command.env("NO_PROXY", "127.0.0.1");
    command.env(
        "PIP_CONFIG_FILE",
        if cfg!(windows) { "nul" } else { "/dev/null" },
    );
    command.env("UV_NO_CONFIG", "1");
    command
}

/// uv from PATH, or in a virtual environment. Only the first run needs PyPI for it.
fn uv(python: &Interpreter) -> Result<PathBuf, String> {
    let named = PathBuf::from("uv");
    let on_path = Command::new(&named).arg("--version").output();
    if on_path.is_ok_and(|output| output.status.success()) {
        return Ok(named);
    }
    let environment = environment("uv", &["uv"], python)?;
    Ok(environment.with_file_name(if cfg!(windows) { "uv.exe" } else { "uv" }))
}

/// The Python of a virtual environment with packages of PyPI, which only the first run needs.
fn environment(name: &str, packages: &[&str], python: &Interpreter) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let complete = folder.join("complete");
    let own = match cfg!(windows) {
        true => folder.join("Scripts/python.exe"),
        false => folder.join("bin/python"),
    };
    if complete.is_file() {
        return Ok(own);
    }
    let run = |program: &Path, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        let output = output.map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(()),
            false => Err(text(&output.stderr).replace('\n', " ")),
        }
    };
    run(
        &python.path,
        &["-m", "venv", "--clear", folder.to_str().unwrap()],
    )?;
    run(
        &own,
        &[&["-m", "pip", "install", "--quiet"], packages].concat(),
    )?;
    fs::write(complete, "").map_err(|error| error.to_string())?;
    Ok(own)
}

/// The tag of the wheel that was installed into `site`.
fn installed_tag(site: &Path) -> String {
    let info = fs::read_to_string(site.join("words-1.2.0rc1.dist-info/WHEEL")).unwrap();
    let tag = info.lines().find_map(|line| line.strip_prefix("Tag: "));
    let (python, _platform) = tag.unwrap().rsplit_once('-').unwrap();
    python.to_owned()
}

#[test]
fn installers_prefer_the_wheel_of_their_own_version_to_the_universal_one() {
    let folder = folder("index");
    extension(&folder, "");
    let python = Interpreter::find(None).unwrap();
    made(
        &[
            "wheel",
            "--abi",
            "universal",
            "--abi",
            "cpython",
            "--out",
            "index/words",
        ],
        &folder,
    );
    let index = Index::serve(&folder.join("index"), &python);
    let (major, minor, _) = python.version;
    let own = format!("cp{major}{minor}-cp{major}{minor}{}", python.abi_flags);
    // A version that the CPython wheel is not for.
    let other = if minor == 9 { "3.10" } else { "3.9" };

    let takes_the_right_one = |name: &str, install: &dyn Fn(&Path) -> Command| {
        let run = |mut command: Command| {
            let output = command.arg("words==1.2.0rc1").output().unwrap();
            assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        };
        let site = folder.join(name);
        run(install(&site));
        assert_eq!(installed_tag(&site), own, "{name}");
        let output = Command::new(&python.path)
            .args(["-c", "import words; print(words.answer())"])
            .current_dir(&site)
            .output();
        assert_eq!(text(&output.unwrap().stdout), "42\n", "{name}");

        let site = folder.join(format!("{name}-{other}"));
        let mut command = install(&site);
        command.args(["--python-version", other]);
        run(command);
        assert_eq!(installed_tag(&site), "py3-none", "{name}");
    };

    let answers = Command::new(&python.path)
        .args(["-m", "pip", "--version"])
        .output()
        .unwrap();
    match answers.status.success() {
        true => takes_the_right_one("pip", &|site| {
            let mut command = installer(&python.path);
            command.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-cache-dir",
                "--no-deps",
            ]);
            command.args(["--disable-pip-version-check", "--only-binary=:all:"]);
            command
                .args(["--index-url", &index.url, "--target"])
                .arg(site);
            command
        }),
        false => missing(
            "pip",
            "it was not asked which wheel it takes",
            &text(&answers.stderr),
        ),
    }
    match uv(&python) {
        Ok(uv) => takes_the_right_one("uv", &|site| {
            let mut command = installer(&uv);
            command.args(["pip", "install", "--quiet", "--no-cache", "--no-deps"]);
            command.args(["--only-binary=:all:", "--default-index", &index.url]);
            command.arg("--python").arg(&python.path);
            command.arg("--target").arg(site);
            command
        }),
        Err(why) => missing("uv", "it was not asked which wheel it takes", &why),
    }
}

#[test]
fn setuptools_rust_makes_a_wheel_as_the_book_says() {
    let book = include_str!("../../../docs/distributing.md");
    let settings = book
        .split("**setuptools-rust** makes wheels")
        .nth(1)
        .and_then(|rest| rest.split("```toml\n").nth(1)?.split("```").next());
    let python = Interpreter::find(None).unwrap();
    let packages = ["setuptools", "setuptools-rust", "wheel"];
    let own = match environment("setuptools-rust", &packages, &python) {
        Ok(own) => own,
        Err(why) => return missing("setuptools-rust", "it has made no wheel", &why),
    };
    let folder = folder("setuptools-rust");
    let output = hpy(&["new", "demo"], &folder);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let demo = folder.join("demo");
    let manifest = fs::read_to_string(demo.join("Cargo.toml")).unwrap();
    write(demo.join("Cargo.toml"), &(manifest + "\n[workspace]\n"));
    write(demo.join("pyproject.toml"), settings.unwrap());

    let output = installer(&own)
        .args(["-m", "pip", "wheel", ".", "--wheel-dir", "wheels"])
        .args([
            "--no-build-isolation",
            "--no-deps",
            "--disable-pip-version-check",
        ])
        .current_dir(&demo)
        .env(
            "CARGO_TARGET_DIR",
            folder.with_file_name("setuptools-rust-target"),
        )
        .env("SETUPTOOLS_RUST_CARGO_PROFILE", "dev")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));

    let mut wheels = fs::read_dir(demo.join("wheels")).unwrap();
    let wheel = wheels.next().unwrap().unwrap().path();
    let (major, minor, _) = python.version;
    let tag = format!("demo-0.1.0-cp{major}{minor}-");
    let name = text(wheel.file_name().unwrap().as_encoded_bytes());
    assert!(name.starts_with(&tag), "{name}");
    assert_eq!(wheels.count(), 0);

    let output = installer(&own)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--target",
            "site",
        ])
        .arg(&wheel)
        .current_dir(&demo)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = Command::new(&own)
        .args(["-c", "import demo; print(demo.add(40, 2))"])
        .current_dir(demo.join("site"))
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout), "42\n", "{}", text(&output.stderr));
}

/// Says so although the test passes, as `.ci/run` collects it.
fn missing(installer: &str, what: &str, why: &str) {
    let _ = writeln!(stderr(), "MISSING: {installer}: {what}: {why}");
}
