//! CPython's C API: what the examples are compiled with that have code in C or with PyO3.

use std::path::Path;
use std::process::Command;

/// What an interpreter has of CPython's C API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CApi {
    /// All, `Python.h` too.
    Complete,
    /// It is CPython, and its `Python.h` is not installed.
    WithoutHeader,
    /// It is another interpreter.
    Elsewhere,
}

/// Asks the interpreter.
pub fn of(python: &Path) -> CApi {
    let question = "import os, sys, sysconfig\n\
        has = os.path.isfile(os.path.join(sysconfig.get_path('include'), 'Python.h'))\n\
        print(sys.implementation.name, has)";
    let output = Command::new(python).args(["-c", question]).output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    match said.as_deref() {
        Ok("cpython True") => CApi::Complete,
        Ok("cpython False") => CApi::WithoutHeader,
        _ => CApi::Elsewhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_python_has_no_c_api() {
        assert_eq!(of(Path::new("/bin/true")), CApi::Elsewhere);
        assert_eq!(of(Path::new("/no/such/python")), CApi::Elsewhere);
    }
}
