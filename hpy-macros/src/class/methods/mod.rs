//! `#[hpy_methods]` on the `impl` of a type with `#[hpy_type]`: parse -> check -> expand.

mod call_target;
pub mod check;
mod expand;
pub mod parse;
pub mod role;
pub mod special;

use crate::report::Report;
use proc_macro2::{Ident, TokenStream};
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
    let block = block(arguments, &mut report);
    let expanded = expand_block(item, block, &mut report);
    let errors = report.into_tokens();
    quote!(#expanded #errors)
}

/// The same without the errors, which are reported.
pub fn expand_block(item: TokenStream, block: Block, report: &mut Report) -> TokenStream {
    let parsed = match parse::parse(item.clone(), report) {
        Ok(parsed) => parsed,
        Err(error) => {
            report.take(error);
            return item;
        }
    };
    let checked = check::check(&parsed, report);
    if report.is_empty() {
        expand::methods(&parsed, &checked, &block)
    } else {
        expand::placeholder(&parsed, &block)
    }
}

/// Reads `block = io`.
fn block(arguments: TokenStream, report: &mut Report) -> Block {
    let mut block = Block::Unnamed;
    if arguments.is_empty() {
        return block;
    }
    let parser = |input: ParseStream| {
        let key: Ident = input.parse()?;
        if key != "block" {
            return Err(syn::Error::new(
                key.span(),
                "#[hpy_methods] has one option, `block = …`, the name of a further impl: write a \
                 method's options above it, as in #[hpy(name = \"…\")]",
            ));
        }
        input.parse::<Token![=]>()?;
        block = Block::Named(input.parse()?);
        input.parse::<Option<Token![,]>>()?;
        Ok(())
    };
    if let Err(error) = parser.parse2(arguments) {
        report.take(error);
    }
    block
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
