//! `Python.h`: what examples with code in C are compiled with.

use std::path::Path;
use std::process::Command;

/// Why code that includes `Python.h` cannot be compiled for an interpreter; None if it can be.
pub fn missing(python: &Path) -> Option<String> {
    let question = "import os, sys, sysconfig\n\
        if sys.implementation.name != 'cpython': print(sys.implementation.name)\n\
        elif not os.path.isfile(os.path.join(sysconfig.get_path('include'), 'Python.h')): print('-')";
    let output = Command::new(python).args(["-c", question]).output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    match said.as_deref() {
        Ok("") => None,
        Ok("-") => Some("Python.h is not installed for this interpreter".to_owned()),
        Ok(_) => Some("uses Python.h, which binds it to CPython".to_owned()),
        Err(error) => Some(format!("the interpreter does not start: {error}")),
    }
}
