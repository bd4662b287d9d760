//! `#[hpy_methods]` on the `impl` of a type with `#[hpy_type]`: parse -> check -> expand.

mod call_target;
pub mod check;
mod expand;
pub mod parse;
pub mod role;
pub mod special;

use crate::function::in_module;
use crate::report::Report;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Token;
use syn::parse::{ParseStream, Parser};

/// Which of a type's impls it is.
pub enum Block {
    /// The one without a name.
    Unnamed,
    /// `#[hpy_methods(block = io)]`
    Named(Ident),
    /// The one that the type's options make.
    Generated(Ident),
}

impl Block {
    /// The name, if there is one.
    pub fn name(&self) -> Option<&Ident> {
        match self {
            Self::Unnamed => None,
            Self::Named(name) | Self::Generated(name) => Some(name),
        }
    }
}

/// The expansion of `#[hpy_methods] impl …`.
pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let (keywords, block) = options(arguments, &mut report);
    if in_module::is_module(&item) {
        if let Block::Named(name) = &block {
            report.at(
                name,
                "a block belongs to a type: write its name above an `impl`",
            );
        }
        return in_module(keywords, item, report);
    }
    let expanded = expand_block(item, block, keywords.is_some(), &mut report);
    let errors = report.into_tokens();
    quote!(#expanded #errors)
}

/// The same without the errors, which are reported.
pub fn expand_block(
    item: TokenStream,
    block: Block,
    keywords: bool,
    report: &mut Report,
) -> TokenStream {
    let parsed = match parse::parse(item.clone(), report) {
        Ok(parsed) => parsed,
        Err(error) => {
            report.take(error);
            return item;
        }
    };
    let checked = check::check(&parsed, keywords, report);
    if report.is_empty() {
        expand::methods(&parsed, &checked, &block)
    } else {
        expand::placeholder(&parsed, &block)
    }
}

/// Reads `keywords, block = io`.
fn options(arguments: TokenStream, report: &mut Report) -> (Option<Ident>, Block) {
    let (mut keywords, mut block) = (None, Block::Unnamed);
    let parser = |input: ParseStream| {
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            if key == "keywords" {
                keywords = Some(key);
            } else if key == "block" {
                input.parse::<Token![=]>()?;
                block = Block::Named(input.parse()?);
            } else {
                return Err(syn::Error::new(
                    key.span(),
                    "#[hpy_methods] has the options `keywords` and `block = …`, the name of a \
                     further impl: write a method's options above it, as in #[hpy(name = \"…\")]",
                ));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(arguments) {
        report.take(error);
    }
    (keywords, block)
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
