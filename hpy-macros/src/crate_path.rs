//! The path of the crate `hpy` in emitted code: `::hpy`, as in this crate's sources, the name in
//! the user's `Cargo.toml`, or the path in `crate = …`.

use crate::manifest;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Removes `crate = path` (or `"path"`) from options, or `crate: path` from a declaration.
pub fn take(options: TokenStream) -> (TokenStream, Option<TokenStream>) {
    let mut parts: Vec<Vec<TokenTree>> = vec![Vec::new()];
    for token in options {
        let is_comma = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        match parts.last_mut() {
            Some(part) => part.push(token),
            None => parts.push(vec![token]),
        }
        if is_comma {
            parts.push(Vec::new());
        }
    }
    let mut path = None;
    parts.retain(|part| {
        let found = given_path(part);
        path = path.take().or(found.clone());
        found.is_none()
    });
    (parts.into_iter().flatten().collect(), path)
}

/// The path in `crate = path`.
fn given_path(part: &[TokenTree]) -> Option<TokenStream> {
    let [TokenTree::Ident(key), TokenTree::Punct(sign), path @ ..] = part else {
        return None;
    };
    let is_path = *key == "crate"
        && (sign.as_char() == '=' || sign.as_char() == ':' && sign.spacing() == Spacing::Alone);
    if !is_path {
        return None;
    }
    let path = match path {
        [path @ .., TokenTree::Punct(comma)] if comma.as_char() == ',' => path,
        path => path,
    };
    if let [TokenTree::Literal(literal)] = path
        && let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string())
        && let Ok(path) = text.value().parse()
    {
        return Some(path);
    }
    Some(path.iter().cloned().collect())
}

/// As [`take`], from the `#[hpy(…)]` attributes above an item.
pub fn take_of_item(item: TokenStream) -> (TokenStream, Option<TokenStream>) {
    let mut path = None;
    let mut is_attribute = false;
    let tokens = item.into_iter().map(|token| match token {
        TokenTree::Group(group) if is_attribute && group.delimiter() == Delimiter::Bracket => {
            is_attribute = false;
            let (inner, found) = take_of_attribute(group.stream());
            path = path.take().or(found);
            TokenTree::Group(with_stream(&group, inner))
        }
        token => {
            is_attribute = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
            token
        }
    });
    let tokens = tokens.collect();
    (tokens, path)
}

/// Of what stands in `#[…]`.
fn take_of_attribute(attribute: TokenStream) -> (TokenStream, Option<TokenStream>) {
    let tokens: Vec<TokenTree> = attribute.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(name), TokenTree::Group(options)] if *name == "hpy" => {
            let (options_left, path) = take(options.stream());
            let options = TokenTree::Group(with_stream(options, options_left));
            ([tokens[0].clone(), options].into_iter().collect(), path)
        }
        _ => (attribute, None),
    }
}

fn with_stream(group: &Group, stream: TokenStream) -> Group {
    let mut with = Group::new(group.delimiter(), stream);
    with.set_span(group.span());
    with
}

/// The emitted code with the actual path of the crate.
pub fn put(emitted: TokenStream, path: Option<TokenStream>) -> TokenStream {
    match path.or_else(renamed) {
        Some(path) => replaced(emitted, &path),
        None => emitted,
    }
}

/// `::hp`, if the crate being compiled uses that name.
fn renamed() -> Option<TokenStream> {
    // One process may expand macros for many crates, as in rust-analyzer.
    static KNOWN: Mutex<Option<HashMap<PathBuf, Option<String>>>> = Mutex::new(None);
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    let name = match known.get(&folder) {
        Some(name) => name.clone(),
        None => {
            let name = manifest::renamed(&folder);
            known.insert(folder, name.clone());
            name
        }
    };
    format!("::{}", name?).parse().ok()
}

