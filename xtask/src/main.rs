//! The tasks of this workspace: `cargo xtask interpreters`, `cargo xtask matrix`.
//!
//! One module per task. A new one needs a module with its arguments and a `run`, a line in [`Task`]
//! and a line in `main`.

#![forbid(unsafe_code)]

mod asan;
mod bench;
mod conformance;
mod deny;
mod docs;
mod embedded;
mod fuzz;
mod import_time;
mod interpreters;
mod matrix;
mod oldest;
mod package;
mod plain_imports;
mod platforms;
mod profile;
mod size;
mod surface;
mod tidy;
mod tools;
mod wheels;

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
    /// Build topics for another system. The matrix starts this where the tools are.
    #[command(hide = true)]
    BuildTopics(platforms::BuildArguments),
    /// Measure hpy against C and PyO3.
    Bench(bench::Arguments),
    /// Run HPy's own test suite, written in C, on our `hpy.universal`.
    Conformance(conformance::Arguments),
    /// Check the dependencies' licences, sources, duplicates and known defects.
    Deny(deny::Arguments),
    /// Build the documentation and the book with warnings denied, and check all links.
    Docs(docs::Arguments),
    /// Run tests in Rust that use Python, built once, on every CPython with a shared library.
    Embedded(embedded::Arguments),
    /// Run each fuzz target for a minute, under AddressSanitizer.
    Fuzz(fuzz::Arguments),
    /// Measure how long an import takes in each ABI.
    ImportTime(import_time::Arguments),
    /// Find the interpreters that hpy is tested on, and provide those that are missing.
    Interpreters(interpreters::Arguments),
    /// Run every test extension and example, built once, on every interpreter.
    Matrix(matrix::Arguments),
    /// Check the published crates with the oldest dependencies and the oldest Rust that they
    /// promise.
    Oldest(oldest::Arguments),
    /// Build the Python package hpy.
    Package(package::Arguments),
    /// Do what the book says of universal files without the tool, on several interpreters.
    PlainImports(plain_imports::Arguments),
    /// Measure what hpy adds to an empty library.
    Size(size::Arguments),
    /// Compare the public items of hpy with those recorded.
    Surface(surface::Arguments),
    /// Check the sources: circles of files, wide lines, long files.
    Tidy(tidy::Arguments),
    /// Make wheels of two examples for eight platforms, and test them where an emulator can.
    Wheels(wheels::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Asan(arguments) => asan::run(&arguments),
        Task::BuildTopics(arguments) => platforms::run_build(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Conformance(arguments) => conformance::run(&arguments),
        Task::Deny(arguments) => deny::run(&arguments),
        Task::Docs(arguments) => docs::run(&arguments),
        Task::Embedded(arguments) => embedded::run(&arguments),
        Task::Fuzz(arguments) => fuzz::run(&arguments),
        Task::ImportTime(arguments) => import_time::run(&arguments),
        Task::Interpreters(arguments) => interpreters::run(&arguments),
        Task::Matrix(arguments) => matrix::run(&arguments),
        Task::Oldest(arguments) => oldest::run(&arguments),
        Task::Package(arguments) => package::run(&arguments),
        Task::PlainImports(arguments) => plain_imports::run(&arguments),
        Task::Size(arguments) => size::run(&arguments),
        Task::Surface(arguments) => surface::run(&arguments),
        Task::Tidy(arguments) => tidy::run(&arguments),
        Task::Wheels(arguments) => wheels::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
