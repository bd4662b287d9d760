//! `cargo xtask wheels`: wheels of two example packages for eight platforms, made on this machine.
//!
//! Each is read by `cargo hpy check`. Those for Linux and Windows are installed by pip and tested,
//! on another system by an emulator. That for musl is loaded by a program in C, as there is no
//! Python. Those for macOS and for Windows on arm64 are linked and read, not run.

mod macos;
mod musl;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, anyhow, bail};
use hpy_tests::host::{Abi, Host};
use hpy_tests::outcome::Verdict;
use hpy_tests::run::Runner;
use hpy_tests::topics::{self, Topic};

use crate::interpreters::{self, Cache, pip, run_quietly};
use crate::platforms::{self, Platforms};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only these targets of rustc.
    #[arg(long, value_name = "TRIPLE", value_delimiter = ',')]
    target: Vec<String>,
    /// Only these packages.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    package: Vec<String>,
    /// Build without optimizations.
    #[arg(long)]
    debug: bool,
    /// Provide nothing over the network.
    #[arg(long)]
    offline: bool,
}

const PACKAGES: [&str; 2] = ["ujson", "kiwisolver"];

const MUSL: &str = "x86_64-unknown-linux-musl";

/// What rustc builds for, what pip calls it, and the row whose interpreter runs it.
const TARGETS: [(&str, &str, Option<&str>); 8] = [
    (
        "x86_64-unknown-linux-gnu",
        "manylinux2014_x86_64",
        Some("cpython3.13"),
    ),
    (
        "aarch64-unknown-linux-gnu",
        "manylinux2014_aarch64",
        Some("linux-aarch64/cpython3.13"),
    ),
    (
        "x86_64-pc-windows-gnu",
        "win_amd64",
        Some("windows-x86_64/cpython3.13"),
    ),
    (MUSL, "musllinux_1_2_x86_64", None),
    ("aarch64-apple-darwin", "macosx_11_0_arm64", None),
    ("x86_64-apple-darwin", "macosx_10_12_x86_64", None),
    ("universal2-apple-darwin", "macosx_10_12_universal2", None),
    ("aarch64-pc-windows-gnullvm", "win_arm64", None),
];

/// Runs the task.
///
/// # Errors
/// If a tool cannot be had. A wheel that cannot be made, installed or tested makes the task fail in
/// the end.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let is_asked =
        |asked: &[String], name: &str| asked.is_empty() || asked.iter().any(|a| a == name);
    let rows: Vec<&str> = TARGETS.iter().filter_map(|(_, _, row)| *row).collect();
    let platforms = platforms::obtain(|name| rows.contains(&name), !arguments.offline)?;
    let own = interpreters::obtain(|row| rows.contains(&row.name), arguments.offline)?;
    let names: Vec<String> = PACKAGES.map(str::to_owned).into();
    let topics = topics::find(&hpy_tests::checkout(), &names)?;
    let tool = tool()?;
    let out = hpy_tests::target().join("hpy/wheels");
    let mut failed = 0;
    for (triple, platform, row) in TARGETS {
        if !is_asked(&arguments.target, triple) {
            continue;
        }
        for topic in &topics {
            if !is_asked(&arguments.package, &topic.name) {
                continue;
            }
            let host = row.map(|row| host(row, &platforms, &own)).transpose();
            let made = make(&tool, topic, triple, &out.join(triple), arguments, &[]);
            let made = made.and_then(|wheel| {
                let host = host?;
                prove(
                    &tool,
                    topic,
                    &wheel,
                    (triple, platform),
                    host.as_ref(),
                    arguments,
                )
            });
            match made {
                Ok(what) => println!("{} for {triple}: {what}", topic.name),
                Err(error) => {
                    failed += 1;
                    println!("{} for {triple}: FAILED: {error:#}", topic.name);
                }
            }
        }
    }
    println!("wheels: {failed} failed, in {}", out.display());
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// The interpreter that runs a wheel.
fn host(row: &str, platforms: &Platforms, own: &interpreters::Interpreters) -> Result<Host> {
    let mut found = platforms.hosts.iter();
    if let Some(host) = found.find(|host| host.name == row && host.abi == Abi::Universal) {
        return Ok(host.clone());
    }
    if let Some(one) = own.found.iter().find(|one| one.name == row) {
        let hosts = crate::matrix::hosts_of(one, Path::new(""));
        let mut bare = hosts.into_iter();
        if let Some(host) = bare.find(|host| host.name == row && host.abi == Abi::Universal) {
            return Ok(host);
        }
    }
    let reason = platforms.missing.get(row).or(own.missing.get(row));
    bail!(
        "MISSING: {row}: {}",
        reason.map_or("not found", String::as_str)
    )
}

