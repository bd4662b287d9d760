//! What is in a wheel.

use std::fs;
use std::process::Command;

use cargo_hpy::Interpreter;

use crate::{extension, folder, hpy, in_wheel, made, refused, text, write};

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
