//! CPython's C API: what the examples are compiled with that have code in C or with PyO3.

use std::path::Path;
use std::process::Command;

/// What an interpreter has of CPython's C API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CApi {
    /// It is CPython.
    pub cpython: bool,
    /// Its `Python.h` is installed.
    pub header: bool,
    /// PyO3 is for it.
    pub pyo3: bool,
}

impl CApi {
    /// That of another interpreter.
    pub const NONE: CApi = CApi {
        cpython: false,
        header: false,
        pyo3: false,
    };
}

/// Asks the interpreter.
pub fn of(python: &Path) -> CApi {
    let question = "import os, sys, sysconfig\n\
        has = os.path.isfile(os.path.join(sysconfig.get_path('include'), 'Python.h'))\n\
        free_threaded = bool(sysconfig.get_config_var('Py_GIL_DISABLED'))\n\
        print(sys.implementation.name, has, not free_threaded or sys.version_info >= (3, 14))";
    let Ok(output) = Command::new(python).args(["-c", question]).output() else {
        return CApi::NONE;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    match said.split_whitespace().collect::<Vec<_>>()[..] {
        ["cpython", header, pyo3] => CApi {
            cpython: true,
            header: header == "True",
            pyo3: pyo3 == "True",
        },
        _ => CApi::NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_python_has_no_c_api() {
        assert_eq!(of(Path::new("/bin/true")), CApi::NONE);
        assert_eq!(of(Path::new("/no/such/python")), CApi::NONE);
    }
}
