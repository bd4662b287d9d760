//! `#[hpy_methods]` on the `impl` of a type with `#[hpy_type]`: parse -> check -> expand.

pub mod check;
mod expand;
pub mod parse;
pub mod role;
pub mod special;

use crate::function::in_module;
use crate::report::Report;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// The expansion of `#[hpy_methods] impl …`.
pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let keywords = options(arguments, &mut report);
    if in_module::is_module(&item) {
        return in_module(keywords, item, report);
    }
    let parsed = match parse::parse(item.clone(), &mut report) {
        Ok(parsed) => parsed,
        Err(error) => {
            report.take(error);
            let errors = report.into_tokens();
            return quote!(#item #errors);
        }
    };
    let checked = check::check(&parsed, keywords.is_some(), &mut report);
    if report.is_empty() {
        expand::methods(&parsed, &checked)
    } else {
        let (emitted, errors) = (expand::placeholder(&parsed), report.into_tokens());
        quote!(#emitted #errors)
    }
}

/// `keywords`, the only option.
fn options(arguments: TokenStream, report: &mut Report) -> Option<Ident> {
    let mut tokens = arguments.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (None, _) => None,
        (Some(TokenTree::Ident(word)), None) if word == "keywords" => Some(word),
        _ => {
            report.at(
                &arguments,
                "#[hpy_methods] has the option `keywords` only: write a method's options above \
                 it, as in #[hpy(name = \"…\")]",
            );
            None
        }
    }
}

/// The expansion of `#[hpy_methods(keywords)] mod …`.
fn in_module(keywords: Option<Ident>, item: TokenStream, mut report: Report) -> TokenStream {
    let expanded = match keywords {
        Some(keywords) => in_module::expand(&keywords, item.clone()),
        None => {
            if report.is_empty() {
                report.at_span(
                    Span::call_site(),
                    "#[hpy_methods] on a `mod` says how its functions take arguments: write \
                     #[hpy_methods(keywords)]",
                );
            }
            Ok(item.clone())
        }
    };
    let expanded = expanded.unwrap_or_else(|error| {
        report.take(error);
        item
    });
    let errors = report.into_tokens();
    quote!(#expanded #errors)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
