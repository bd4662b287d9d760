//! The docstring as CPython keeps it: the text signature, then the text.

use super::signature::{Parameter, ParameterKind, Signature};
use crate::python_name;
use proc_macro2::{TokenStream, TokenTree};
use syn::Lit;

/// `name($module, a, /, b=1)\n--\n\n` and the text. `inspect.signature` and `help()` read the first line,
/// `__doc__` is what follows.
pub fn with_signature(name: &str, bound: &str, signature: &Signature, text: &str) -> String {
    format!("{name}({})\n--\n\n{text}", parameters(bound, signature))
}

/// What stands between the parentheses, with what a method is bound to before it.
pub fn parameters(bound: &str, signature: &Signature) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !bound.is_empty() {
        parts.push(bound.to_owned());
    }
    let parameters = &signature.parameters;
    let positional_only = parameters
        .iter()
        .filter(|parameter| parameter.kind == ParameterKind::PositionalOnly)
        .count();
    let star = match &signature.var_positional {
        Some((name, place)) => Some((*place, format!("*{}", python_name::of_ident(name)))),
        None => parameters
            .iter()
            .position(|parameter| parameter.kind == ParameterKind::KeywordOnly)
            .map(|place| (place, "*".to_owned())),
    };
    for place in 0..=parameters.len() {
        if place == positional_only && place > 0 {
            parts.push("/".to_owned());
        }
        if let Some((at, star)) = &star
            && *at == place
        {
            parts.push(star.clone());
        }
        parts.extend(parameters.get(place).map(parameter));
    }
    if let Some(name) = &signature.var_keyword {
        parts.push(format!("**{}", python_name::of_ident(name)));
    }
    parts.join(", ")
}

/// The same with a signature that the user wrote, `(a, b=1)`.
pub fn with_written(name: &str, bound: &str, written: &str, text: &str) -> String {
    let rest = written.strip_prefix('(').unwrap_or(written);
    let inner = rest.strip_suffix(')').unwrap_or(rest).trim();
    let separator = if inner.is_empty() { "" } else { ", " };
    format!("{name}({bound}{separator}{inner})\n--\n\n{text}")
}

fn parameter(parameter: &Parameter) -> String {
    let name = python_name::of_ident(&parameter.name);
    match &parameter.default {
        Some(value) => format!(
            "{name}={}",
            python_value(value).unwrap_or_else(|| "...".to_owned())
        ),
        None => name,
    }
}

/// A Rust expression as Python would write its value, if it is plain enough to tell.
pub fn python_value(tokens: &TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(word)] => match word.to_string().as_str() {
            "None" => Some("None".to_owned()),
            "true" => Some("True".to_owned()),
            "false" => Some("False".to_owned()),
            _ => None,
        },
        [TokenTree::Literal(literal)] => python_literal(&Lit::new(literal.clone())),
        [TokenTree::Group(group)] if group.stream().is_empty() => match group.delimiter() {
            // What it converts to and from.
            proc_macro2::Delimiter::Parenthesis => Some("None".to_owned()),
            _ => None,
        },
        [TokenTree::Group(group)] if group.delimiter() == proc_macro2::Delimiter::None => {
            python_value(&group.stream())
        }
        [TokenTree::Punct(minus), TokenTree::Literal(literal)] if minus.as_char() == '-' => {
            match Lit::new(literal.clone()) {
                number @ (Lit::Int(_) | Lit::Float(_)) => {
                    Some(format!("-{}", python_literal(&number)?))
                }
                _ => None,
            }
        }
        [TokenTree::Ident(some), TokenTree::Group(group)]
            if some == "Some" && group.delimiter() == proc_macro2::Delimiter::Parenthesis =>
        {
            python_value(&group.stream())
        }
        _ => None,
    }
}

