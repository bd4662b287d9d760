//! `hpy_module! { … }`: parse -> check -> expand.

pub mod check;
mod expand;
pub mod parse;

use crate::report::Report;
use proc_macro2::TokenStream;
use quote::quote;
use std::sync::atomic::{AtomicBool, Ordering};

/// The expansion of `hpy_module! { declaration }`.
pub fn expand(declaration: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let declaration = parse::declaration(declaration, &mut report);
    let module = check::check(declaration, &mut report);
    match module {
        Some(module) if report.is_empty() => {
            let module = expand::module(&module);
            let stand_ins = stand_ins();
            quote!(#module #stand_ins)
        }
        _ => report.into_tokens(),
    }
}

/// What the crate's unit tests are linked with in place of an interpreter. Emitted only with the
/// first module, because a second definition of the same names would be an error. A compiler
/// process expands the macros of one crate.
fn stand_ins() -> Option<TokenStream> {
    static DONE: AtomicBool = AtomicBool::new(false);
    (!DONE.swap(true, Ordering::Relaxed)).then(|| {
        quote! {
            #[cfg(test)]
            const _: () = {
                ::hpy::__stand_ins! {}
            };
        }
    })
}
