//! `signature = (a, /, b = 1, *args, c, **kw)`: the parameters as Python sees them.

use crate::expression::until_comma;
use crate::python_name;
use crate::report::{Report, error_here};
use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Result, Token, parenthesized};

/// One entry between the commas, as written.
pub enum SignatureItem {
    /// `/`
    Slash(Span),
    /// `*`
    Star(Span),
    /// `a` or `a = 1`
    Name {
        name: Ident,
        default: Option<TokenStream>,
    },
    /// `*args`
    VarPositional(Ident),
    /// `**kw`
    VarKeyword(Ident),
}

/// How a parameter may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    PositionalOnly,
    PositionalOrKeyword,
    KeywordOnly,
}

/// A parameter that takes one argument.
pub struct Parameter {
    pub name: Ident,
    pub kind: ParameterKind,
    pub default: Option<TokenStream>,
}

/// A signature that is in order.
#[derive(Default)]
pub struct Signature {
    /// In the order of the signature; `*args` and `**kw` are not among them.
    pub parameters: Vec<Parameter>,
    /// `*args`, and the number of parameters before it.
    pub var_positional: Option<(Ident, usize)>,
    pub var_keyword: Option<Ident>,
}

impl Signature {
    /// The names in the order of the signature.
    pub fn names(&self) -> Vec<&Ident> {
        let mut names: Vec<&Ident> = self
            .parameters
            .iter()
            .map(|parameter| &parameter.name)
            .collect();
        if let Some((name, place)) = &self.var_positional {
            names.insert(*place, name);
        }
        names.extend(&self.var_keyword);
        names
    }
}

