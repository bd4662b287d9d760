//! The user's Rust expressions, kept as tokens. The compiler parses them where they are emitted.

use crate::report::error_here;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Result;
use syn::parse::ParseStream;

/// Everything up to the next separating comma or the end.
///
/// Commas inside brackets, in a turbofish (`HashMap::<K, V>::new()`) or in a qualified path
/// (`<T as From<A, B>>::from(x)`) do not separate. A closure with two parameters needs parentheses
/// around it.
pub fn until_comma(input: ParseStream) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut angles = 0usize;
    let (mut last, mut before_last) = (None, None);
    while !(input.is_empty() || angles == 0 && input.peek(syn::Token![,])) {
        let token: TokenTree = input.parse()?;
        let punct = match &token {
            TokenTree::Punct(punct) => Some(punct.as_char()),
            _ => None,
        };
        match punct {
            Some('<')
                if angles > 0
                    || tokens.is_empty()
                    || (last, before_last) == (Some(':'), Some(':')) =>
            {
                angles += 1
            }
            Some('>') if last != Some('-') && last != Some('=') => {
                angles = angles.saturating_sub(1)
            }
            _ => {}
        }
        (before_last, last) = (last, punct);
        tokens.extend([token]);
    }
    if tokens.is_empty() {
        return Err(error_here(input, "an expression is missing here"));
    }
    Ok(tokens)
}

/// The spans of the first and the last token, with mixed-site hygiene. Errors in code emitted
/// between the two underline the user's tokens.
pub fn ends(tokens: &impl ToTokens) -> Option<(Span, Span)> {
    let mut tokens = tokens.to_token_stream().into_iter();
    let first = tokens.next()?;
    let last = tokens.last().unwrap_or_else(|| first.clone());
    let here = Span::mixed_site();
    Some((here.located_at(first.span()), here.located_at(last.span())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;
    use syn::parse::Parser;

    fn parts(tokens: TokenStream) -> Result<Vec<String>> {
        let parser = |input: ParseStream| {
            let mut parts = Vec::new();
            while !input.is_empty() {
                parts.push(until_comma(input)?.to_string());
                if !input.is_empty() {
                    input.parse::<syn::Token![,]>()?;
                }
            }
            Ok(parts)
        };
        parser.parse2(tokens)
    }

    #[test]
    fn commas_inside_an_expression_do_not_end_it() {
        let parts = parts(quote!(
            f(1, 2),
            Map::<A, Vec<B>>::new(),
            <A as From<B, C>>::from(x),
            a < b,
            c > d
        ))
        .unwrap();
        assert_eq!(parts.len(), 5, "{parts:?}");
        assert_eq!(parts[1], quote!(Map::<A, Vec<B>>::new()).to_string());
        assert_eq!(parts[3], "a < b");
    }

    #[test]
    fn nothing_is_no_expression() {
        assert_eq!(
            parts(quote!(1,,2)).unwrap_err().to_string(),
            "an expression is missing here"
        );
    }
}
