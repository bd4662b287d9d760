//! The published crates can be packaged: with all that they need in them, and nothing by a path.

use std::path::{Path, PathBuf};
use std::process::Command;

const PUBLISHED: [&str; 6] = [
    "hpy-sys",
    "hpy-macros",
    "hpy-runtime",
    "hpy-core",
    "hpy",
    "cargo-hpy",
];

/// They are built from their packages, so what they include must be inside.
#[test]
fn cargo_package_succeeds() {
    let target = hpy_tests::target().join("hpy/tests/package");
    forget_earlier_packages().unwrap();
    forget_earlier_builds(&target).unwrap();
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["package", "--allow-dirty"])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(hpy_tests::checkout());
    for name in PUBLISHED {
        command.args(["--package", name]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    for name in PUBLISHED {
        assert!(
            said.contains(&format!("Verifying {name} v")),
            "{name} was not packaged\n{said}"
        );
    }
}

/// The packages are checked against each other in a registry that cargo makes for the purpose.
/// Cargo unpacks what it takes from there into its home. It would take the sources of an earlier
/// run for those of this one: path and version are the same.
fn forget_earlier_packages() -> std::io::Result<()> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let Some(home) = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))) else {
        return Ok(());
    };
    let Ok(registries) = std::fs::read_dir(home.join("registry/src")) else {
        return Ok(());
    };
    for registry in registries {
        let registry = registry?;
        // One with a host has its name before the hyphen.
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for name in PUBLISHED {
            let unpacked = registry
                .path()
                .join(format!("{name}-{}", env!("CARGO_PKG_VERSION")));
            if unpacked.is_dir() {
                std::fs::remove_dir_all(unpacked)?;
            }
        }
    }
    Ok(())
}

/// Nor does cargo build again what has the path and version of an earlier run.
fn forget_earlier_builds(target: &Path) -> std::io::Result<()> {
    let Ok(builds) = std::fs::read_dir(target.join("debug/.fingerprint")) else {
        return Ok(());
    };
    for build in builds {
        let build = build?;
        let name = build.file_name();
        let name = name.to_string_lossy();
        let is_ours = |published: &&str| name.starts_with(&format!("{published}-"));
        if PUBLISHED.iter().any(is_ours) {
            std::fs::remove_dir_all(build.path())?;
        }
    }
    Ok(())
}

/// Everything else here is for the workspace alone.
#[test]
fn nothing_else_is_published() {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(hpy_tests::checkout())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    // `publish = false` is an empty list of registries.
    let mut open: Vec<_> = packages
        .iter()
        .filter(|package| {
            package["publish"]
                .as_array()
                .is_none_or(|list| !list.is_empty())
        })
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    open.sort();
    let mut expected = PUBLISHED;
    expected.sort();
    assert_eq!(open, expected);
}
