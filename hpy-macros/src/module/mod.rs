//! `hpy_module! { … }`: parse -> check -> expand.

mod check;
mod expand;
mod parse;

use crate::report::Report;
use proc_macro2::TokenStream;

/// The expansion of `hpy_module! { declaration }`.
pub fn expand(declaration: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let declaration = parse::declaration(declaration, &mut report);
    let module = check::check(declaration, &mut report);
    match module {
        Some(module) if report.is_empty() => expand::module(&module),
        _ => report.into_tokens(),
    }
}
