//! What a file is linked with in place of `libgcc_s`, which unwinds.
//!
//! Zig brings a library of its own that would become part of the file. But glibc ends a thread by unwinding it with the
//! system's `libgcc_s.so.1`, through the frames of whatever the thread is in; two unwinders that do not know each other
//! end the process. So the file asks for the system's, as one linked there does. This machine's cannot be linked with: it
//! may need a newer glibc. A library of the same name with the same functions, all empty, can; at run time it is not there.

use std::fs;
use std::path::{Path, PathBuf};

use super::Zig;
use crate::error::{Error, Result};

/// The name by which every Linux with glibc has it.
const NAME: &str = "libgcc_s.so.1";

/// What the Itanium C++ ABI's first level and GCC's additions to it offer.
const FUNCTIONS: &[&str] = &[
    "_Unwind_Backtrace",
    "_Unwind_DeleteException",
    "_Unwind_FindEnclosingFunction",
    "_Unwind_ForcedUnwind",
    "_Unwind_GetCFA",
    "_Unwind_GetDataRelBase",
    "_Unwind_GetGR",
    "_Unwind_GetIP",
    "_Unwind_GetIPInfo",
    "_Unwind_GetLanguageSpecificData",
    "_Unwind_GetRegionStart",
    "_Unwind_GetTextRelBase",
    "_Unwind_RaiseException",
    "_Unwind_Resume",
    "_Unwind_Resume_or_Rethrow",
    "_Unwind_SetGR",
    "_Unwind_SetIP",
];

/// Makes the library in `folder`, unless it is there; its path.
pub(super) fn stand_in(zig: &Zig, target: &str, folder: &Path) -> Result<PathBuf> {
    let library = folder.join(NAME);
    if library.is_file() {
        return Ok(library);
    }
    let process = std::process::id();
    let source = folder.join(format!("unwinder.{process}.c"));
    let text: String = FUNCTIONS
        .iter()
        .map(|function| format!("void {function}(void) {{}}\n"))
        .collect();
    fs::write(&source, text).map_err(|error| Error::io("write", &source, error))?;
    let attempt = folder.join(format!("{NAME}.{process}.new"));
    let mut command = zig.command();
    command
        .args(["cc", "-target", target, "-shared", "-nostdlib"])
        .arg(format!("-Wl,-soname,{NAME}"))
        .arg("-o")
        .arg(&attempt)
        .arg(&source);
    let output = command
        .output()
        .map_err(|error| Error::io("run", Path::new(command.get_program()), error))?;
    if !output.status.success() {
        return Err(Error::new(format!(
            "Zig cannot make a library to link with:\n{}",
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    fs::rename(&attempt, &library)
        .and_then(|()| fs::remove_file(&source))
        .map_err(|error| Error::io("write", &library, error))?;
    Ok(library)
}
