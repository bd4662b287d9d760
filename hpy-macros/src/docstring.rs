//! Doc comments as Python's docstrings.

use crate::report::Report;
use proc_macro2::{Literal, Span};
use std::ffi::CString;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The text of an item's doc comments, without common indentation and without blank lines at both
/// ends.
///
/// Reports text that a C string cannot hold, and `#[doc = include_str!(…)]`, whose text no macro
/// can see.
pub fn text(attributes: &[Attribute], report: &mut Report) -> String {
    let mut lines: Vec<String> = Vec::new();
    for attribute in attributes {
        let Meta::NameValue(meta) = &attribute.meta else {
            continue;
        };
        if !meta.path.is_ident("doc") {
            continue;
        }
        let Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) = &meta.value
        else {
            report.at(
                &meta.value,
                "a macro cannot read this text: write the docstring as a doc comment, or as a \
                 string literal",
            );
            continue;
        };
        if text.value().contains('\0') {
            report.at(text, "a docstring cannot hold a NUL character: remove it");
            continue;
        }
        lines.extend(
            text.value()
                .split('\n')
                .map(|line| line.trim_end().to_owned()),
        );
    }
    let indent = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| spaces(line))
        .min()
        .unwrap_or(0);
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or(""))
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// A `c"…"` literal. `text` contains no NUL: that was reported as an error before.
pub fn c_literal(text: &str, span: Span) -> Literal {
    let text = CString::new(text.replace('\0', "")).unwrap_or_default();
    let mut literal = Literal::c_string(&text);
    literal.set_span(span);
    literal
}

fn spaces(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;
    use syn::parse::Parser;

    fn text_of(tokens: proc_macro2::TokenStream) -> (String, Vec<String>) {
        let mut report = Report::default();
        let attributes = Attribute::parse_outer.parse2(tokens).unwrap();
        let text = text(&attributes, &mut report);
        (text, report.messages())
    }

    #[test]
    fn the_shared_space_goes_and_the_rest_stays() {
        let (text, errors) = text_of(quote! {
            #[doc = " First line."]
            #[inline]
            #[doc = ""]
            #[doc(hidden)]
            #[doc = "     indented"]
            #[doc = " last"]
            #[doc = ""]
        });
        assert_eq!(text, "First line.\n\n    indented\nlast");
        assert!(errors.is_empty());
        assert_eq!(text_of(quote!(#[inline])).0, "");
    }

    #[test]
    fn block_comments_are_lines_too() {
        let (text, _) = text_of(quote!(#[doc = " One\n two "]));
        assert_eq!(text, "One\ntwo");
    }

    #[test]
    fn what_python_cannot_have_is_refused() {
        assert_eq!(
            text_of(quote!(#[doc = "a\0b"])).1,
            ["a docstring cannot hold a NUL character: remove it"]
        );
        assert_eq!(
            text_of(quote!(#[doc = include_str!("x")])).1,
            [
                "a macro cannot read this text: write the docstring as a doc comment, or as a \
                 string literal"
            ]
        );
    }

    #[test]
    fn literals_are_c_strings() {
        assert_eq!(
            c_literal("a\n\"ü", Span::call_site()).to_string(),
            "c\"a\\n\\\"\u{fc}\""
        );
    }
}
