//! Runs the commands of packaging on small extensions made for it: see `extension/lib.rs`. They
//! need no other crate, and so no network.

#![cfg(feature = "packaging")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use cargo_hpy::Interpreter;

const SOURCE: &str = include_str!("extension/lib.rs");

/// A folder of this test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("packaging")
        .join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn write(path: PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// An extension of one module `words`.
fn extension(folder: &Path, manifest: &str) {
    let package = format!(
        "[package]\nname = \"words\"\nversion = \"1.2.0-rc.1\"\nedition = \"2024\"\n{manifest}\n\
         [lib]\ncrate-type = [\"cdylib\"]\n[features]\nuniversal = []\nsecond = []\n[workspace]\n"
    );
    write(folder.join("Cargo.toml"), &package);
    write(folder.join("src/lib.rs"), &SOURCE.replace("NAME", "words"));
}

fn hpy(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-hpy"))
        .arg("hpy")
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The last line that a command prints, which must succeed.
fn made(arguments: &[&str], folder: &Path) -> PathBuf {
    let output = hpy(arguments, folder);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let line = text(&output.stdout).lines().last().unwrap().to_owned();
    folder.join(line)
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

/// The file in a wheel, or the list of all files if no name is given.
fn in_wheel(wheel: &Path, name: &str) -> String {
    let code = "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n\
                sys.stdout.write(z.read(sys.argv[2]).decode() if sys.argv[2] \
                else '\\n'.join(z.namelist()))";
    let python = Interpreter::find(None).unwrap();
    let output = Command::new(python.path)
        .args(["-c", code])
        .arg(wheel)
        .arg(name)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn a_wheel_has_its_modules_metadata_licences_and_crates() {
    let folder = folder("wheel");
    extension(
        &folder,
        "description = \"Counts\"\nlicense = \"MIT/Apache-2.0\"",
    );
    write(folder.join("LICENSE-MIT"), "free");
    let wheel = made(&["wheel"], &folder);
    let name = wheel.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("words-1.2.0rc1-py3-none-"), "{name}");
    let files = in_wheel(&wheel, "");
    let binary = if cfg!(windows) { "pyd" } else { "so" };
    let info = "words-1.2.0rc1.dist-info";
    assert_eq!(
        files.lines().collect::<Vec<_>>(),
        [
            "words/__init__.py",
            &format!("words/words.hpy0.{binary}"),
            &format!("{info}/METADATA"),
            &format!("{info}/RECORD"),
            &format!("{info}/WHEEL"),
            &format!("{info}/licenses/LICENSE-MIT"),
            &format!("{info}/sboms/words.cyclonedx.json"),
        ]
    );
    let metadata = in_wheel(&wheel, &format!("{info}/METADATA"));
    for line in [
        "Metadata-Version: 2.4",
        "Version: 1.2.0rc1",
        "License-Expression: MIT OR Apache-2.0",
        "License-File: LICENSE-MIT",
        "Requires-Python: >=3.9",
    ] {
        assert!(metadata.contains(line), "no {line} in:\n{metadata}");
    }
    let sbom = in_wheel(&wheel, &format!("{info}/sboms/words.cyclonedx.json"));
    assert!(sbom.contains("\"pkg:cargo/words@1.2.0-rc.1\""), "{sbom}");
}

#[test]
fn cargos_messages_are_shown_as_json_with_the_files_made() {
    let folder = folder("json");
    extension(&folder, "");
    for command in ["wheel", "build"] {
        let output = hpy(&[command, "--message-format", "json"], &folder);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let lines = text(&output.stdout);
        assert!(lines.lines().all(|line| line.starts_with('{')), "{lines}");
        for reason in ["compiler-artifact", "build-finished", "hpy-file"] {
            let reason = format!("\"{reason}\"");
            assert!(lines.contains(&reason), "no {reason} in:\n{lines}");
        }
    }
}

#[test]
fn a_wheel_is_the_same_in_every_folder() {
    let wheels = ["same", "same/but/elsewhere"].map(|name| {
        let folder = folder(name);
        extension(&folder, "");
        fs::read(made(&["wheel", "--release"], &folder).as_path()).unwrap()
    });
    assert!(wheels[0] == wheels[1], "the wheels differ");
}

#[test]
fn a_cpython_wheel_has_that_versions_tag_and_can_be_imported() {
    let folder = folder("cpython");
    extension(&folder, "");
    let python = Interpreter::find(None).unwrap();
    let (major, minor, _) = python.version;
    let wheel = made(&["wheel", "--abi", "cpython"], &folder);
    let tag = format!("-cp{major}{minor}-cp{major}{minor}{}-", python.abi_flags);
    assert!(
        wheel.display().to_string().contains(&tag),
        "{}",
        wheel.display()
    );
    let unpack = "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall('site')\n\
                  sys.path.insert(0, 'site'); import words; print(words.answer())";
    let output = Command::new(&python.path)
        .args(["-c", unpack])
        .arg(&wheel)
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(text(&output.stdout), "42\n", "{}", text(&output.stderr));
    assert!(
        hpy(&["check", wheel.to_str().unwrap()], &folder)
            .status
            .success()
    );
}

#[test]
fn a_package_has_its_python_files_and_the_module_within() {
    let folder = folder("package");
    extension(&folder, "");
    write(
        folder.join("pyproject.toml"),
        "[project]\nname = 'Big.Words'\nversion = '2'\nlicense-files = ['COPYING*']\n\
         [project.scripts]\nwords = 'big:main'\n\
         [tool.hpy]\npython-source = 'python'\nmodule-name = 'big.words'\n\
         include = ['data/*.txt']\nexclude = ['python/big/secret.py']\n",
    );
    for file in [
        "COPYING",
        "python/big/__init__.py",
        "python/big/secret.py",
        "data/a.txt",
    ] {
        write(folder.join(file), "");
    }
    write(folder.join("python/big/__pycache__/x.pyc"), "");
    let wheel = made(&["wheel", "--quiet"], &folder);
    let files = in_wheel(&wheel, "");
    let files: Vec<_> = files.lines().collect();
    for file in ["big/__init__.py", "big/words.py", "data/a.txt"] {
        assert!(files.contains(&file), "no {file} in {files:?}");
    }
    assert!(
        !files
            .iter()
            .any(|file| file.contains("secret") || file.contains("pyc"))
    );
    assert_eq!(
        in_wheel(&wheel, "big_words-2.dist-info/entry_points.txt"),
        "[console_scripts]\nwords = big:main\n"
    );
    write(
        folder.join("pyproject.toml"),
        "[project]\nname = 'big'\nversion = '2'\n[tool.hpy]\nmodule-name = 'big.other'\n",
    );
    refused(&["wheel"], &folder, &["no module other", "it has: words"]);
}

#[test]
fn what_pyproject_lacks_is_named_with_what_to_write() {
    let folder = folder("pyproject");
    extension(&folder, "");
    for (project, parts) in [
        ("[project]", ["project.name is missing", "name = \"words\""]),
        (
            "[project]\nname = 'w'",
            ["project.version is missing", "dynamic = [\"version\"]"],
        ),
        (
            "[project]\nname = 'w'\nversion = '1'\nlicense-files = ['GONE']",
            ["\"GONE\" matches no file", "correct the glob"],
        ),
        (
            "[project]\nname = 'w'\nversion = '1'\nlicense = 'MIT'\n\
             classifiers = ['License :: OSI Approved :: MIT License']",
            ["beside project.license", "remove the classifier"],
        ),
        (
            "[tool.hpy]\nmodul = 1",
            ["tool.hpy.modul is not an option", "module-name"],
        ),
    ] {
        write(folder.join("pyproject.toml"), project);
        refused(&["wheel"], &folder, &parts);
    }
}

#[test]
fn a_wheel_that_was_changed_is_found_out() {
    let folder = folder("check");
    extension(&folder, "");
    let wheel = made(&["wheel"], &folder);
    let change = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'a') as z:\n    \
                  z.writestr('words/more.py', '')";
    let python = Interpreter::find(None).unwrap();
    let changed = Command::new(python.path)
        .args(["-c", change])
        .arg(&wheel)
        .status();
    assert!(changed.unwrap().success());
    refused(
        &["check", wheel.to_str().unwrap()],
        &folder,
        &["words/more.py is not in RECORD"],
    );
    write(folder.join("text"), "");
    refused(
        &["check", "text"],
        &folder,
        &["neither a wheel nor a library"],
    );
}

#[test]
fn a_source_archive_has_the_crates_of_this_machine() {
    let folder = folder("sdist");
    write(
        folder.join("Cargo.toml"),
        "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n[workspace.package]\n\
         edition = \"2024\"\n[workspace.dependencies]\nlow = { path = \"crates/low\" }\n",
    );
    let member = |name: &str, rest: &str| {
        let manifest = format!("[package]\nname = \"{name}\"\nedition.workspace = true\n{rest}");
        write(
            folder.join("crates").join(name).join("Cargo.toml"),
            &manifest,
        );
        write(folder.join("crates").join(name).join("src/lib.rs"), "");
    };
    member("low", "");
    member("middle", "[dependencies]\nlow.workspace = true\n");
    let own = folder.join("words");
    extension(
        &own,
        "[dependencies]\nmiddle = { path = \"../crates/middle\" }\n",
    );
    let archive = made(&["sdist"], &own);
    let again = made(&["sdist", "--out", "again"], &own);
    assert!(
        fs::read(&archive).unwrap() == fs::read(&again).unwrap(),
        "the archives differ"
    );

    let elsewhere = self::folder("sdist-unpacked");
    let unpack = "import sys, tarfile; tarfile.open(sys.argv[1]).extractall()";
    let python = Interpreter::find(None).unwrap();
    let unpacked = Command::new(python.path)
        .args(["-c", unpack])
        .arg(&archive)
        .current_dir(&elsewhere)
        .status();
    assert!(unpacked.unwrap().success());
    fs::rename(&folder, folder.with_extension("gone")).unwrap();
    let unpacked = elsewhere.join("words-1.2.0rc1");
    assert!(unpacked.join("PKG-INFO").is_file());
    let built = hpy(&["wheel"], &unpacked);
    assert!(built.status.success(), "{}", text(&built.stderr));
    fs::remove_dir_all(folder.with_extension("gone")).unwrap();
}

#[test]
fn a_new_project_depends_on_the_checkout_and_is_not_overwritten() {
    let folder = folder("new");
    let output = hpy(&["new", "fast-words", "--mixed"], &folder);
    let errors = text(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(errors.contains("not published yet"), "{errors}");
    let project = folder.join("fast-words");
    for file in [
        "src/lib.rs",
        "python/fast_words/__init__.py",
        "tests/test_fast_words.py",
    ] {
        assert!(project.join(file).is_file(), "no {file}");
    }
    let hpy_crate = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("hpy");
    let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
    assert!(
        manifest.contains(&hpy_crate.display().to_string()),
        "{manifest}"
    );
    refused(
        &["new", "fast-words"],
        &folder,
        &["exists already", "cargo hpy init"],
    );
    refused(
        &["new", "class"],
        &folder,
        &["means something else", "--name"],
    );
    write(project.join("README.md"), "mine");
    assert!(hpy(&["init", "--mixed"], &project).status.success());
    assert_eq!(
        fs::read_to_string(project.join("README.md")).unwrap(),
        "mine"
    );
}

#[test]
fn the_examples_have_the_backend_of_new_projects() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = fs::read(crates.join("src/packaging/new/templates/cargo_hpy.py")).unwrap();
    for example in ["ujson", "kiwisolver"] {
        let copy = format!("../examples/{example}/backend/cargo_hpy.py");
        assert!(
            fs::read(crates.join(&copy)).unwrap() == own,
            "{copy} differs"
        );
    }
}
