//! `cargo xtask fuzz`: each fuzz target for a while, in an embedded CPython, under
//! AddressSanitizer.
//!
//! Compiled as cargo-fuzz does, which need not be installed: libFuzzer's loop comes with the crate
//! `libfuzzer-sys`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::asan::nightly_rustc;
use crate::bench::{cargo, output};
use crate::tools::Missing;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// How long each target runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    seconds: u32,
    /// The CPython to embed, which needs its shared library.
    #[arg(long, value_name = "PATH", default_value = "python3")]
    python: PathBuf,
    /// Fail if there is no nightly Rust or no shared library of Python.
    #[arg(long)]
    require_all: bool,
}

/// What libFuzzer needs of the code that it runs: a counter for each edge, and the values that are
/// compared.
const COVERAGE: [&str; 6] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "--cfg=fuzzing",
];

/// Variables must stay on the stack, by whose addresses conversions know how deep they are.
const OPTIONS: &str = "detect_leaks=0:allocator_may_return_null=1:detect_stack_use_after_return=0";

/// Prints the shared library's path, or nothing.
const LIBRARY: &str = "\
import os, sysconfig
config = sysconfig.get_config_var
path = os.path.join(config('LIBDIR') or '', 'libpython' + config('LDVERSION') + '.so')
print(path if os.path.exists(path) else '')
";

/// Runs the task. What a target finds lies in the target folder, and fails the task.
///
/// # Errors
/// If a target does not compile.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut missing = Missing::default();
    let compiler = nightly_rustc().and_then(|compiler| {
        has_library(&arguments.python)?;
        Ok(compiler)
    });
    let compiler = match compiler {
        Ok(compiler) => compiler,
        Err(reason) => {
            missing.note("the fuzz targets are not run", &reason);
            let failed = missing.fails(arguments.require_all);
            return Ok(ExitCode::from(u8::from(failed)));
        }
    };
    let folder = hpy_tests::checkout().join("fuzz");
    let place = hpy_tests::target().join("hpy/fuzz");
    let flags = format!(
        "-Zsanitizer=address -Ccodegen-units=1 {}",
        COVERAGE.join(" ")
    );
    let status = cargo()
        .current_dir(&folder)
        .args(["build", "--quiet", "--release", "--target"])
        .arg(&compiler.target)
        .arg("--target-dir")
        .arg(&place)
        .env("RUSTC", &compiler.rustc)
        .env("RUSTFLAGS", flags)
        .env("HPY_PYTHON", &arguments.python)
        .status()?;
    if !status.success() {
        bail!("the fuzz targets do not compile");
    }
    let programs = place.join(&compiler.target).join("release");
    let mut failed = 0;
    for name in targets(&folder)? {
        let passed = run_target(&programs.join(&name), &place.join(&name), arguments)?;
        println!(
            "fuzz: {name}: {}",
            if passed { "nothing found" } else { "FAILED" }
        );
        failed += usize::from(!passed);
    }
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn has_library(python: &Path) -> Result<()> {
    if output(Command::new(python).args(["-c", LIBRARY]))?.is_empty() {
        bail!("{} has no shared library to embed", python.display());
    }
    Ok(())
}

/// The names of the targets: those of their files.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.join("fuzz_targets"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "rs")
            && let Some(name) = path.file_stem()
        {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    if names.is_empty() {
        bail!("{} has no fuzz targets", folder.display());
    }
    Ok(names)
}

/// Whether it ran to the end of its time. Bytes that reach new code stay in `place` for the next
/// run.
fn run_target(program: &Path, place: &Path, arguments: &Arguments) -> Result<bool> {
    let (corpus, found) = (place.join("corpus"), place.join("found/"));
    for folder in [&corpus, &found] {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let status = Command::new(program)
        .arg(&corpus)
        .arg(format!("-artifact_prefix={}", found.display()))
        .arg(format!("-max_total_time={}", arguments.seconds))
        // Python asks for more memory than there is now and then, and takes no for an answer.
        .args([
            "-malloc_limit_mb=1000000",
            "-rss_limit_mb=6000",
            "-verbosity=0",
        ])
        .args(["-print_final_stats=1", "-print_funcs=0"])
        .env("ASAN_OPTIONS", OPTIONS)
        .status()
        .with_context(|| format!("{} does not start", program.display()))?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_of_the_manifest_is_run() {
        let folder = hpy_tests::checkout().join("fuzz");
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let names = targets(&folder).unwrap();
        assert_eq!(manifest.matches("[[bin]]").count(), names.len());
        for name in names {
            assert!(manifest.contains(&format!("name = {name:?}")), "{name}");
        }
    }
}