/// Replaces every `::hpy` at the beginning of a path.
fn replaced(tokens: TokenStream, path: &TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut left = tokens.as_slice();
    let mut done: Vec<TokenTree> = Vec::with_capacity(tokens.len());
    loop {
        left = match left {
            [] => return done.into_iter().collect(),
            [
                TokenTree::Punct(a),
                TokenTree::Punct(b),
                TokenTree::Ident(name),
                rest @ ..,
            ] if *name == "hpy" && is_colons(a, b) && !follows_path(&done) => {
                done.extend(at(path, name.span()));
                rest
            }
            [TokenTree::Group(group), rest @ ..] => {
                let stream = replaced(group.stream(), path);
                done.push(TokenTree::Group(with_stream(group, stream)));
                rest
            }
            [token, rest @ ..] => {
                done.push(token.clone());
                rest
            }
        };
    }
}

fn is_colons(first: &Punct, second: &Punct) -> bool {
    first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':'
}

/// Whether the next tokens continue a path, as in `other::hpy` or `<T>::hpy`.
fn follows_path(before: &[TokenTree]) -> bool {
    const KEYWORDS: [&str; 18] = [
        "use", "as", "dyn", "impl", "in", "return", "mut", "for", "else", "match", "if", "while",
        "where", "const", "break", "ref", "move", "let",
    ];
    match before {
        [.., TokenTree::Ident(ident)] => !KEYWORDS.iter().any(|keyword| ident == keyword),
        [.., TokenTree::Punct(before), TokenTree::Punct(end)] if end.as_char() == '>' => {
            !matches!(before.as_char(), '-' | '=') || before.spacing() == Spacing::Alone
        }
        [.., TokenTree::Punct(end)] => end.as_char() == '>',
        _ => false,
    }
}

/// The path with the span of the replaced name, so that errors point there.
fn at(path: &TokenStream, span: Span) -> impl Iterator<Item = TokenTree> {
    path.clone().into_iter().map(move |mut token| {
        if let TokenTree::Ident(ident) = &token
            && ident == "crate"
        {
            return Ident::new("crate", token.span().located_at(span)).into();
        }
        token.set_span(token.span().located_at(span));
        token
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn renamed(tokens: TokenStream) -> String {
        replaced(tokens, &quote!(::hp)).to_string()
    }

    #[test]
    fn paths_that_begin_with_hpy_begin_with_the_path() {
        let emitted = quote! {
            use ::hpy::__private as __hpy;
            fn f(a: &::hpy::Handle<'_>) -> ::hpy::Result<::hpy::Context<'_>> {
                [::hpy::f(); 2]; g(|| ::hpy::x)
            }
        };
        let expected = quote! {
            use ::hp::__private as __hpy;
            fn f(a: &::hp::Handle<'_>) -> ::hp::Result<::hp::Context<'_>> {
                [::hp::f(); 2]; g(|| ::hp::x)
            }
        };
        assert_eq!(renamed(emitted), expected.to_string());
        let others = quote! { use other::hpy::x; fn f() { <T as U>::hpy; hpy::y() } };
        assert_eq!(renamed(others.clone()), others.to_string());
    }

    #[test]
    fn the_option_is_taken_out() {
        let path = |options| {
            let (rest, path) = take(options);
            (rest.to_string(), path.map(|path| path.to_string()))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(path(quote!(name = "x")), ("name = \"x\"".to_owned(), None));
        assert_eq!(path(quote!(crate = hp)), (String::new(), some("hp")));
        assert_eq!(
            path(quote!(crate = "a::hpy", frozen)),
            ("frozen".to_owned(), some("a :: hpy"))
        );
        assert_eq!(
            path(quote!(name: m, crate: crate::hpy, methods: [f])),
            (
                quote!(name: m, methods: [f]).to_string(),
                some("crate :: hpy")
            )
        );
        let (item, found) = take_of_item(quote!(
            #[doc = "x"]
            #[hpy(crate = hp, transparent)]
            struct S(i64);
        ));
        assert_eq!(
            item.to_string(),
            quote!(
                #[doc = "x"]
                #[hpy(transparent)]
                struct S(i64);
            )
            .to_string()
        );
        assert_eq!(found.map(|path| path.to_string()), some("hp"));
    }
}
