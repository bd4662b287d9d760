//! `#[hpy_methods(keywords)]` on an inline `mod`: the option goes to the functions and types in it.
//!
//! `hpy_module!` comes too late for such an option, since it sees a function only after its
//! expansion. An attribute on the `mod` comes before: it writes the option into the attributes of
//! the items, which are expanded afterwards.

use super::attribute::is_named;
use crate::report::error_here;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Result, Token, Visibility};

/// Whether the item is a `mod`.
pub fn is_module(item: &TokenStream) -> bool {
    let parser = |input: ParseStream| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let is_module = input.peek(Token![mod]);
        input.parse::<TokenStream>()?;
        Ok(is_module)
    };
    parser.parse2(item.clone()).unwrap_or(false)
}

/// The `mod` with the option in each `#[hpy_method]` and `#[hpy_methods]` of it.
pub fn expand(keywords: &Ident, item: TokenStream) -> Result<TokenStream> {
    let parser = |input: ParseStream| {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility: Visibility = input.parse()?;
        let word: Token![mod] = input.parse()?;
        let name: Ident = input.parse()?;
        if input.peek(Token![;]) {
            return Err(error_here(
                input,
                "#[hpy_methods] needs a `mod` with its items in braces: a macro cannot see \
                 another file",
            ));
        }
        let body: Group = input.parse()?;
        let mut written = Group::new(Delimiter::Brace, items(keywords, body.stream()));
        written.set_span(body.span());
        Ok(quote!(#(#attributes)* #visibility #word #name #written))
    };
    parser.parse2(item)
}

/// The items of a `mod`, and of those within it.
fn items(keywords: &Ident, tokens: TokenStream) -> TokenStream {
    let mut written = TokenStream::new();
    // The last two tokens, by which `#[…]` and `mod name {…}` are known.
    let (mut before, mut last): (Option<TokenTree>, Option<TokenTree>) = (None, None);
    for token in tokens {
        let is_word = |token: &Option<TokenTree>, word: &str| match token {
            Some(TokenTree::Ident(ident)) => ident == word,
            _ => false,
        };
        let token = match token {
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Bracket
                    && matches!(&last, Some(TokenTree::Punct(sign)) if sign.as_char() == '#') =>
            {
                replaced(&group, attribute(keywords, group.stream()))
            }
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Brace && is_word(&before, "mod") =>
            {
                replaced(&group, items(keywords, group.stream()))
            }
            token => token,
        };
        before = last.replace(token.clone());
        written.extend([token]);
    }
    written
}

fn replaced(group: &Group, stream: TokenStream) -> TokenTree {
    let mut replaced = Group::new(group.delimiter(), stream);
    replaced.set_span(group.span());
    TokenTree::Group(replaced)
}

/// What stands in `#[…]`, with the option if it is one of the two attributes.
fn attribute(keywords: &Ident, written: TokenStream) -> TokenStream {
    match syn::parse2::<Meta>(written.clone()) {
        Ok(meta) => with_option(keywords, &meta).unwrap_or(written),
        Err(_) => written,
    }
}

fn with_option(keywords: &Ident, meta: &Meta) -> Option<TokenStream> {
    let path = meta.path();
    if is_named(path, "cfg_attr")
        && let Meta::List(list) = meta
    {
        let parts = Punctuated::<Meta, Token![,]>::parse_terminated;
        let parts = parts.parse2(list.tokens.clone()).ok()?;
        let parts = parts
            .iter()
            .map(|part| with_option(keywords, part).unwrap_or_else(|| part.to_token_stream()));
        return Some(quote!(#path(#(#parts),*)));
    }
    if !is_named(path, "hpy_method") && !is_named(path, "hpy_methods") {
        return None;
    }
    match meta {
        Meta::Path(path) => Some(quote!(#path(#keywords))),
        Meta::List(list) if !decides(&list.tokens) => {
            let options = &list.tokens;
            let comma = (!options.is_empty()).then(|| quote!(,));
            Some(quote!(#path(#keywords #comma #options)))
        }
        _ => None,
    }
}

/// Whether the options say themselves how arguments are passed.
fn decides(options: &TokenStream) -> bool {
    options.clone().into_iter().any(|token| {
        matches!(&token, TokenTree::Ident(word) if word == "signature" || word == "keywords")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;

    fn shown(item: TokenStream) -> String {
        let keywords = Ident::new("keywords", Span::call_site());
        match expand(&keywords, item) {
            Ok(tokens) => tokens.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn each_function_and_type_gets_the_option() {
        let written = quote! {
            /// Text.
            pub mod functions {
                #[hpy_method]
                fn a(x: i64) { #[hpy_method] fn inner() {} }
                #[hpy::hpy_method(name = "c")]
                fn b() {}
                #[hpy_method(signature = (x, /))]
                fn c(x: i64) {}
                #[cfg_attr(feature = "python", hpy_method, inline)]
                fn d() {}
                #[hpy_type]
                struct S {}
                #[hpy_methods]
                impl S {}
                mod inner {
                    #[hpy_methods(keywords)]
                    impl S {}
                    #[hpy_method()]
                    fn e() {}
                }
            }
        };
        let expected = quote! {
            /// Text.
            pub mod functions {
                #[hpy_method(keywords)]
                fn a(x: i64) { #[hpy_method] fn inner() {} }
                #[hpy::hpy_method(keywords, name = "c")]
                fn b() {}
                #[hpy_method(signature = (x, /))]
                fn c(x: i64) {}
                #[cfg_attr(feature = "python", hpy_method(keywords), inline)]
                fn d() {}
                #[hpy_type]
                struct S {}
                #[hpy_methods(keywords)]
                impl S {}
                mod inner {
                    #[hpy_methods(keywords)]
                    impl S {}
                    #[hpy_method(keywords)]
                    fn e() {}
                }
            }
        };
        assert_eq!(shown(written), expected.to_string());
    }

    #[test]
    fn another_file_is_not_seen() {
        let message = "#[hpy_methods] needs a `mod` with its items in braces: a macro cannot see \
                       another file";
        assert_eq!(
            shown(quote!(
                pub mod functions;
            )),
            message
        );
    }

    #[test]
    fn a_module_is_known() {
        assert!(is_module(&quote!(
            #[cfg(x)]
            pub(crate) mod m {}
        )));
        assert!(!is_module(&quote!(impl S {})));
    }
}
