//! `#[hpy::test]` on a free function: parse -> check -> expand.

use crate::function::parse::{self, Function, Parameter};
use crate::report::Report;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Type};

const SIGNATURE: &str = "a test takes the context and nothing else: `ctx: Context<'_>`";

/// The expansion of `#[hpy::test(arguments)] item`.
pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let is_parallel = options(arguments, &mut report);
    let function = match parse::function(item.clone()) {
        Ok(function) => function,
        Err(_) => {
            report.at(&item, "#[hpy::test] goes on a free function with a body");
            let errors = report.into_tokens();
            return quote!(#item #errors);
        }
    };
    check(&function, &mut report);
    if !report.is_empty() {
        let (rest, errors) = (&function.rest, report.into_tokens());
        return quote!(#[allow(dead_code)] #rest #errors);
    }
    let Function {
        attributes,
        name,
        rest,
        ..
    } = &function;
    quote!(::hpy::__test! { [#(#attributes)*] #name #is_parallel { #rest } })
}

/// Whether it is `parallel`.
fn options(arguments: TokenStream, report: &mut Report) -> bool {
    let mut is_parallel = false;
    for token in arguments {
        match &token {
            TokenTree::Ident(word) if word == "parallel" => is_parallel = true,
            TokenTree::Punct(punct) if punct.as_char() == ',' => {}
            _ => {
                report.at(
                    &token,
                    "#[hpy::test] has one option: `parallel`, for tests that run at the same time",
                );
                break;
            }
        }
    }
    is_parallel
}

fn check(function: &Function, report: &mut Report) {
    for word in &function.qualifiers {
        report.at(word, format!("a test cannot be `{word}`"));
    }
    for attribute in &function.options {
        report.at(attribute, "a test has no options for Python: remove it");
    }
    for attribute in &function.attributes {
        if is_test(attribute) {
            report.at(
                attribute,
                "#[hpy::test] makes the function a test already: remove this",
            );
        }
    }
    if !function.generics.params.is_empty()
        && function.generics.params.len() != function.generics.lifetimes().count()
    {
        report.at(
            &function.generics,
            "a test has no type parameters: nobody calls it with types",
        );
    }
    match &function.parameters[..] {
        [] => report.at(
            &function.name,
            format!("{SIGNATURE} (without Python, plain #[test] does)"),
        ),
        [Parameter::Named { ty, .. }] if is_context(ty) => {}
        [Parameter::Named { ty, .. }] => report.at(ty, SIGNATURE),
        [Parameter::Receiver(tokens)] => {
            report.at(
                tokens,
                "#[hpy::test] goes on a free function, outside of impls",
            );
        }
        [Parameter::Pattern(tokens)] => report.at(tokens, SIGNATURE),
        [Parameter::Variadic(span)] => report.at_span(*span, SIGNATURE),
        [_, second, ..] => match second {
            Parameter::Named { name, .. } => report.at(name, SIGNATURE),
            Parameter::Receiver(tokens) | Parameter::Pattern(tokens) => {
                report.at(tokens, SIGNATURE);
            }
            Parameter::Variadic(span) => report.at_span(*span, SIGNATURE),
        },
    }
}

/// `#[test]`, `#[tokio::test]` and their like.
fn is_test(attribute: &Attribute) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| last.ident == "test")
}

/// `Context<'_>` by any path.
fn is_context(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == "Context")
        }
        _ => {
            // A group around a type that another macro wrote.
            let mut tokens = ty.to_token_stream().into_iter();
            matches!(
                (tokens.next(), tokens.next()),
                (Some(TokenTree::Group(group)), None)
                    if syn::parse2(group.stream()).is_ok_and(|ty| is_context(&ty))
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(arguments: TokenStream, item: TokenStream) -> String {
        expand(arguments, item).to_string()
    }

    #[test]
    fn the_function_and_its_attributes_are_passed_on() {
        let item = quote! {
            #[should_panic]
            fn fails(ctx: hpy::Context<'_>) -> Result<()> {
                Ok(())
            }
        };
        let expected = quote! {
            ::hpy::__test! {
                [#[should_panic]] fails true {
                    fn fails(ctx: hpy::Context<'_>) -> Result<()> {
                        Ok(())
                    }
                }
            }
        };
        assert_eq!(expanded(quote!(parallel), item), expected.to_string());
    }

    #[test]
    fn mistakes_are_told() {
        let cases = [
            (
                quote!(),
                quote!(
                    fn f() {}
                ),
                "plain #[test] does",
            ),
            (
                quote!(),
                quote!(
                    fn f(n: i64) {}
                ),
                "takes the context",
            ),
            (
                quote!(),
                quote!(
                    fn f(ctx: Context<'_>, n: i64) {}
                ),
                "nothing else",
            ),
            (
                quote!(),
                quote!(
                    async fn f(ctx: Context<'_>) {}
                ),
                "cannot be `async`",
            ),
            (
                quote!(),
                quote!(
                    #[test]
                    fn f(ctx: Context<'_>) {}
                ),
                "already",
            ),
            (
                quote!(),
                quote!(
                    fn f<T>(ctx: Context<'_>) {}
                ),
                "no type parameters",
            ),
            (
                quote!(),
                quote!(
                    struct S;
                ),
                "free function",
            ),
            (
                quote!(serial),
                quote!(
                    fn f(ctx: Context<'_>) {}
                ),
                "one option",
            ),
        ];
        for (arguments, item, words) in cases {
            let text = expanded(arguments, item);
            assert!(text.contains("compile_error"), "{text}");
            assert!(text.contains(words), "{text}");
        }
    }
}
