//! The compiler, where the component rust-src is installed, as if it were not.
//!
//! With the component, the compiler shows lines of the standard library's source in some errors.
//! The recorded words are those without it. The compiler looks for the source in its sysroot, so a
//! sysroot of links to all but the source gives the recorded words.

#[cfg(unix)]
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a sysroot has the source, and a file of it that the compiler asks for.
const SOURCE: &str = "lib/rustlib/src";
const FILE: &str = "rust/library/std/src/lib.rs";

/// The folder of the compiler's libraries and of what it compiles for.
pub fn sysroot(rustc: &Path) -> PathBuf {
    let output = Command::new(rustc)
        .args(["--print", "sysroot"])
        .output()
        .expect("rustc runs");
    let text = String::from_utf8(output.stdout).expect("the sysroot's path is UTF-8");
    PathBuf::from(text.trim())
}

/// Whether the compiler finds the standard library's source.
pub fn shows_std(sysroot: &Path) -> bool {
    sysroot.join(SOURCE).join(FILE).is_file()
}

/// A program in the folder that is the compiler with another sysroot: the same without the source.
#[cfg(unix)]
pub fn compiler(rustc: &Path, sysroot: &Path, folder: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;

    let linked = folder.join("sysroot");
    if linked.exists() {
        fs::remove_dir_all(&linked).expect("the sysroot of links can be removed");
    }
    link_all_but_source(sysroot, &linked, Path::new(SOURCE));
    let program = folder.join("rustc");
    let quoted = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
    let (rustc, linked) = (quoted(rustc), quoted(&linked));
    let script = format!("#!/bin/sh\nexec {rustc} --sysroot {linked} \"$@\"\n");
    fs::write(&program, script).expect("the program can be written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it can be run");
    program
}

/// Links what the folder has, except the path below it.
#[cfg(unix)]
fn link_all_but_source(from: &Path, to: &Path, left_out: &Path) {
    let mut parts = left_out.components();
    let Some(name) = parts.next() else { return };
    fs::create_dir_all(to).expect("a folder under the target folder");
    for entry in fs::read_dir(from).expect("a folder of the sysroot") {
        let entry = entry.expect("an entry of the folder");
        let link = to.join(entry.file_name());
        match entry.file_name() == name.as_os_str() {
            true => link_all_but_source(&entry.path(), &link, parts.as_path()),
            false => std::os::unix::fs::symlink(entry.path(), link).expect("a link can be made"),
        }
    }
}
