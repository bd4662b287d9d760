//! The code emitted for a method: the function itself, a type of its name by which `hpy_module!` finds the definition,
//! and the call that converts arguments and result.

use super::check::{Argument, Convention, Method};
use super::parse::Function;
use super::signature::{Kind, Parameter};
use crate::docstring::c_literal;
use crate::expression::ends;
use crate::python_name;
use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ReturnType, Type};

/// The expansion of a function that is in order.
pub fn method(function: &Function, method: &Method) -> TokenStream {
    let name = &function.name;
    let item = &function.item;
    let marker = marker(function);
    let conditions = function.conditions();
    let python_name = c_literal(&method.name, Span::call_site());
    let doc = c_literal(&method.doc, Span::call_site());
    let constructor = Ident::new(
        match method.convention {
            Convention::NoArgs => "noargs_def",
            Convention::O => "o_def",
            Convention::VarArgs => "varargs_def",
            Convention::Keywords => "keywords_def",
        },
        Span::call_site(),
    );
    let signature = match method.convention {
        Convention::NoArgs | Convention::O => None,
        Convention::VarArgs | Convention::Keywords => Some(signature(method)),
    };
    let call = call(function, method);
    // A universal binary calls it from two entries, of which one passes the own context: only in line does the
    // compiler see which.
    let says = |name| move |attribute: &syn::Attribute| attribute.path().is_ident(name);
    let chosen = ["inline", "cold", "target_feature"]
        .iter()
        .any(|name| function.attributes.iter().any(says(*name)));
    let inline = (!chosen).then(|| quote!(#[inline(always)]));
    quote! {
        #inline
        #item
        #marker
        #(#conditions)*
        #[allow(deprecated)]
        const _: () = {
            use ::hpy::__private as __hpy;
            #signature
            static __HPY_DEF: __hpy::MethodStatic = __hpy::#constructor::<#name>(#python_name, #doc);
            impl __hpy::Method for #name {
                const DEF: __hpy::MethodDef = __HPY_DEF.def(#python_name);
            }
            #call
        };
    }
}

/// What a function with errors becomes: the errors, and enough that no others follow from them.
pub fn placeholder(function: &Function, errors: TokenStream) -> TokenStream {
    let name = &function.name;
    // Of `self` in a free function the compiler would complain too.
    let item = (!function.has_receiver()).then_some(&function.item);
    let marker = marker(function);
    let conditions = function.conditions();
    quote! {
        #item
        #marker
        #(#conditions)*
        const _: () = {
            use ::hpy::__private as __hpy;
            impl __hpy::Method for #name {
                const DEF: __hpy::MethodDef = __hpy::MethodDef::NONE;
            }
        };
        #errors
    }
}

/// `struct f {}`: it lives among the types only, so it stands beside `fn f`.
fn marker(function: &Function) -> TokenStream {
    let (visibility, name) = (&function.visibility, &function.name);
    let conditions = function.conditions();
    quote! {
        #(#conditions)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #visibility struct #name {}
    }
}

fn signature(method: &Method) -> TokenStream {
    let function = &method.name;
    let parameters = method.signature.parameters.iter().map(|Parameter { name, kind, default }| {
        let name = python_name::of_ident(name);
        let kind = match kind {
            Kind::PositionalOnly => quote!(PositionalOnly),
            Kind::PositionalOrKeyword => quote!(PositionalOrKeyword),
            Kind::KeywordOnly => quote!(KeywordOnly),
        };
        let required = default.is_none();
        quote!(__hpy::Parameter { name: #name, kind: __hpy::ParameterKind::#kind, required: #required })
    });
    let optional = |name: Option<&Ident>| match name.map(python_name::of_ident) {
        Some(name) => quote!(::core::option::Option::Some(#name)),
        None => quote!(::core::option::Option::None),
    };
    let var_positional = optional(
        method
            .signature
            .var_positional
            .as_ref()
            .map(|(name, _)| name),
    );
    let var_keyword = optional(method.signature.var_keyword.as_ref());
    // Apart from the signature, which stays read-only and is folded into the code.
    let (names, keyword_names) = match method.convention {
        Convention::Keywords => {
            let count = parameters.len();
            (
                Some(quote! {
                    static __HPY_KEYWORD_NAMES: [__hpy::KeywordName; #count] =
                        [const { __hpy::KeywordName::new() }; #count];
                }),
                quote!(&__HPY_KEYWORD_NAMES),
            )
        }
        _ => (None, quote!(&[])),
    };
    quote! {
        #names
        static __HPY_SIGNATURE: __hpy::Signature = __hpy::Signature {
            function: #function,
            parameters: &[#(#parameters),*],
            var_positional: #var_positional,
            var_keyword: #var_keyword,
            keyword_names: #keyword_names,
        };
    }
}

/// The names of the emitted function, which no name of the user's can meet.
struct Names {
    ctx: Ident,
    module: Ident,
    given: Ident,
    slots: Ident,
}

/// The implementation of the convention's trait.
fn call(function: &Function, method: &Method) -> TokenStream {
    let hidden = Span::mixed_site();
    let takes_module = method
        .arguments
        .iter()
        .any(|argument| matches!(argument, Argument::Module(_)));
    let names = Names {
        ctx: Ident::new("ctx", hidden),
        module: Ident::new(if takes_module { "module" } else { "_module" }, hidden),
        given: Ident::new("args", hidden),
        slots: Ident::new("slots", hidden),
    };
    let Names {
        ctx,
        module,
        given,
        slots,
    } = &names;
    let (convention, parameter) = match method.convention {
        Convention::NoArgs => (quote!(NoArgsMethod), None),
        Convention::O => (quote!(OMethod), Some(quote!(#given: &__hpy::Handle<'ctx>))),
        Convention::VarArgs => (
            quote!(VarArgsMethod),
            Some(quote!(#given: __hpy::Args<'_, 'ctx>)),
        ),
        Convention::Keywords => (
            quote!(KeywordsMethod),
            Some(quote!(#given: __hpy::KeywordArgs<'_, 'ctx>)),
        ),
    };
    let parse = match method.convention {
        Convention::NoArgs | Convention::O => None,
        Convention::VarArgs | Convention::Keywords => {
            let count = method.signature.parameters.len();
            Some(quote!(let #slots = #given.parse::<#count>(&__HPY_SIGNATURE)?;))
        }
    };
    let arguments = method
        .arguments
        .iter()
        .map(|argument| self::argument(argument, method, &names));
    let arguments = quote!(#(#arguments),*);
    let name = &function.name;

    // The call stands at the place of the return type, so that the compiler points there if nothing converts it.
    let output: &dyn ToTokens = match &function.output {
        ReturnType::Type(_, ty) => ty,
        ReturnType::Default => name,
    };
    let (start, end) = ends(&output.to_token_stream()).unwrap_or((hidden, hidden));
    let user_call = {
        let mut called = name.clone();
        called.set_span(name.span().located_at(start));
        let mut group = Group::new(proc_macro2::Delimiter::Parenthesis, arguments);
        group.set_span(end);
        quote!(#called #group)
    };
    let path = path("into_return", start, end);
    quote! {
        impl __hpy::#convention for #name {
            #[inline(always)]
            fn call<'ctx>(
                #ctx: __hpy::Context<'ctx>,
                #module: &__hpy::Handle<'ctx>,
                #parameter
            ) -> __hpy::Result<__hpy::Handle<'ctx>> {
                #parse
                #path(#ctx, #user_call)
            }
        }
    }
}

/// The expression passed for one parameter. It stands at the place of the parameter's type, so that the compiler points
/// there if nothing converts to it.
fn argument(argument: &Argument, method: &Method, names: &Names) -> TokenStream {
    let Names { ctx, module, .. } = names;
    match argument {
        Argument::Context => quote!(#ctx),
        Argument::Module(ty) => {
            let (_, _, span) = names.at(ty);
            let (module, path) = (
                Ident::new(&module.to_string(), span),
                path_at(ty, "as_module"),
            );
            quote_spanned!(span=> #path(#module)?)
        }
        Argument::Parameter(place, ty) => {
            let parameter = &method.signature.parameters[*place];
            let (given, slots, span) = names.at(ty);
            if method.convention == Convention::O {
                let (function, name) = (&method.name, python_name::of_ident(&parameter.name));
                let path = path_at(ty, "argument_o");
                return quote_spanned!(span=> #path(#given, #function, #name)?);
            }
            let path = path_at(ty, "argument");
            match &parameter.default {
                None => {
                    quote_spanned!(span=> #path(&#slots.required(#place), &__HPY_SIGNATURE, #place)?)
                }
                Some(default) => {
                    let value = Ident::new("value", span);
                    quote_spanned! {span=>
                        match #slots.optional(#place) {
                            ::core::option::Option::Some(ref #value) => #path(#value, &__HPY_SIGNATURE, #place)?,
                            ::core::option::Option::None => #default,
                        }
                    }
                }
            }
        }
        Argument::VarPositional(ty) => {
            let (_, slots, span) = names.at(ty);
            let (and, path) = (reference(ty), path_at(ty, "var_positional"));
            quote_spanned!(span=> #and #path(#slots.rest(), &__HPY_SIGNATURE)?)
        }
        Argument::VarKeyword(ty) => {
            let (_, slots, span) = names.at(ty);
            let (and, path) = (reference(ty), path_at(ty, "var_keyword"));
            quote_spanned!(span=> #and #path(#slots.keywords(), &__HPY_SIGNATURE)?)
        }
    }
}

impl Names {
    /// What arguments are taken from, at the place of a type, and the place.
    fn at(&self, ty: &Type) -> (Ident, Ident, Span) {
        let span = ends(ty).map_or(Span::mixed_site(), |(start, _)| start);
        let moved = |name: &Ident| Ident::new(&name.to_string(), span);
        (moved(&self.given), moved(&self.slots), span)
    }
}

/// `&` if the type is a reference: the collected value is made here and lent to the function.
fn reference(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Reference(_) => Some(quote!(&)),
        Type::Group(group) => reference(&group.elem),
        _ => None,
    }
}

fn path_at(ty: &Type, name: &str) -> TokenStream {
    let (start, end) = ends(ty).unwrap_or((Span::mixed_site(), Span::mixed_site()));
    path(name, start, end)
}

/// `__hpy::name`, which the compiler underlines from `start` to `end`.
pub fn path(name: &str, start: Span, end: Span) -> TokenStream {
    let name = Ident::new(name, end);
    quote_spanned!(start=> __hpy:: #name)
}
