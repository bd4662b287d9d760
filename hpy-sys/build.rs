//! Finds out which CPython the CPython ABI is compiled for, by asking it once, or by being told.
//!
//! The universal ABI needs no Python, so with that feature nothing happens here.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, exit};

/// The versions whose differences the code knows.
const KNOWN: std::ops::RangeInclusive<u32> = 9..=15;

/// One line of facts, in the order of [`Python::parse`].
const QUESTION: &str = "\
import struct, sys, sysconfig
print(sys.implementation.name, sys.version_info[0], sys.version_info[1], \
int(bool(sysconfig.get_config_var('Py_GIL_DISABLED'))), struct.calcsize('P') * 8, \
int(hasattr(sys, 'gettotalrefcount')), sys.int_info.bits_per_digit, sep='\\n')
";

/// What is to be known of an interpreter.
struct Python {
    /// How it was found, for messages.
    origin: String,
    implementation: String,
    major: u32,
    minor: u32,
    free_threaded: bool,
    pointer_width: String,
    py_debug: bool,
    /// Bits in a digit of an int, 0 if that was not told.
    int_digits: u32,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for minor in KNOWN {
        println!("cargo::rustc-check-cfg=cfg(hpy_since_3_{minor})");
    }
    println!("cargo::rustc-check-cfg=cfg(hpy_free_threaded)");
    println!("cargo::rustc-check-cfg=cfg(hpy_py_debug)");
    println!("cargo::rustc-check-cfg=cfg(hpy_int_digits_30)");
    println!("cargo::rustc-check-cfg=cfg(hpy_python_dll, values(any()))");
    let cpython = env::var_os("CARGO_FEATURE_CPYTHON").is_some();
    if !cpython || env::var_os("CARGO_FEATURE_UNIVERSAL").is_some() {
        return;
    }
    for name in [
        "HPY_PYTHON",
        "VIRTUAL_ENV",
        "HPY_PYTHON_VERSION",
        "HPY_PYTHON_FREE_THREADED",
        "HPY_PYTHON_POINTER_WIDTH",
        "HPY_PYTHON_DEBUG",
        "HPY_PYTHON_INT_DIGITS",
    ] {
        println!("cargo::rerun-if-env-changed={name}");
    }
    let answer = match told() {
        Some(python) => python,
        None => ask(),
    };
    match answer.and_then(check) {
        Ok(python) => emit(&python),
        Err(message) => {
            for line in message.lines() {
                println!("cargo::error={line}");
            }
            exit(1);
        }
    }
}

/// What the environment says, if it names a version: for cross builds.
fn told() -> Option<Result<Python, String>> {
    let version = env::var("HPY_PYTHON_VERSION").ok()?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>());
    let (Some(Ok(major)), Some(Ok(minor))) = (parts.next(), parts.next()) else {
        return Some(Err(format!(
            "HPY_PYTHON_VERSION is `{version}`; it should be like `3.13`"
        )));
    };
    let flag = |name| env::var(name).is_ok_and(|value| value == "1");
    Some(Ok(Python {
        origin: format!("HPY_PYTHON_VERSION={version}"),
        implementation: "cpython".into(),
        major,
        minor,
        free_threaded: flag("HPY_PYTHON_FREE_THREADED"),
        pointer_width: env::var("HPY_PYTHON_POINTER_WIDTH").unwrap_or_else(|_| target_width()),
        py_debug: flag("HPY_PYTHON_DEBUG"),
        int_digits: env::var("HPY_PYTHON_INT_DIGITS").map_or(0, |bits| bits.parse().unwrap_or(0)),
    }))
}

