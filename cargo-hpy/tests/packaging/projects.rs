//! New projects, and what is said of wrong ones.

use std::fs;
use std::path::Path;

use crate::{extension, folder, hpy, made, refused, text, write};

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
            "[project]\nname = 'w'\nversion = 'one'",
            ["project.version is \"one\"", "1.2.0rc1"],
        ),
        (
            "[project]\nname = 'w'\nversion = '1'\nrequires-python = 'banana'",
            ["project.requires-python is \"banana\"", ">=3.9"],
        ),
        (
            "[project]\nname = 'w'\nversion = '1'\ndependencies = ['a b']",
            ["project.dependencies has \"a b\"", "attrs>=23"],
        ),
        (
            "[project]\nname = 'w'\nversion = '1'\n[project.optional-dependencies]\nx = ['-e .']",
            ["project.optional-dependencies.x has \"-e .\"", "attrs>=23"],
        ),
        (
            "[project]\nname = 'w'\nversion = '1'\nreadme = 'GONE.md'",
            ["GONE.md", "add this file"],
        ),
        (
            "[tool.hpy]\nmodul = 1",
            ["tool.hpy.modul is not an option", "module-name"],
        ),
        (
            "[project]\nname = 'w'\nversion = '1'\n[tool.hpy]\npython-source = '/'",
            ["leads out of the project", "name a folder below"],
        ),
    ] {
        write(folder.join("pyproject.toml"), project);
        refused(&["wheel"], &folder, &parts);
    }
}

#[test]
fn wheels_that_nobody_could_install_are_refused_before_the_build() {
    let folder = folder("no_wheel");
    extension(&folder, "");
    for (options, parts) in [
        (
            ["--target", "one-two-three"],
            ["rustc does not build for one-two-three", "target-list"],
        ),
        (
            ["--target", "wasm32-unknown-emscripten"],
            [
                "how wheels for wasm32-unknown-emscripten are named",
                "cargo hpy build",
            ],
        ),
        (
            ["--python-version", "3.13"],
            ["--python-version is for the CPython ABI", "--abi cpython"],
        ),
    ] {
        refused(&["wheel", options[0], options[1]], &folder, &parts);
    }
    assert!(!folder.join("target").exists());
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
        &["is a word of Rust or Python", "--name"],
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

#[test]
fn names_with_dots_and_folders_with_spaces_are_fine() {
    let folder = folder("spaces");
    let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"Große Dinge\"]\n";
    write(folder.join("Cargo.toml"), workspace);
    let output = hpy(&["new", "Große Dinge", "--name", "My.Words"], &folder);
    let errors = text(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(errors.contains("cd \"Große Dinge\""), "{errors}");
    let project = folder.join("Große Dinge");
    let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
    // Cargo allows no dots.
    assert!(manifest.contains("name = \"My-Words\""), "{manifest}");
    let metadata = made(&["wheel", "--metadata-only", "--out", "out"], &project);
    assert!(metadata.ends_with("my_words-0.1.0.dist-info"));
}

#[test]
fn what_is_wrong_in_cargo_toml_matters_only_if_it_is_wanted() {
    let folder = folder("unwanted");
    extension(&folder, "readme = \"GONE.md\"");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    write(
        folder.join("Cargo.toml"),
        &manifest.replace("1.2.0-rc.1", "1.2.0-nightly"),
    );
    refused(&["wheel"], &folder, &["1.2.0-nightly", "pyproject.toml"]);
    write(
        folder.join("pyproject.toml"),
        "[project]\nname = 'words'\nversion = '01.02-Beta'",
    );
    let wheel = made(&["wheel"], &folder);
    let name = wheel.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("words-1.2b0-py3-none-"), "{name}");
    for (manifest, parts) in [
        (
            manifest.replace("universal = []", ""),
            "universal = [\"hpy/universal\"]",
        ),
        (
            manifest.replace("\"cdylib\"", ""),
            "crate-type = [\"cdylib\"]",
        ),
    ] {
        write(folder.join("Cargo.toml"), &manifest);
        refused(&["wheel"], &folder, &["help: ", parts]);
    }
}

#[test]
fn the_tool_runs_no_python_file_of_the_current_folder() {
    let folder = folder("not-from-here");
    for module in ["sysconfig", "runpy", "json", "ensurepip", "pip", "ziglang"] {
        write(
            folder.join(format!("{module}.py")),
            "open(\"ran\", \"w\").close()\n",
        );
    }
    let output = hpy(&["doctor"], &folder);
    assert!(
        text(&output.stdout).contains(" at "),
        "{}",
        text(&output.stdout)
    );
    assert!(!folder.join("ran").exists());
}
