//! Source archives.

use std::fs;
use std::process::Command;

use cargo_hpy::Interpreter;

use crate::{extension, folder, hpy, made, text, write};

#[test]
fn a_source_archive_has_the_crates_of_this_machine() {
    let checkout = folder("sdist");
    write(
        checkout.join("Cargo.toml"),
        "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n[workspace.package]\n\
         edition = \"2024\"\n[workspace.dependencies]\nlow = { path = \"crates/low\" }\n",
    );
    let member = |name: &str, rest: &str| {
        let manifest = format!("[package]\nname = \"{name}\"\nedition.workspace = true\n{rest}");
        write(
            checkout.join("crates").join(name).join("Cargo.toml"),
            &manifest,
        );
        write(checkout.join("crates").join(name).join("src/lib.rs"), "");
    };
    member("low", "");
    member("middle", "[dependencies]\nlow.workspace = true\n");
    let own = checkout.join("words");
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

    let elsewhere = folder("sdist-unpacked");
    let unpack = "import sys, tarfile; tarfile.open(sys.argv[1]).extractall()";
    let python = Interpreter::find(None).unwrap();
    let unpacked = Command::new(python.path)
        .args(["-c", unpack])
        .arg(&archive)
        .current_dir(&elsewhere)
        .status();
    assert!(unpacked.unwrap().success());
    fs::rename(&checkout, checkout.with_extension("gone")).unwrap();
    let unpacked = elsewhere.join("words-1.2.0rc1");
    assert!(unpacked.join("PKG-INFO").is_file());
    let built = hpy(&["wheel"], &unpacked);
    assert!(built.status.success(), "{}", text(&built.stderr));
    fs::remove_dir_all(checkout.with_extension("gone")).unwrap();
}
