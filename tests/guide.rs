//! The Rust examples of the README and the book compile in both ABIs, as modules of one extension.

use std::fs;
use std::path::Path;
use std::process::Command;

const MANIFEST: &str = r#"
[package]
name = "guide-examples"
version = "0.0.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[dependencies]
hpy = { path = "HPY", features = ["arrow", "dlpack", "ndarray", "numpy"] }

[features]
universal = ["hpy/universal"]

[workspace]
"#;

/// The texts between "```rust" and "```".
fn examples(text: &str) -> Vec<String> {
    let blocks = text.split("```rust\n").skip(1);
    blocks
        .filter_map(|rest| rest.split("\n```").next().map(str::to_owned))
        .collect()
}

#[test]
fn the_examples_compile() {
    let checkout = hpy_tests::checkout();
    let mut code = String::from("#![allow(dead_code)]\n");
    let mut count = 0;
    for page in [
        "README.md",
        "docs/arrays.md",
        "docs/tutorial.md",
        "docs/guide.md",
        "docs/async.md",
        "docs/class-options.md",
        "docs/cookbook.md",
        "docs/containers.md",
        "docs/conversions.md",
        "docs/errors.md",
        "docs/modules.md",
        "docs/numbers.md",
        "docs/threads.md",
        "docs/types.md",
        "docs/porting/c-api.md",
    ] {
        let text = fs::read_to_string(checkout.join(page)).unwrap();
        for example in examples(&text) {
            count += 1;
            code += &format!("\n/// {page}\nmod example_{count} {{\n{example}\n}}\n");
        }
    }
    assert!(count >= 16, "only {count} examples are found");

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
    fs::create_dir_all(folder.join("src")).unwrap();
    let hpy = checkout.join("hpy");
    let manifest = MANIFEST.replace("HPY", &hpy.display().to_string().replace('\\', "/"));
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::write(folder.join("src/lib.rs"), code).unwrap();
    // The versions that are locked here are there without the network, and are the same tomorrow.
    fs::copy(checkout.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    for (abi, features) in [("cpython", ""), ("universal", "universal")] {
        let output = Command::new(env!("CARGO"))
            .args(["check", "--features", features, "--target-dir"])
            .arg(folder.join("target").join(abi))
            .current_dir(&folder)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "in the {abi} ABI:\n{errors}");
    }
}
