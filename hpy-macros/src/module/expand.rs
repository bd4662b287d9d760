//! The code emitted for a module: the statics that HPy reads, the function that fills the module,
//! the entry points.

use super::check::{Module, Submodule, plain_name};
use super::parse::{Constant, ListedType};
use crate::docstring::c_literal;
use crate::expression::ends;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt;

/// The expansion of a valid module.
pub fn module(module: &Module) -> TokenStream {
    let name = &module.name.text;
    let conditions = &module.conditions;
    let here = Span::call_site();
    let interpreters = Ident::new(
        if module.many_interpreters {
            "Many"
        } else {
            "One"
        },
        here,
    );
    let gil = Ident::new(if module.gil_used { "Used" } else { "NotUsed" }, here);
    let promises = quote! {
        __hpy::Promises { interpreters: __hpy::Interpreters::#interpreters, gil: __hpy::Gil::#gil }
    };
    let (c_name, doc) = (c_literal(name, here), c_literal(&module.doc, here));
    let exec = exec(module);
    let defines = defines(module);
    let globals = (0..module.globals.len())
        .map(|place| quote!(<__HpyExec as __hpy::Exec>::GLOBALS[#place].as_raw()));
    let global_count = Literal::usize_unsuffixed(module.globals.len() + 2);
    let legacy = module.legacy_methods.as_ref().map(|table| {
        let span = ends(table).map_or(here, |(start, _)| start);
        let value = quote_spanned!(span=> #table);
        let only = quote_spanned!(span=> ::hpy::__legacy_only! { "legacy_methods" });
        quote! {
            #only
            const __HPY_LEGACY: __hpy::LegacyMethods = #value;
        }
    });
    let legacy_methods = match legacy {
        Some(_) => quote!(__HPY_LEGACY),
        None => quote!(__hpy::LegacyMethods::NONE),
    };
    let entry_points = [
        "PyInit",
        "PyModExport",
        "HPyInit",
        "HPyInitGlobalContext",
        "get_required_hpy_major_version",
        "get_required_hpy_minor_version",
    ]
    .map(|prefix| format_ident!("{prefix}_{name}"));
    let described =
        crate::stubs::ENABLED.then(|| crate::stubs::of_module(module, &quote!(__HPY_NAMED.1)));
    // Inside a function the import finds no such module, and two declarations define it twice. The
    // compiler's error names it.
    let place = format_ident!("hpy_module_{name}_stands_once_in_a_module_and_never_in_a_function");
    quote! {
        #(#conditions)*
        #[doc(hidden)]
        mod #place {}
        #(#conditions)*
        #[allow(clippy::needless_question_mark)]
        const _: () = {
            use ::hpy::__private as __hpy;
            #[allow(unused_imports)]
            use self::#place as _;
            #legacy
            #exec
            static __HPY_EXEC: __hpy::Static<__hpy::Definition> = __hpy::exec_def::<__HpyExec>();
            #defines
            static __HPY_GLOBALS: __hpy::Static<[*mut __hpy::HPyGlobal; #global_count]> =
                __hpy::Static::new([
                    #(#globals,)*
                    __hpy::REGISTRY.as_raw(),
                    ::core::ptr::null_mut(),
                ]);
            static __HPY_MODULE: __hpy::Static<__hpy::HPyModuleDef> = __hpy::module_def(
                #doc,
                #legacy_methods,
                __HPY_DEFINES.as_ptr().cast(),
                __HPY_GLOBALS.as_ptr().cast()
            );
            ::hpy::__module_entry_points! { __HPY_MODULE, #c_name, #promises, #(#entry_points),* }
            #described
        };
    }
}

/// The type whose `exec` fills a new module.
fn exec(module: &Module) -> TokenStream {
    let name = &module.name.text;
    let (ctx, target) = (
        Ident::new("ctx", Span::mixed_site()),
        Ident::new("module", Span::mixed_site()),
    );
    let globals = module.globals.iter().map(|path| {
        let span = ends(path).map_or(Span::call_site(), |(start, _)| start);
        let global = Ident::new("global", Span::mixed_site());
        quote_spanned! {span=> {
            let #global: &'static ::hpy::Global<_> = &#path;
            #global.as_untyped()
        }}
    });
    let mut place = module.methods.len();
    let own = Contents {
        types: &module.types,
        exceptions: &module.exceptions,
        constants: &module.constants,
        submodules: &module.submodules,
        exec: module.exec.as_ref(),
    };
    let fill = fill(&own, &ctx, &target, &mut place);
    let exit = module.exit.iter().map(|exit| {
        let listed = module.lists(exit);
        let text = exit.to_token_stream().to_string();
        let all = module.all_methods();
        let is_it = |method: &&Path| method.to_token_stream().to_string() == text;
        let place = all.iter().position(is_it).unwrap_or_default();
        quote!(__hpy::at_exit(#ctx, #target, __HPY_METHODS[#place], #listed)?;)
    });
    let legacy = module.legacy_methods.is_some();
    let legacy = legacy
        .then(|| quote!(__hpy::check_legacy_methods(#target, &__HPY_METHODS, __HPY_LEGACY)?;));
    quote! {
        struct __HpyExec;
        impl __hpy::Exec for __HpyExec {
            const NAME: &'static ::core::primitive::str = #name;
            const GLOBALS: &'static [&'static __hpy::AnyGlobal] = &[#(#globals),*];
            #[allow(unused_variables)]
            fn exec<'ctx>(
                #ctx: __hpy::Context<'ctx>,
                #target: &__hpy::Handle<'ctx, ::hpy::types::Module>,
            ) -> __hpy::Result<()> {
                let __hpy_library = #target;
                #legacy
                #(#exit)*
                #fill
                ::core::result::Result::Ok(())
            }
        }
    }
}

/// The common parts of a module and a submodule.
struct Contents<'a> {
    types: &'a [ListedType],
    exceptions: &'a [Path],
    constants: &'a [Constant],
    submodules: &'a [Submodule],
    exec: Option<&'a Path>,
}

/// The statements that fill a module. `place` is the index of the next submodule's methods in the
/// whole list.
fn fill(contents: &Contents<'_>, ctx: &Ident, target: &Ident, place: &mut usize) -> TokenStream {
    let exceptions = contents.exceptions.iter().map(|path| {
        let name = path
            .segments
            .last()
            .map(|last| last.ident.unraw().to_string());
        let name = c_literal(&name.unwrap_or_default(), Span::call_site());
        let (span, ctx, target) = moved(path, ctx, target);
        quote_spanned!(span=> __hpy::add_exception::<#path>(#ctx, #target, #name)?;)
    });
    // Only the user's tokens have their spans: editors take every other token there for a meaning
    // of the name.
    let types = contents.types.iter().map(|one| {
        let (path, is_listed) = (&one.path, !one.hidden);
        quote!(<#path as __hpy::ModuleType>::make_for(#ctx, #target, #is_listed)?;)
    });
    let constants = contents.constants.iter().map(|constant| {
        let name = c_literal(&constant.name.text, constant.name.span);
        let value = &constant.value;
        let (span, ctx, target) = moved(value, ctx, target);
        quote_spanned!(span=> __hpy::add_constant(#ctx, #target, #name, #value)?;)
    });
    let mut submodules = Vec::new();
    for submodule in contents.submodules {
        let name = c_literal(&submodule.name.text, submodule.name.span);
        let doc = &submodule.doc;
        let methods = *place..*place + submodule.methods.len();
        *place = methods.end;
        let methods = methods.map(Literal::usize_unsuffixed);
        let inner = Contents {
            types: &submodule.types,
            exceptions: &submodule.exceptions,
            constants: &submodule.constants,
            submodules: &submodule.submodules,
            exec: submodule.exec.as_ref(),
        };
        let inner = fill(&inner, ctx, target, place);
        submodules.push(quote! {{
            let #target = &__hpy::add_submodule(
                __hpy_library, #target, #name, #doc, &[#(__HPY_METHODS[#methods]),*]
            )?;
            #inner
        }});
    }
    let run = contents.exec.iter().map(|path| {
        let (span, ctx, target) = moved(path, ctx, target);
        quote_spanned!(span=> __hpy::run_exec(#path, #ctx, #target)?;)
    });
    quote! {
        #(#exceptions)*
        #(#types)*
        #(#constants)*
        #(#submodules)*
        #(#run)*
    }
}

/// The span of the user's tokens, and the two names there.
fn moved(tokens: &impl ToTokens, ctx: &Ident, target: &Ident) -> (Span, Ident, Ident) {
    let span = ends(tokens).map_or(Span::mixed_site(), |(start, _)| start);
    let at = |name: &Ident| Ident::new(&name.to_string(), span);
    (span, at(ctx), at(target))
}

/// The definitions of the methods and of `exec`, and the check that Python names are unique.
///
/// A method is found by the type with its name. If `#[hpy_method]` is missing, a type declared here
/// is found instead. It does not implement `Method`, so the compiler shows that trait's message. It
/// is in an outer block, and the glob import of the surrounding module is in an inner one, so it is
/// found last.
fn defines(module: &Module) -> TokenStream {
    let all = module.all_methods();
    let count = Literal::usize_unsuffixed(all.len());
    let total = Literal::usize_unsuffixed(all.len() + 2);
    let places = Literal::usize_unsuffixed((2 * all.len() + 1).next_power_of_two());
    let mut names: Vec<&Ident> = all.iter().copied().filter_map(plain_name).collect();
    names.sort();
    let methods = all.iter().map(|path| quote!(<#path as __hpy::Method>::DEF));
    let listed = (0..all.len()).map(Literal::usize_unsuffixed);
    let checks = all.iter().enumerate().skip(1).map(|(place, path)| {
        let place = Literal::usize_unsuffixed(place);
        let span = ends(path).map_or(Span::call_site(), |(start, _)| start);
        quote_spanned! {span=>
            const _: () = ::core::assert!(
                __HPY_NEW_NAMES[#place],
                "a method before this one has the same name in Python: give one another, by \
                 `#[hpy_method(name = \"…\")]`",
            );
        }
    });
    let all_named = |expression: TokenStream| {
        quote! {
            {
                #(
                    #[allow(non_camel_case_types, dead_code)]
                    struct #names {}
                )*
                {
                    #[allow(unused_imports)]
                    use self::*;
                    #expression
                }
            }
        }
    };
    let methods = quote!([#(#methods),*]);
    let methods = if crate::stubs::ENABLED {
        // Both in one place. Otherwise the compiler would print longer paths to distinguish them.
        let described = crate::stubs::pieces_of_module(module);
        let both = all_named(quote!((#methods, #described)));
        quote! {
            __HPY_NAMED.0;
            const __HPY_NAMED: ([__hpy::MethodDef; #count], &[__hpy::Piece]) = #both
        }
    } else {
        all_named(methods)
    };
    quote! {
        const __HPY_METHODS: [__hpy::MethodDef; #count] = #methods;
        static __HPY_DEFINES: __hpy::Static<[*mut __hpy::HPyDef; #total]> = __hpy::Static::new([
            __HPY_EXEC.as_ptr().cast(),
            #(__HPY_METHODS[#listed].as_raw(),)*
            ::core::ptr::null_mut(),
        ]);
        const __HPY_NEW_NAMES: [::core::primitive::bool; #count] =
            __hpy::new_names::<#count, #places>(&__HPY_METHODS);
        #(#checks)*
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::{check, parse};
    use crate::report::Report;

    fn expansion(tokens: TokenStream) -> String {
        let mut report = Report::default();
        let declaration = parse::declaration(tokens, &mut report);
        let checked = check::check(declaration, &mut report);
        assert!(report.is_empty(), "{:?}", report.messages());
        module(&checked.unwrap()).to_string()
    }

    fn contains(expansion: &str, expected: TokenStream) {
        let expected = expected.to_string();
        assert!(
            expansion.contains(&expected),
            "{expected}\n is not in\n{expansion}"
        );
    }

    #[test]
    fn everything_declared_is_emitted() {
        let expansion = expansion(quote! {
            #[doc = " The text."]
            #[cfg(unix)]
            name: quick, methods: [f, sub::g], constants: { ANSWER: 6 * 7 }, globals: [CACHE],
            exec: init,
        });
        contains(
            &expansion,
            quote!(
                const NAME: &'static ::core::primitive::str = "quick";
            ),
        );
        contains(
            &expansion,
            quote!(__hpy::add_constant(ctx, module, c"ANSWER", 6 * 7)?;),
        );
        contains(&expansion, quote!(__hpy::run_exec(init, ctx, module)?;));
        contains(&expansion, quote!([*mut __hpy::HPyDef; 4]));
        contains(&expansion, quote!([*mut __hpy::HPyGlobal; 3]));
        contains(
            &expansion,
            quote!([<f as __hpy::Method>::DEF, <sub::g as __hpy::Method>::DEF]),
        );
        contains(
            &expansion,
            quote!([
                __HPY_EXEC.as_ptr().cast(),
                __HPY_METHODS[0].as_raw(),
                __HPY_METHODS[1].as_raw(),
                ::core::ptr::null_mut(),
            ]),
        );
        contains(&expansion, quote!(__hpy::new_names::<2, 8>(&__HPY_METHODS)));
        contains(&expansion, quote!(__HPY_NEW_NAMES[1]));
        contains(
            &expansion,
            quote!([
                <__HpyExec as __hpy::Exec>::GLOBALS[0usize].as_raw(),
                __hpy::REGISTRY.as_raw(),
                ::core::ptr::null_mut(),
            ]),
        );
        contains(
            &expansion,
            quote!(__hpy::module_def(
                c"The text.",
                __hpy::LegacyMethods::NONE,
                __HPY_DEFINES.as_ptr().cast(),
                __HPY_GLOBALS.as_ptr().cast()
            )),
        );
        contains(
            &expansion,
            quote! {
                ::hpy::__module_entry_points! {
                    __HPY_MODULE, c"quick",
                    __hpy::Promises {
                        interpreters: __hpy::Interpreters::One, gil: __hpy::Gil::NotUsed
                    },
                    PyInit_quick, PyModExport_quick, HPyInit_quick, HPyInitGlobalContext_quick,
                    get_required_hpy_major_version_quick, get_required_hpy_minor_version_quick
                }
            },
        );
        assert!(expansion.starts_with(&quote!(#[cfg(unix)]).to_string()));
        assert!(!expansion.contains("unsafe"));
    }

    #[test]
    fn many_interpreters_are_passed_on() {
        let expansion = expansion(quote!(name: m, interpreters: many));
        contains(&expansion, quote!(__hpy::Interpreters::Many));
    }

    #[test]
    fn that_the_gil_is_used_is_passed_on() {
        let expansion = expansion(quote!(name: m, gil: used));
        contains(&expansion, quote!(gil: __hpy::Gil::Used));
    }

    #[test]
    fn functions_in_c_are_passed_on_and_need_the_gil() {
        let declared = expansion(quote!(name: m, methods: [f], legacy_methods: OLD));
        contains(
            &declared,
            quote!(::hpy::__legacy_only! { "legacy_methods" }),
        );
        contains(
            &declared,
            quote!(
                const __HPY_LEGACY: __hpy::LegacyMethods = OLD;
            ),
        );
        contains(
            &declared,
            quote!(__hpy::module_def(
                c"",
                __HPY_LEGACY,
                __HPY_DEFINES.as_ptr().cast(),
                __HPY_GLOBALS.as_ptr().cast()
            )),
        );
        contains(
            &declared,
            quote!(__hpy::check_legacy_methods(module, &__HPY_METHODS, __HPY_LEGACY)?;),
        );
        contains(&declared, quote!(gil: __hpy::Gil::Used));
        let expanded = expansion(quote!(name: m, gil: not_used, legacy_methods: OLD));
        contains(&expanded, quote!(gil: __hpy::Gil::NotUsed));
    }

    #[test]
    fn the_fallback_stands_for_plain_names_only() {
        let expansion = expansion(quote!(name: m, methods: [f, sub::g]));
        contains(
            &expansion,
            quote!(
                struct f {}
            ),
        );
        assert!(!expansion.contains("struct g"));
    }
}
