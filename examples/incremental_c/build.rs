//! Compiles the C half, with the Python.h of the interpreter that the Rust half is built for.

use std::path::Path;
use std::process::Command;

fn main() {
    // The same choice as hpy's: cargo hpy sets HPY_PYTHON.
    for name in ["HPY_PYTHON", "VIRTUAL_ENV"] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    let files = ["src/series_old.c", "src/slots_old.c"];
    for file in files {
        println!("cargo::rerun-if-changed={file}");
    }
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let python = match (set("HPY_PYTHON"), set("VIRTUAL_ENV")) {
        (Some(python), _) => python,
        (None, Some(folder)) => Path::new(&folder).join("bin/python").into(),
        (None, None) => "python3".into(),
    };
    let question = "import sysconfig; print(sysconfig.get_path('include'))";
    let output = Command::new(&python).args(["-c", question]).output();
    let output = output.expect("the interpreter does not start");
    let include = String::from_utf8(output.stdout).expect("the path of Python.h is no text");
    cc::Build::new()
        .files(files)
        .include(include.trim())
        .warnings(false)
        .compile("series_old");
}
