//! A stand-in for `libgcc_s`, the unwinder, at link time.
//!
//! Zig would link its own unwinder into the file. But glibc ends a thread by unwinding all its
//! frames with the system's `libgcc_s.so.1`, and two independent unwinders abort the process. So
//! the file must refer to the system's library. This machine's library cannot be linked with,
//! because it may need a newer glibc. A library of the same name with the same functions, all
//! empty, can; at run time it is not there.

use std::fs;
use std::path::{Path, PathBuf};

use super::Zig;
use crate::error::{Error, Result};

/// Its name on every Linux with glibc.
const NAME: &str = "libgcc_s.so.1";

/// The functions of the Itanium C++ ABI's first level and GCC's additions.
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

/// Makes the library in `folder`, if it is missing, and returns its path.
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
