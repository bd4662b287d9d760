//! Tests from functions to calling conventions or errors.

use super::*;
use crate::function::{attribute, expand, parse};
use proc_macro2::TokenStream;
use quote::quote;

fn checked<T>(
    item: TokenStream,
    then: impl FnOnce(&Function, &Method) -> T,
) -> Result<T, Vec<String>> {
    let mut report = Report::default();
    let function = parse::function(item).unwrap_or_else(|error| panic!("{error}"));
    let mut options = attribute::MethodOptions::default();
    for attribute in &function.options {
        options.read_attribute(attribute, &mut report);
    }
    let method = check(&function, &options, Binding::Module, &mut report);
    if report.is_empty() {
        Ok(then(&function, &method))
    } else {
        Err(report.messages())
    }
}

fn errors(item: TokenStream) -> Vec<String> {
    checked(item, |_, _| ()).expect_err("the function is wrong")
}

fn line(item: TokenStream) -> (Convention, String) {
    checked(item, |_, method| {
        (
            method.convention,
            method.doc.split('\n').next().unwrap_or_default().to_owned(),
        )
    })
    .unwrap()
}

#[test]
fn the_convention_follows_from_the_signature() {
    use Convention::*;
    let cases = [
        (
            quote!(
                fn f() {}
            ),
            NoArgs,
            "f($module)",
        ),
        (
            quote!(
                fn f(ctx: Context) {}
            ),
            NoArgs,
            "f($module)",
        ),
        (
            quote!(
                fn f<'c>(a: &Handle<'c>, ctx: hpy::Context<'c>) {}
            ),
            O,
            "f($module, a, /)",
        ),
        (
            quote!(
                fn f(a: i64, b: i64) {}
            ),
            VarArgs,
            "f($module, a, b, /)",
        ),
        (
            quote!(
                #[hpy(signature = ())]
                fn f() {}
            ),
            NoArgs,
            "f($module)",
        ),
        (
            quote!(
                #[hpy(signature = (a, /))]
                fn f(a: i64) {}
            ),
            O,
            "f($module, a, /)",
        ),
        (
            quote!(
                #[hpy(signature = (a = 1, /))]
                fn f(a: i64) {}
            ),
            VarArgs,
            "f($module, a=1, /)",
        ),
        (
            quote!(
                #[hpy(signature = (*args))]
                fn f(args: Vec<i64>) {}
            ),
            VarArgs,
            "f($module, *args)",
        ),
        (
            quote!(
                #[hpy(signature = (a, /, *args))]
                fn f(a: i64, args: Vec<i64>) {}
            ),
            VarArgs,
            "f($module, a, /, *args)",
        ),
        (
            quote!(
                #[hpy(signature = (a))]
                fn f(a: i64) {}
            ),
            Keywords,
            "f($module, a)",
        ),
        (
            quote!(
                #[hpy(signature = (*, a))]
                fn f(a: i64) {}
            ),
            Keywords,
            "f($module, *, a)",
        ),
        (
            quote!(
                #[hpy(signature = (**kw))]
                fn f(kw: Kw) {}
            ),
            Keywords,
            "f($module, **kw)",
        ),
        (
            quote!(
                #[hpy(pass_module)]
                fn f(m: &Handle<Module>) {}
            ),
            NoArgs,
            "f($module)",
        ),
        (
            quote!(
                #[hpy(name = "g", pass_module)]
                fn f(c: Context, m: &Handle<Module>, a: i8) {}
            ),
            O,
            "g($module, a, /)",
        ),
        (
            quote!(
                fn r#type(r#match: i64) {}
            ),
            O,
            "type($module, match, /)",
        ),
        (
            quote!(
                #[hpy(text_signature = "(a, b=<nothing>)")]
                fn f(a: i8) {}
            ),
            O,
            "f($module, a, b=<nothing>)",
        ),
        (
            quote!(
                #[hpy(text_signature = "()")]
                fn f(a: i8) {}
            ),
            O,
            "f($module)",
        ),
        (
            quote!(
                #[hpy(text_signature = None)]
                fn f(a: i8) {}
            ),
            O,
            "",
        ),
    ];
    for (item, convention, text) in cases {
        assert_eq!(line(item), (convention, text.to_owned()));
    }
}

#[test]
fn docs_become_the_docstring() {
    let doc = checked(
        quote!(
            #[doc = " Adds."]
            #[doc = ""]
            #[doc = " More."]
            fn f() {}
        ),
        |_, m| m.doc.clone(),
    );
    assert_eq!(doc.unwrap(), "f($module)\n--\n\nAdds.\n\nMore.");
}

