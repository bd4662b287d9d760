//! `#[hpy_methods]` on the `impl` of a type with `#[hpy_type]`: parse -> check -> expand.

pub mod check;
mod expand;
pub mod parse;
pub mod role;
pub mod special;

use crate::report::Report;
use proc_macro2::TokenStream;
use quote::quote;

/// The expansion of `#[hpy_methods] impl …`.
pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    if !arguments.is_empty() {
        report.at(
            &arguments,
            "#[hpy_methods] has no options: those of a method stand above it, as #[hpy(name = \"…\")]",
        );
    }
    let parsed = match parse::parse(item.clone(), &mut report) {
        Ok(parsed) => parsed,
        Err(error) => {
            report.take(error);
            let errors = report.into_tokens();
            return quote!(#item #errors);
        }
    };
    let checked = check::check(&parsed, &mut report);
    if report.is_empty() {
        expand::methods(&parsed, &checked)
    } else {
        let (emitted, errors) = (expand::placeholder(&parsed), report.into_tokens());
        quote!(#emitted #errors)
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
