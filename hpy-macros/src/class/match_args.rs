//! The option `match_args` of a type.

use crate::python_name;
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{LitStr, Result, Token, parenthesized};

/// `match_args`, or `match_args = (x, y)`.
pub struct MatchArgs {
    pub key: Ident,
    pub names: Option<Vec<(String, TokenStream)>>,
}

impl MatchArgs {
    /// Reads what follows the key.
    pub fn parse(key: &Ident, input: ParseStream) -> Result<Self> {
        let mut names = None;
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if !input.peek(syn::token::Paren) {
                return Err(input.error(
                    "write the attributes' names in parentheses, as in `match_args = (x, y)`",
                ));
            }
            let content;
            parenthesized!(content in input);
            let mut list = Vec::new();
            while !content.is_empty() {
                list.push(if content.peek(LitStr) {
                    let text: LitStr = content.parse()?;
                    (text.value(), text.to_token_stream())
                } else {
                    let name = content.call(Ident::parse_any)?;
                    (python_name::of_ident(&name), name.to_token_stream())
                });
                if !content.is_empty() {
                    content.parse::<Token![,]>()?;
                }
            }
            names = Some(list);
        }
        Ok(Self {
            key: key.clone(),
            names,
        })
    }
}