/// Runs the interpreter once.
fn ask() -> Result<Python, String> {
    let (candidates, why): (Vec<OsString>, &str) = if let Some(path) = set("HPY_PYTHON") {
        watch(Path::new(&path));
        (vec![path], "HPY_PYTHON names it")
    } else if let Some(folder) = set("VIRTUAL_ENV") {
        let folder = PathBuf::from(folder);
        let path = if cfg!(windows) {
            folder.join("Scripts").join("python.exe")
        } else {
            folder.join("bin").join("python")
        };
        watch(&path);
        (vec![path.into()], "the active virtual environment")
    } else {
        (vec!["python3".into(), "python".into()], "found on PATH")
    };
    let mut failures = String::new();
    for candidate in &candidates {
        let shown = candidate.to_string_lossy();
        match Command::new(candidate)
            .args(["-I", "-S", "-c", QUESTION])
            .output()
        {
            Ok(output) if output.status.success() => {
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                return Python::parse(format!("`{shown}` ({why})"), &text);
            }
            Ok(output) => failures.push_str(&format!(
                "\n`{shown}` ({why}) did not answer: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            )),
            Err(error) => {
                failures.push_str(&format!("\n`{shown}` ({why}) could not be run: {error}"))
            }
        }
    }
    Err(format!(
        "hpy-sys needs a CPython to build the CPython ABI for, and has none.{failures}\n\
         Set HPY_PYTHON to an interpreter, or HPY_PYTHON_VERSION=3.13 (and so on) to run none, \
         or build with `--features universal`, which needs no Python."
    ))
}

fn set(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// A replaced interpreter is asked again. A bare command name is no path, so it is not watched.
fn watch(path: &Path) {
    if path.is_absolute() && path.exists() {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

fn target_width() -> String {
    env::var("CARGO_CFG_TARGET_POINTER_WIDTH").unwrap_or_default()
}

impl Python {
    /// The name of the interpreter's DLL on Windows, without the extension.
    fn dll(&self) -> String {
        let suffix = if self.free_threaded { "t" } else { "" };
        let debug = if self.py_debug { "_d" } else { "" };
        format!("python3{}{suffix}{debug}", self.minor)
    }

    fn parse(origin: String, text: &str) -> Result<Self, String> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let [
            implementation,
            major,
            minor,
            free_threaded,
            width,
            debug,
            digits,
        ] = lines[..]
        else {
            return Err(format!("{origin} gave no sensible answer: {text:?}"));
        };
        let number = |text: &str| {
            text.parse()
                .map_err(|_| format!("{origin} says its version is `{text}`"))
        };
        Ok(Self {
            implementation: implementation.into(),
            major: number(major)?,
            minor: number(minor)?,
            free_threaded: free_threaded == "1",
            pointer_width: width.into(),
            py_debug: debug == "1",
            int_digits: digits.parse().unwrap_or(0),
            origin,
        })
    }
}

/// Refuses what the CPython ABI cannot be built for.
fn check(python: Python) -> Result<Python, String> {
    let Python {
        origin,
        implementation,
        major,
        minor,
        pointer_width,
        ..
    } = &python;
    let remedy = "Set HPY_PYTHON to another interpreter";
    if implementation != "cpython" {
        return Err(format!(
            "{origin} is {implementation}, not CPython: the CPython ABI is for CPython only.\n\
             Build with `--features universal`, which runs on {implementation} too, \
             or set HPY_PYTHON to a CPython."
        ));
    }
    if *major != 3 || *minor < *KNOWN.start() {
        return Err(format!(
            "{origin} is Python {major}.{minor}; 3.{} or newer is needed.\n{remedy}.",
            KNOWN.start()
        ));
    }
    let target = target_width();
    if *pointer_width != target {
        return Err(format!(
            "{origin} has pointers of {pointer_width} bits, the target has {target}.\n\
             {remedy}, or, in a cross build, tell the version with HPY_PYTHON_VERSION instead."
        ));
    }
    Ok(python)
}

fn emit(python: &Python) {
    for minor in KNOWN.filter(|minor| *minor <= python.minor) {
        println!("cargo::rustc-cfg=hpy_since_3_{minor}");
    }
    if python.free_threaded {
        println!("cargo::rustc-cfg=hpy_free_threaded");
    }
    if python.py_debug {
        println!("cargo::rustc-cfg=hpy_py_debug");
    }
    if python.int_digits == 30 {
        println!("cargo::rustc-cfg=hpy_int_digits_30");
    }
    println!(
        "cargo::rustc-env=HPY_SYS_PYTHON_MINOR={}",
        python.minor.min(255)
    );
    // On Linux and macOS the loader finds the interpreter's symbols wherever they are. Apple's
    // linker has to be told so, with `-undefined dynamic_lookup`, which only the package that makes
    // the library can ask for: `cargo hpy` does, else that package's own build script prints
    // `cargo::rustc-link-arg-cdylib=-undefined` and `…=dynamic_lookup`.
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("windows") {
        println!("cargo::rustc-cfg=hpy_python_dll=\"{}\"", python.dll());
    }
}