#[test]
fn every_error_of_an_item_says_how_to_mend_it() {
    let cases = [
        (
            quote!(
                async fn f(text: &str) {}
            ),
            "an `async fn` runs on after its call, and what the caller lends does not: take \
             `String`",
        ),
        (
            quote!(
                unsafe fn f() {}
            ),
            "Python code could violate the contract of this unsafe fn: write a safe fn that \
             checks it",
        ),
        (
            quote!(
                extern "C" fn f() {}
            ),
            "#[hpy_method] generates the C function: remove `extern`",
        ),
        (
            quote!(
                fn f<T>(a: T) {}
            ),
            "Python cannot choose `T`: take a type that arguments convert to, such as i64, or \
             `&Handle` for any object",
        ),
        (
            quote!(
                fn f<const N: usize>() {}
            ),
            "Python cannot choose `N`: write the number itself",
        ),
        (
            quote!(
                fn f(a: impl Read) {}
            ),
            "Python cannot choose this type: take one that arguments convert to, such as i64, or \
             `&Handle` for any object",
        ),
        (
            quote!(
                #[hpy_method]
                fn f() {}
            ),
            "#[hpy_method] appears twice: keep one",
        ),
        (
            quote!(
                fn str() {}
            ),
            "a method named `str` would hide Rust's own type: write `fn str_` and \
             #[hpy_method(name = \"str\")]",
        ),
        (
            quote!(
                fn lambda() {}
            ),
            "`lambda` is a keyword of Python: give the method another name, as in \
             #[hpy_method(name = \"lambda_\")]",
        ),
        (
            quote!(
                #[hpy(name = "a b")]
                fn f() {}
            ),
            "`a b` is not an identifier of Python: choose a name that Python code can write",
        ),
        (
            quote!(
                fn f(&self) {}
            ),
            "#[hpy_method] is for free functions: a method with `self` belongs in an `impl` with \
             #[hpy_methods]",
        ),
        (
            quote!(
                fn f((a, b): (i64, i64)) {}
            ),
            "Python shows the names of parameters: write a plain name here, and destructure the \
             value in the body",
        ),
        (
            quote!(
                fn f(args: ...) {}
            ),
            "write `args: Vec<…>` and #[hpy_method(signature = (*args))] to take any number of \
             arguments",
        ),
        (
            quote!(
                fn f(#[cfg(unix)] a: i64) {}
            ),
            "a parameter cannot depend on a cfg: write the function twice, each with its \
             #[cfg(…)]",
        ),
        (
            quote!(
                fn f(a: Context, b: Context) {}
            ),
            "the context already comes in `a`: remove this parameter",
        ),
        (
            quote!(
                fn f(a: &Context) {}
            ),
            "a Context is Copy: take it by value, `ctx: Context<'ctx>`",
        ),
        (
            quote!(
                fn f(a: Vec<Handle<'static>>) {}
            ),
            "an argument lives only as long as the call: write `'_` or a lifetime of the function",
        ),
        (
            quote!(
                #[hpy(pass_module)]
                fn f(ctx: Context) {}
            ),
            "`pass_module` needs a first parameter that takes it: `module: &Handle<'ctx, Module>`",
        ),
        (
            quote!(
                fn f(from: i64) {}
            ),
            "`from` is a keyword of Python: rename the parameter, for example to `from_`",
        ),
        (
            quote!(
                fn f<'c>(a: Option<&'c Handle<'c>>) {}
            ),
            "an argument lives only for a part of `'c`: remove this lifetime, or give the \
             reference its own",
        ),
        (
            quote!(
                #[doc = "a\0"]
                fn f() {}
            ),
            "a docstring cannot hold a NUL character: remove it",
        ),
    ];
    for (item, message) in cases {
        let shown = item.to_string();
        assert_eq!(errors(item), [message], "{shown}");
    }
}

#[test]
fn the_signature_is_compared_with_the_function() {
    let cases = [
        (
            quote!(
                #[hpy(signature = (frist, second))]
                fn f(first: i64, second: i64) {}
            ),
            vec![
                "the function has no parameter `frist`: did you mean `first`?",
                "the signature does not say how to pass `first`: add it there",
            ],
        ),
        (
            quote!(
                #[hpy(signature = (a, zzz))]
                fn f(a: i64) {}
            ),
            vec!["the function has no parameter `zzz`: add it there, or remove it here"],
        ),
        (
            quote!(
                #[hpy(signature = (a, b))]
                fn f(b: i64, a: i64) {}
            ),
            vec!["the signature has `a` where the function has `b`: write both in the same order"],
        ),
        (
            quote!(
                #[hpy(signature = (ctx, a))]
                fn f(ctx: Context, a: i64) {}
            ),
            vec!["Python does not pass `ctx`: remove it from the signature"],
        ),
        (
            quote!(
                #[hpy(signature = (*args))]
                fn f(args: &[i64]) {}
            ),
            vec!["`*args` is collected for this call: take a `Vec<…>`"],
        ),
    ];
    for (item, messages) in cases {
        assert_eq!(errors(item), messages);
    }
}

#[test]
fn all_errors_come_at_once() {
    assert_eq!(
        errors(quote!(
            const unsafe extern "C" fn lambda<T>(&self, (a, b): T, from: i64) {}
        ))
        .len(),
        7
    );
}

fn expansion(item: TokenStream) -> String {
    checked(item, |function, method| {
        expand::method(function, method).to_string()
    })
    .unwrap()
}

fn contains(expansion: &str, expected: TokenStream) {
    let expected = expected.to_string();
    assert!(
        expansion.contains(&expected),
        "{expected}\n is not in\n{expansion}"
    );
}

#[test]
fn the_function_stays_and_its_type_stands_beside_it() {
    let expansion = expansion(quote!(
        #[cfg(unix)]
        #[inline]
        pub(crate) fn f() -> i64 {
            1
        }
    ));
    contains(
        &expansion,
        quote!(
            #[cfg(unix)]
            #[inline]
            pub(crate) fn f() -> i64 {
                1
            }
        ),
    );
    contains(
        &expansion,
        quote!(
            pub(crate) struct f {}
        ),
    );
    assert_eq!(expansion.matches("unix").count(), 3);
    contains(
        &expansion,
        quote!(__hpy::noargs_def::<f>(c"f", c"f($module)\n--\n\n")),
    );
    contains(&expansion, quote!(__hpy::into_return_in_line(ctx, f())));
    assert!(!expansion.contains("unsafe"));
}

#[test]
fn one_argument_needs_no_signature() {
    let expansion = expansion(quote!(
        #[hpy(name = "g")]
        fn f<'c>(a: i64, ctx: Context<'c>) {}
    ));
    contains(
        &expansion,
        quote!(f(__hpy::argument_o_in_line(args, "g", "a")?, ctx)),
    );
    assert!(!expansion.contains("__HPY_SIGNATURE"));
}

#[test]
fn a_full_signature_is_parsed_into_slots() {
    let expansion = expansion(quote! {
        #[hpy(signature = (a, /, b = 1, *args, c, **kw))]
        fn f(a: i64, b: i64, args: &Handle<Tuple>, c: &str, kw: Kw) {}
    });
    contains(
        &expansion,
        quote! {
            parameters: &[
                __hpy::Parameter {
                    name: "a", kind: __hpy::ParameterKind::PositionalOnly, required: true
                },
                __hpy::Parameter {
                    name: "b", kind: __hpy::ParameterKind::PositionalOrKeyword, required: false
                },
                __hpy::Parameter {
                    name: "c", kind: __hpy::ParameterKind::KeywordOnly, required: true
                }
            ],
            positional: 2usize,
            var_positional: ::core::option::Option::Some("args"),
            var_keyword: ::core::option::Option::Some("kw"),
        },
    );
    contains(
        &expansion,
        quote!(let slots = args.parse::<3usize>(&__HPY_SIGNATURE)?;),
    );
    contains(
        &expansion,
        quote! {
            f(
                __hpy::argument(&slots.required(0usize), &__HPY_SIGNATURE, 0usize)?,
                match slots.optional(1usize) {
                    ::core::option::Option::Some(ref value) =>
                        __hpy::argument(value, &__HPY_SIGNATURE, 1usize)?,
                    ::core::option::Option::None => 1,
                },
                & __hpy::var_positional(args.rest(&__HPY_SIGNATURE), &__HPY_SIGNATURE)?,
                __hpy::argument(&slots.required(2usize), &__HPY_SIGNATURE, 2usize)?,
                __hpy::var_keyword(args.keywords(&__HPY_SIGNATURE), &__HPY_SIGNATURE)?
            )
        },
    );
}

#[test]
fn short_methods_of_quick_types_alone_are_in_line() {
    let is_in_line = |item| expansion(item).contains("const IN_LINE");
    for item in [
        quote!(
            fn f(a: i64, b: Option<&str>) -> Result<f64> {}
        ),
        quote!(
            fn f(point: Ref<'_, Point>) {}
        ),
        quote!(
            #[inline]
            fn f(a: Vec<i64>, b: i64, c: i64, d: i64) -> Vec<i64> {}
        ),
    ] {
        assert!(is_in_line(item.clone()), "{item}");
    }
    let long = quote!(a + a + a + a + a + a + a + a + a + a + a + a + a + a + a + a + a);
    for item in [
        quote!(
            fn f(a: Vec<i64>) {}
        ),
        quote!(
            fn f() -> String {}
        ),
        quote!(
            fn f(a: i64, b: i64, c: i64, d: i64) {}
        ),
        quote!(
            fn f(a: i64) -> i64 {
                (#long) + (#long)
            }
        ),
        quote!(
            #[cold]
            fn f(a: i64) {}
        ),
        quote!(
            #[inline(never)]
            fn f(a: i64) {}
        ),
    ] {
        assert!(!is_in_line(item.clone()), "{item}");
    }
}

#[test]
fn the_module_is_passed_on_demand() {
    let expansion = expansion(quote!(
        #[hpy(pass_module)]
        fn f(m: &Handle<Module>) {}
    ));
    contains(&expansion, quote!(f(__hpy::as_module(module)?)));
}

#[test]
fn an_error_keeps_the_function_and_its_name() {
    let tokens = crate::function::expand(
        TokenStream::new(),
        quote!(
            unsafe fn f() {}
        ),
    )
    .to_string();
    contains(
        &tokens,
        quote!(
            unsafe fn f() {}
        ),
    );
    contains(
        &tokens,
        quote!(
            struct f {}
        ),
    );
    contains(&tokens, quote!(impl __hpy::Method for f));
    assert_eq!(tokens.matches("compile_error").count(), 1);
}
