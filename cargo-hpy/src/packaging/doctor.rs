//! What is installed, what would work, what is missing, and how to get it.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::environment::Source;
use crate::interpreter::NOT_FROM_HERE;
use crate::target::Target;
use crate::{GlibcLinker, GlibcVersion, Implementation, Interpreter};

/// One line of the answer.
pub(crate) struct Finding {
    pub(crate) good: bool,
    /// Whether nothing works without it.
    pub(crate) needed: bool,
    pub(crate) what: String,
    pub(crate) advice: Option<String>,
}

impl Finding {
    fn good(what: impl Into<String>) -> Self {
        Finding {
            good: true,
            needed: true,
            what: what.into(),
            advice: None,
        }
    }

    fn missing(needed: bool, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Finding {
            good: false,
            needed,
            what: what.into(),
            advice: Some(advice.into()),
        }
    }
}

/// Looks at this machine.
pub(crate) fn examine() -> Vec<Finding> {
    let mut findings = vec![rust(), target(), linker(), checkout()];
    let python = Interpreter::find(None);
    match &python {
        Ok(python) => findings.extend(interpreter(python)),
        Err(error) => findings.push(Finding::missing(false, error.to_string(), "")),
    }
    if let Ok(target) = Target::host()
        && target.system() == crate::target::System::LinuxGnu
    {
        findings.push(match GlibcLinker::find(GlibcVersion(2, 17), None) {
            Ok(_) => Finding::good("Zig: --glibc 2.17 links for older Linux systems"),
            Err(_) => Finding::missing(
                false,
                "no Zig: wheels load on systems with this machine's glibc or a later one only",
                "for --glibc, install it: python3 -m pip install ziglang",
            ),
        });
    }
    findings
}

fn rust() -> Finding {
    let advice = "install Rust 1.88 or later from https://rustup.rs";
    let said = first_line(Command::new(env::var_os("RUSTC").unwrap_or("rustc".into())).arg("-V"));
    let Some(version) = said else {
        return Finding::missing(true, "no rustc", advice);
    };
    let number = version.split([' ', '-']).nth(1).unwrap_or_default();
    let mut parts = number
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let number = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    match number >= (1, 88) {
        true => Finding::good(version),
        false => Finding::missing(true, format!("{version} is too old"), advice),
    }
}

fn target() -> Finding {
    match Target::host() {
        Ok(target) => Finding::good(format!("builds for {}", target.triple())),
        Err(error) => Finding::missing(true, error.to_string(), ""),
    }
}

/// rustc links with it.
fn linker() -> Finding {
    match first_line(Command::new("cc").arg("--version")) {
        Some(version) => Finding::good(format!("cc: {version}")),
        None => Finding::missing(
            true,
            "no linker: there is no command cc",
            "install one: gcc on Debian, the command line tools of Xcode on macOS",
        ),
    }
}

/// The crates that new projects depend on.
fn checkout() -> Finding {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("hpy");
    match checkout.join("Cargo.toml").is_file() {
        true => Finding::good(format!(
            "cargo-hpy {}, whose crate hpy is {}",
            env!("CARGO_PKG_VERSION"),
            checkout.display()
        )),
        false => Finding::missing(
            false,
            format!(
                "{} is gone, so cargo hpy new does not work",
                checkout.display()
            ),
            "install cargo-hpy again, from the checkout that is there now",
        ),
    }
}

fn interpreter(python: &Interpreter) -> Vec<Finding> {
    let path = python.path.display();
    let abis = match python.implementation {
        Implementation::CPython => "both ABIs",
        _ => "the universal ABI",
    };
    let mut findings = vec![Finding::good(format!("{python} at {path}: {abis}"))];
    let module = |name: &str, use_: &str, advice: String| {
        let status = Command::new(&python.path)
            .args(["-c", &format!("{NOT_FROM_HERE}import {name}")])
            .stderr(Stdio::null())
            .status();
        match status.is_ok_and(|status| status.success()) {
            true => Finding::good(format!("{name}: {use_}")),
            false => Finding::missing(false, format!("no {name}, for {use_}"), advice),
        }
    };
    let debian = "on Debian: apt install python3-venv".to_owned();
    findings.push(module(
        "ensurepip",
        "virtual environments of cargo hpy test",
        debian,
    ));
    let pip = format!("{path} -m ensurepip");
    findings.push(module("pip", "cargo hpy develop", pip));
    findings.push(match Source::of(python) {
        Ok(_) => Finding::good("HPY=debug and HPY=trace work with this interpreter"),
        Err(_) => Finding::missing(
            false,
            "HPY=debug and HPY=trace do not work with this interpreter",
            "name a CPython, PyPy 7.3 or GraalPy 24 with --python",
        ),
    });
    findings
}

fn first_line(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    output
        .status
        .success()
        .then(|| said.lines().next().map(str::to_owned))?
}
