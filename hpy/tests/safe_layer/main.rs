//! The safe layer on a context in pure Rust: every method at least once, and what goes wrong.

// References convert too, which is tested.
#![allow(clippy::needless_borrows_for_generic_args)]

mod allocation;
mod arguments;
mod boundary;
mod calls;
mod collections;
mod context;
mod errors;
mod foreign;
mod kept;
mod misuse;
mod modules;
mod numbers;
mod objects;
mod text;

use hpy::prelude::*;

/// An error as Python shows it.
fn shown(ctx: Context<'_>, error: Error) -> String {
    match error.into_value(ctx) {
        Ok(exception) => format!("{}: {exception}", exception.type_name()),
        Err(error) => format!("no exception: {error}"),
    }
}

/// The error of a result, as Python shows it.
fn failure<T>(ctx: Context<'_>, result: Result<T>) -> String {
    match result {
        Ok(_) => "no error".to_owned(),
        Err(error) => shown(ctx, error),
    }
}
