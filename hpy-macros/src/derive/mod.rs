//! `#[derive(FromHandle)]` and `#[derive(IntoHandle)]`: parse -> check -> expand.

pub mod check;
#[cfg(test)]
mod check_tests;
mod from_handle;
mod into_handle;
mod options;
pub mod rename;

pub use check::is_plain;

use crate::report::Report;
use proc_macro2::TokenStream;
use syn::DeriveInput;

/// Which of the two is derived.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    From,
    Into,
}

impl Direction {
    fn name(self) -> &'static str {
        match self {
            Direction::From => "FromHandle",
            Direction::Into => "IntoHandle",
        }
    }
}

/// The expansion of `#[derive(…)] item`.
pub fn expand(direction: Direction, item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut report = Report::default();
    let checked = check::check(direction, &input, &mut report);
    match checked {
        Some(checked) if report.is_empty() => match direction {
            Direction::From => from_handle::expand(&input, &checked),
            Direction::Into => into_handle::expand(&input, &checked),
        },
        _ => report.into_tokens(),
    }
}
