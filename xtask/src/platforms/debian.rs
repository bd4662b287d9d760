//! Debian's Pythons for other processors: unpacked, as what configures a package would have to be
//! run.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::cached;
use super::root::Root;
use super::rows::Unpacked;
use crate::interpreters::run_quietly;

/// Downloads packages with all that they need, as if nothing were installed, and unpacks them.
const UNPACK: &str = r#"set -e
architecture=$1 folder=$2; shift 2
mkdir -p "$folder/downloads"
: >"$folder/downloads/status"
apt-get -o Dir::State::status="$folder/downloads/status" -o APT::Architecture="$architecture" \
    -o APT::Architectures::="$architecture" -o Dir::Cache::archives="$folder/downloads" \
    -y -qq --download-only install "$@"
for package in "$folder"/downloads/*.deb; do dpkg -x "$package" "$folder"; done
rm -rf "$folder/downloads"
[ -e "$folder/lib" ] || ln -s usr/lib "$folder/lib""#;

/// The folder of a Python, unpacked once.
///
/// # Errors
/// If it is not there and cannot be had.
pub fn python(root: &Root, source: Unpacked, provide: bool) -> Result<PathBuf> {
    let folder = root.cache.join(format!("root-{}", source.architecture));
    let program = folder.join("usr/bin").join(source.program);
    let library = source.library.unwrap_or_default();
    let library = folder.join("usr/lib").join(library);
    if cached(&program, provide)? && cached(&library, provide)? {
        return Ok(folder);
    }
    eprintln!(
        "Providing {} for {}: half a minute.",
        source.program, source.architecture
    );
    let packages = source
        .packages
        .iter()
        .map(|package| format!("{package}:{}", source.architecture));
    run_quietly(
        root.command("sh")
            .args(["-c", UNPACK, "sh", source.architecture])
            .arg(&folder)
            .args(packages),
    )
    .with_context(|| format!("cannot provide {}", source.program))?;
    Ok(folder)
}
