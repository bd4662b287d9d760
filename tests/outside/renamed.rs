//! A crate that calls `hpy` by another name and denies nearly every lint.

use std::path::Path;
use std::process::Command;

const CODE: &str = include_str!("renamed/lib.rs");

#[test]
fn a_renamed_dependency_and_denied_lints() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("renamed");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let hpy = hpy_tests::checkout().join("hpy");
    let manifest = format!(
        "[package]\nname = \"renamed\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n\
         [dependencies]\nhp = {{ package = \"hpy\", path = {:?} }}\n\n\
         [features]\nuniversal = [\"hp/universal\"]\ndescription = [\"hp/description\"]\n\n\
         [workspace]\n",
        hpy.display().to_string()
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(folder.join("src/lib.rs"), CODE).unwrap();
    let lock = hpy_tests::checkout().join("Cargo.lock");
    std::fs::copy(lock, folder.join("Cargo.lock")).unwrap();
    // Clippy knows the lints of the compiler too. Only in the module's entry points does the
    // emitted code differ by ABI.
    for features in ["universal", "universal,description"] {
        let output = Command::new(env!("CARGO"))
            .args(["clippy", "--quiet", "--color=never", "--features", features])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
}