/// Parses the parentheses and what is in them.
pub fn parse(input: ParseStream) -> Result<Vec<SignatureItem>> {
    let content;
    parenthesized!(content in input);
    let mut items = Vec::new();
    while !content.is_empty() {
        items.push(item(&content)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(items)
}

fn item(input: ParseStream) -> Result<SignatureItem> {
    if input.peek(Token![/]) {
        return Ok(SignatureItem::Slash(input.parse::<Token![/]>()?.span));
    }
    if input.peek(Token![*]) {
        let star = input.parse::<Token![*]>()?;
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(SignatureItem::Star(star.span));
        }
        let double = input.parse::<Option<Token![*]>>()?.is_some();
        let name = input.call(Ident::parse_any)?;
        if input.peek(Token![=]) {
            return Err(error_here(
                input,
                format!(
                    "`{}{name}` takes what is left over and has no default: remove it",
                    if double { "**" } else { "*" }
                ),
            ));
        }
        return Ok(if double {
            SignatureItem::VarKeyword(name)
        } else {
            SignatureItem::VarPositional(name)
        });
    }
    if !input.peek(Ident::peek_any) {
        return Err(error_here(
            input,
            "a signature holds parameter names, `/`, `*`, `*args` and `**kw`",
        ));
    }
    let name = input.call(Ident::parse_any)?;
    if input.peek(Token![:]) {
        return Err(error_here(
            input,
            format!("the type of `{name}` stands in the function: write the name alone here"),
        ));
    }
    let default = match input.parse::<Option<Token![=]>>()? {
        Some(_) => Some(until_comma(input)?),
        None => None,
    };
    Ok(SignatureItem::Name { name, default })
}

/// The rules of Python for the order of parameters.
pub fn check(items: &[SignatureItem], report: &mut Report) -> Signature {
    let mut signature = Signature::default();
    let mut slash = false;
    let mut star: Option<Span> = None; // of `*` or `*args`
    let mut bare_star: Option<Span> = None; // of a `*` that nothing followed yet
    for item in items {
        if let Some(last) = &signature.var_keyword {
            let span = match item {
                SignatureItem::Slash(span) | SignatureItem::Star(span) => *span,
                SignatureItem::Name { name, .. }
                | SignatureItem::VarPositional(name)
                | SignatureItem::VarKeyword(name) => name.span(),
            };
            report.at_span(
                span,
                format!("nothing can stand after `**{last}`: move this before it"),
            );
        }
        match item {
            SignatureItem::Slash(span) => {
                if slash {
                    report.at_span(*span, "`/` stands here a second time: keep one");
                } else if star.is_some() {
                    report.at_span(
                        *span,
                        "`/` must stand before `*`: it ends the positional-only parameters",
                    );
                } else if signature.parameters.is_empty() {
                    report.at_span(
                        *span,
                        "`/` makes the parameters before it positional-only, and there are none: remove it",
                    );
                }
                slash = true;
                for parameter in &mut signature.parameters {
                    if star.is_none() {
                        parameter.kind = ParameterKind::PositionalOnly;
                    }
                }
            }
            SignatureItem::Star(span) => {
                if star.is_some() {
                    report.at_span(*span, "`*` stands here a second time: keep one");
                }
                star = Some(*span);
                bare_star = Some(*span);
            }
            SignatureItem::VarPositional(name) => {
                if star.is_some() {
                    report.at(
                        name,
                        format!("`*` stands before `*{name}` already: keep one"),
                    );
                } else {
                    signature.var_positional = Some((name.clone(), signature.parameters.len()));
                }
                star = Some(name.span());
            }
            SignatureItem::VarKeyword(name) => {
                if signature.var_keyword.is_none() {
                    signature.var_keyword = Some(name.clone());
                }
            }
            SignatureItem::Name { name, default } => {
                bare_star = None;
                let kind = if star.is_some() {
                    ParameterKind::KeywordOnly
                } else {
                    ParameterKind::PositionalOrKeyword
                };
                if kind != ParameterKind::KeywordOnly
                    && default.is_none()
                    && let Some(earlier) = signature
                        .parameters
                        .iter()
                        .find(|parameter| parameter.default.is_some())
                {
                    report.at(
                        name,
                        format!(
                            "`{name}` has no default but follows `{}`, which has one: give `{name}` one too, or move it forward",
                            earlier.name
                        ),
                    );
                }
                signature.parameters.push(Parameter {
                    name: name.clone(),
                    kind,
                    default: default.clone(),
                });
            }
        }
    }
    if let Some(span) = bare_star {
        report.at_span(
            span,
            "`*` makes the parameters after it keyword-only, and there are none: remove it",
        );
    }
    check_names(&signature, report);
    signature
}

fn check_names(signature: &Signature, report: &mut Report) {
    let mut seen: Vec<&Ident> = Vec::new();
    for name in signature.names() {
        if seen.contains(&name) {
            report.at(
                name,
                format!("`{name}` stands in the signature twice: keep one"),
            );
        }
        seen.push(name);
        check_name(name, report);
    }
}

/// Reports a parameter that Python code could not name.
pub fn check_name(name: &Ident, report: &mut Report) {
    let plain = python_name::of_ident(name);
    if let Some(problem) = python_name::problem(&plain) {
        report.at(
            name,
            format!("{problem}: rename the parameter, for example to `{plain}_`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;
    use syn::parse::Parser;

    fn read(tokens: TokenStream) -> (Signature, Vec<String>) {
        let mut report = Report::default();
        match parse.parse2(quote!((#tokens))) {
            Ok(items) => (check(&items, &mut report), report.messages()),
            Err(error) => (Signature::default(), vec![error.to_string()]),
        }
    }

    fn shape(tokens: TokenStream) -> String {
        let (signature, errors) = read(tokens);
        assert!(errors.is_empty(), "{errors:?}");
        let mut words: Vec<String> = Vec::new();
        for parameter in &signature.parameters {
            let kind = match parameter.kind {
                ParameterKind::PositionalOnly => "p",
                ParameterKind::PositionalOrKeyword => "pk",
                ParameterKind::KeywordOnly => "k",
            };
            let default = parameter
                .default
                .as_ref()
                .map(|tokens| format!("={tokens}"))
                .unwrap_or_default();
            words.push(format!("{kind}:{}{default}", parameter.name));
        }
        words.extend(
            signature
                .var_positional
                .map(|(name, place)| format!("*{name}@{place}")),
        );
        words.extend(signature.var_keyword.map(|name| format!("**{name}")));
        words.join(" ")
    }

    #[test]
    fn every_shape_is_understood() {
        assert_eq!(shape(quote!()), "");
        assert_eq!(shape(quote!(a, b)), "pk:a pk:b");
        assert_eq!(shape(quote!(a, b, /)), "p:a p:b");
        assert_eq!(shape(quote!(a, /, b = 1)), "p:a pk:b=1");
        assert_eq!(shape(quote!(a, *, b)), "pk:a k:b");
        assert_eq!(shape(quote!(a = 1, *, b)), "pk:a=1 k:b");
        assert_eq!(shape(quote!(*args)), "*args@0");
        assert_eq!(shape(quote!(**kw)), "**kw");
        assert_eq!(shape(quote!(a, /, b = f(1, 2), *args, c, d = -1, **kw,)), {
            "p:a pk:b=f (1 , 2) k:c k:d=- 1 *args@2 **kw"
        });
        assert_eq!(shape(quote!(r#type)), "pk:r#type");
    }

    #[test]
    fn names_come_in_the_order_of_the_signature() {
        let (signature, _) = read(quote!(a, *args, b, **kw));
        let names: Vec<String> = signature
            .names()
            .into_iter()
            .map(Ident::to_string)
            .collect();
        assert_eq!(names, ["a", "args", "b", "kw"]);
    }

    #[test]
    fn every_error_says_how_to_mend_it() {
        let cases = [
            (
                quote!(a, /, b, /),
                "`/` stands here a second time: keep one",
            ),
            (
                quote!(*, a, /),
                "`/` must stand before `*`: it ends the positional-only parameters",
            ),
            (
                quote!(/, a),
                "`/` makes the parameters before it positional-only, and there are none: remove it",
            ),
            (
                quote!(*, a, *, b),
                "`*` stands here a second time: keep one",
            ),
            (
                quote!(*, a, *args),
                "`*` stands before `*args` already: keep one",
            ),
            (
                quote!(a, *),
                "`*` makes the parameters after it keyword-only, and there are none: remove it",
            ),
            (
                quote!(*, **kw),
                "`*` makes the parameters after it keyword-only, and there are none: remove it",
            ),
            (
                quote!(**kw, a),
                "nothing can stand after `**kw`: move this before it",
            ),
            (
                quote!(**kw, **more),
                "nothing can stand after `**kw`: move this before it",
            ),
            (
                quote!(a, b, a),
                "`a` stands in the signature twice: keep one",
            ),
            (
                quote!(a = 1, b),
                "`b` has no default but follows `a`, which has one: give `b` one too, or move it forward",
            ),
            (
                quote!(*args = 1),
                "`*args` takes what is left over and has no default: remove it",
            ),
            (
                quote!(**kw = 1),
                "`**kw` takes what is left over and has no default: remove it",
            ),
            (
                quote!(a: i64),
                "the type of `a` stands in the function: write the name alone here",
            ),
            (
                quote!(1),
                "a signature holds parameter names, `/`, `*`, `*args` and `**kw`",
            ),
            (quote!(a = ), "an expression is missing here"),
            (quote!(a b), "expected `,`"),
            (
                quote!(lambda),
                "`lambda` is a keyword of Python: rename the parameter, for example to `lambda_`",
            ),
        ];
        for (tokens, message) in cases {
            let shown = tokens.to_string();
            assert_eq!(read(tokens).1, [message], "{shown}");
        }
    }

    #[test]
    fn all_errors_come_at_once() {
        assert_eq!(read(quote!(/, a = 1, b, *)).1.len(), 3);
    }
}
