//! `cargo hpy`: builds and runs Python extensions written with `hpy`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_hpy::cli::main(std::env::args_os())
}
