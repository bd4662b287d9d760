//! New projects, and what is said of wrong ones.

use std::fs;
use std::path::Path;

use crate::{extension, folder, hpy, refused, text, write};

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
