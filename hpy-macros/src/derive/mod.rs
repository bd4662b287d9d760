//! `#[derive(FromHandle)]` and `#[derive(IntoHandle)]`: parse -> check -> expand.

pub mod check;
#[cfg(test)]
mod check_tests;
pub mod direction;
mod from_handle;
mod into_handle;
mod options;
pub mod rename;

use crate::report::Report;
use crate::stubs;
pub use check::is_plain;
use direction::Direction;
use proc_macro2::TokenStream;
use syn::DeriveInput;

/// The expansion of `#[derive(…)] item`.
pub fn expand(direction: Direction, item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut report = Report::default();
    let checked = check::check(direction, &input, &mut report);
    match checked {
        Some(checked) if report.is_empty() => {
            let described = stubs::conversion(direction, &input, &checked);
            match direction {
                Direction::From => from_handle::expand(&input, &checked, described),
                Direction::Into => into_handle::expand(&input, &checked, described),
            }
        }
        _ => report.into_tokens(),
    }
}