/// `cargo hpy`, with packaging.
fn tool() -> Result<PathBuf> {
    run_quietly(
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--package", "cargo-hpy"])
            .current_dir(hpy_tests::checkout()),
    )?;
    let tool = hpy_tests::target().join("debug/cargo-hpy");
    tool.canonicalize()
        .with_context(|| format!("there is no {}", tool.display()))
}

fn make(
    tool: &Path,
    topic: &Topic,
    triple: &str,
    out: &Path,
    arguments: &Arguments,
    more: &[&str],
) -> Result<PathBuf> {
    if out.exists() {
        for entry in std::fs::read_dir(out)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(&topic.name) && name.ends_with(".whl") {
                std::fs::remove_file(entry.path())?;
            }
        }
    }
    let mut command = platforms::tool(tool, triple)?;
    command
        .args(["hpy", "wheel", "--quiet", "--target", triple, "--out"])
        .arg(out)
        .args(more)
        .arg(&topic.folder);
    if !arguments.debug {
        // What the book recommends. Zig exports all of Rust's own symbols to macOS without it.
        command
            .arg("--release")
            .env("CARGO_PROFILE_RELEASE_LTO", "fat")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    }
    if triple.contains("linux-gnu") {
        command.args(["--glibc", "2.17"]);
    }
    let said = run_quietly(&mut command)?;
    let wheel = said.lines().next_back().unwrap_or_default();
    Ok(PathBuf::from(wheel))
}

/// Reads the wheel, and installs and tests it if an interpreter runs it.
fn prove(
    tool: &Path,
    topic: &Topic,
    wheel: &Path,
    (triple, platform): (&str, &str),
    host: Option<&Host>,
    arguments: &Arguments,
) -> Result<String> {
    let name = wheel.file_name().unwrap_or_default().to_string_lossy();
    run_quietly(
        Command::new(tool)
            .args(["hpy", "check", "--quiet"])
            .arg(wheel),
    )?;
    if host.is_none() && triple != MUSL {
        // There is no CPython for both of the Mac's processors in one file.
        let native = match platforms::macos::platform(triple) {
            Some(_) => native_for_macos(tool, topic, triple, platform, arguments)?,
            None => String::new(),
        };
        return Ok(format!("{name}: linked and read, not run{native}"));
    }
    let modules = wheel.with_extension("installed");
    unpack(&modules, wheel, platform, arguments)?;
    let Some(host) = host else {
        musl::load(&modules, &topic.name, triple, !arguments.offline)?;
        return Ok(format!("{name}: loaded by a program with musl, not run"));
    };
    let (checkout, target) = (hpy_tests::checkout(), hpy_tests::target());
    let scratch = target.join("hpy/wheels/runs");
    let runner = Runner {
        checkout: &checkout,
        scratch: &scratch,
        environment: &[],
        left_out: &[],
    };
    runner.prepare()?;
    let cell = runner.run(host, topic, &modules)?;
    match &cell.verdict {
        Verdict::Pass => Ok(format!("{name}: installed and tested on {}", host.name)),
        Verdict::Skip(why) => Err(anyhow!("its tests were skipped: {why}")),
        Verdict::Fail(why) => Err(anyhow!("{why} on {}\n{}", host.name, cell.last_lines(40))),
    }
}

/// Installs a wheel by pip into a folder of its own.
fn unpack(folder: &Path, wheel: &Path, platform: &str, arguments: &Arguments) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    let cache = Cache::open()?;
    pip(&cache, arguments.offline).install_file(folder, wheel, platform)
}

/// Makes the wheel for CPython, and compares what it needs with CPython for macOS.
fn native_for_macos(
    tool: &Path,
    topic: &Topic,
    triple: &str,
    platform: &str,
    arguments: &Arguments,
) -> Result<String> {
    let out = hpy_tests::target().join("hpy/wheels/native").join(triple);
    let version = platforms::macos::VERSION;
    let native = ["--abi", "cpython", "--python-version", version];
    let wheel = make(tool, topic, triple, &out, arguments, &native)?;
    let folder = wheel.with_extension("installed");
    unpack(&folder, &wheel, platform, arguments)?;
    let count = macos::compare(&folder, &topic.name, triple, !arguments.offline)?;
    Ok(format!(
        "; CPython {version} for macOS has the {count} symbols that the native one needs"
    ))
}
