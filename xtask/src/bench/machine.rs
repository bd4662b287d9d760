//! What measures: the machine and the versions.

use std::process::Command;

use cargo_hpy::{Implementation, Interpreter};

use super::commands::{compiler, output, peers_folder};

/// What names an interpreter's tables and files: two releases of PyPy have one version of Python.
pub fn key(interpreter: &Interpreter) -> String {
    match &interpreter.implementation {
        Implementation::CPython => interpreter.key(),
        _ => {
            let (major, minor, _) = interpreter.version;
            let name = interpreter.key().replace(&format!("-{major}{minor}"), "");
            format!("{name}-{}", interpreter.release)
        }
    }
}

/// Processor and versions.
pub fn machine() -> String {
    let facts = [
        processor(),
        first_line(Command::new("rustc").arg("--version")),
        first_line(compiler().arg("--version")),
        pyo3(),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    format!("{}.", facts.join("; "))
}

fn processor() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    let cores = text
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    Some(format!("{}, {cores} cores", line.split_once(": ")?.1))
}

fn first_line(command: &mut Command) -> Option<String> {
    Some(output(command).ok()?.lines().next()?.to_owned())
}

/// The version that the peers' lock file has.
fn pyo3() -> Option<String> {
    let lock = std::fs::read_to_string(peers_folder().join("pyo3/Cargo.lock")).ok()?;
    let (_, after) = lock.split_once("name = \"pyo3\"\nversion = \"")?;
    Some(format!("PyO3 {}", after.split('"').next()?))
}