fn python_literal(literal: &Lit) -> Option<String> {
    match literal {
        Lit::Int(number) => Some(number.base10_digits().to_owned()),
        // `1.` and `1.0` alike; a suffix is Rust's own.
        Lit::Float(number) => Some(number.base10_digits().to_owned()),
        Lit::Bool(value) => Some(if value.value { "True" } else { "False" }.to_owned()),
        Lit::Str(text) => Some(format!("'{}'", escape(text.value().chars()))),
        Lit::Char(letter) => Some(format!("'{}'", escape([letter.value()]))),
        Lit::ByteStr(bytes) => {
            let text: String = bytes
                .value()
                .iter()
                .map(|byte| match byte {
                    0x20..0x7f => escape([char::from(*byte)]),
                    _ => format!("\\x{byte:02x}"),
                })
                .collect();
            Some(format!("b'{text}'"))
        }
        _ => None,
    }
}

/// Text between Python's single quotes, on one line.
fn escape(text: impl IntoIterator<Item = char>) -> String {
    let mut escaped = String::new();
    for letter in text {
        match letter {
            '\'' | '\\' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '\r' => escaped.push_str("\\r"),
            _ if letter.is_control() => escaped.push_str(&format!("\\x{:02x}", u32::from(letter))),
            _ => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::signature;
    use super::*;
    use crate::report::Report;
    use quote::quote;
    use syn::parse::Parser;

    fn rendered(tokens: TokenStream) -> String {
        let items = signature::parse.parse2(quote!((#tokens))).unwrap();
        let mut report = Report::default();
        let signature = signature::check(&items, &mut report);
        assert!(report.is_empty(), "{:?}", report.messages());
        let doc = with_signature("f", "$module", &signature, "Text.");
        let (line, text) = doc.split_once("\n--\n\n").unwrap();
        assert_eq!(text, "Text.");
        line.to_owned()
    }

    #[test]
    fn signatures_are_shown_as_python_writes_them() {
        assert_eq!(rendered(quote!()), "f($module)");
        assert_eq!(rendered(quote!(a, b, /)), "f($module, a, b, /)");
        assert_eq!(
            rendered(quote!(a, /, b = 1, *args, c, **kw)),
            "f($module, a, /, b=1, *args, c, **kw)"
        );
        assert_eq!(rendered(quote!(a, /, *args)), "f($module, a, /, *args)");
        assert_eq!(rendered(quote!(a, *, b)), "f($module, a, *, b)");
        assert_eq!(
            rendered(quote!(a, /, *, r#type)),
            "f($module, a, /, *, type)"
        );
        assert_eq!(rendered(quote!(*, b = None)), "f($module, *, b=None)");
        assert_eq!(rendered(quote!(*args, **kw)), "f($module, *args, **kw)");
    }

    #[test]
    fn defaults_are_shown_as_python_values() {
        let shown =
            |tokens: TokenStream| rendered(quote!(a = #tokens)).replace("f($module, a=", "");
        assert_eq!(shown(quote!(1_000i64)), "1000)");
        assert_eq!(shown(quote!(0xff)), "255)");
        assert_eq!(shown(quote!(-1.5f32)), "-1.5)");
        assert_eq!(shown(quote!(1e300)), "1e300)");
        assert_eq!(shown(quote!(true)), "True)");
        assert_eq!(shown(quote!(false)), "False)");
        assert_eq!(shown(quote!(None)), "None)");
        assert_eq!(shown(quote!(Some(3))), "3)");
        assert_eq!(shown(quote!(())), "None)");
        assert_eq!(shown(quote!(Some(()))), "None)");
        assert_eq!(shown(quote!("it's\n\\ü\u{1}")), "'it\\'s\\n\\\\ü\\x01')");
        assert_eq!(shown(quote!('x')), "'x')");
        assert_eq!(shown(quote!(b"a\xff'")), "b'a\\xff\\'')");
        for other in [
            quote!(f()),
            quote!(A),
            quote!(1 + 1),
            quote!([]),
            quote!(-"a"),
            quote!(Some(f())),
        ] {
            assert_eq!(shown(other), "...)");
        }
    }
}
