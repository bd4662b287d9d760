//! The tasks of this workspace: `cargo xtask interpreters`, `cargo xtask matrix`.
//!
//! One module per task. A new one needs a module with its arguments and a `run`, a line in [`Task`]
//! and a line in `main`.

mod asan;
mod bench;
mod conformance;
mod import_time;
mod interpreters;
mod matrix;
mod package;
mod size;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test extension and example under AddressSanitizer, in the CPython ABI.
    Asan(asan::Arguments),
    /// Measure hpy against C and PyO3.
    Bench(bench::Arguments),
    /// Run HPy's own test suite, written in C, on our `hpy.universal`.
    Conformance(conformance::Arguments),
    /// Measure how long an import takes in each ABI.
    ImportTime(import_time::Arguments),
    /// Find the interpreters that hpy is tested on, and provide those that are missing.
    Interpreters(interpreters::Arguments),
    /// Run every test extension and example, built once, on every interpreter.
    Matrix(matrix::Arguments),
    /// Build the Python package hpy.
    Package(package::Arguments),
    /// Measure what hpy adds to an empty library.
    Size(size::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Asan(arguments) => asan::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Conformance(arguments) => conformance::run(&arguments),
        Task::ImportTime(arguments) => import_time::run(&arguments),
        Task::Interpreters(arguments) => interpreters::run(&arguments),
        Task::Matrix(arguments) => matrix::run(&arguments),
        Task::Package(arguments) => package::run(&arguments),
        Task::Size(arguments) => size::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
