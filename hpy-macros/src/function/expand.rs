//! The code emitted for a method: the function itself, a type of its name by which `hpy_module!`
//! finds the definition, and the call that converts arguments and result.

use super::async_fn;
use super::check::{Argument, Convention, Method};
use super::convert_argument::{argument, path, way};
use super::in_line::is_in_line;
use super::parse::Function;
use super::result;
use super::signature::{Parameter, ParameterKind};
use super::target::{CallShape, Names, Target};
use crate::docstring::c_literal;
use crate::expression::ends;
use crate::python_name;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ReturnType;
use syn::ext::IdentExt;

/// The expansion of a valid function.
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
        Convention::VarArgs | Convention::Keywords => {
            Some(signature_static(method, &Target::of_function(function)))
        }
    };
    let target = Target::of_function(function);
    let call = call(function, method, &target);
    // A universal binary calls a method in line from two entries, one of which passes the bundled
    // context. Only an inlined copy lets the compiler see which. A function without a context and
    // handles needs no copy.
    let says = |name| move |attribute: &syn::Attribute| attribute.path().is_ident(name);
    let chosen = ["inline", "cold", "target_feature"]
        .iter()
        .any(|name| function.attributes.iter().any(says(*name)));
    let inline =
        (!chosen && is_in_line(function, method, &TokenStream::new())).then(|| {
            match method.arguments.iter().all(is_plain) {
                true => quote!(#[inline]),
                false => quote!(#[allow(clippy::inline_always)] #[inline(always)]),
            }
        });
    let described = crate::stubs::ENABLED.then(|| crate::stubs::of_function(function, method));
    let passes_module = (method.arguments.iter())
        .any(|argument| matches!(argument, Argument::Module(_)))
        .then(|| {
            quote!(
                const PASSES_MODULE: ::core::primitive::bool = true;
            )
        });
    quote! {
        #inline
        #item
        #marker
        #(#conditions)*
        #[allow(deprecated)]
        const _: () = {
            use ::hpy::__private as __hpy;
            #signature
            static __HPY_DEF: __hpy::MethodStatic =
                __hpy::#constructor::<#name>(#python_name, #doc);
            impl __hpy::Method for #name {
                const DEF: __hpy::MethodDef = __HPY_DEF.def(#python_name);
                #passes_module
            }
            #call
            #described
        };
    }
}

/// Whether only values of the standard library's types are passed.
fn is_plain(argument: &Argument) -> bool {
    const PLAIN: [&str; 22] = [
        "bool", "char", "str", "String", "Vec", "Option", "f32", "f64", "i8", "i16", "i32", "i64",
        "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "HashMap", "BTreeMap",
    ];
    fn all_plain(tokens: TokenStream) -> bool {
        tokens.into_iter().all(|token| match token {
            TokenTree::Ident(ident) => PLAIN.iter().any(|plain| ident == plain),
            TokenTree::Group(group) => all_plain(group.stream()),
            TokenTree::Punct(punct) => punct.as_char() != '\'',
            TokenTree::Literal(_) => true,
        })
    }
    matches!(argument, Argument::Parameter(_, ty) if all_plain(ty.to_token_stream()))
}

/// Whether an argument is the object itself, the context or a number.
fn is_number(argument: &Argument) -> bool {
    const NUMBERS: [&str; 13] = [
        "bool", "f32", "f64", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64",
        "usize",
    ];
    match argument {
        Argument::Receiver { .. } | Argument::Context => true,
        Argument::Parameter(_, ty) => {
            let name = ty.to_token_stream().to_string();
            NUMBERS.contains(&name.as_str())
        }
        _ => false,
    }
}

/// What a function with errors becomes: the errors, and enough to avoid follow-up errors.
pub fn placeholder(function: &Function, errors: TokenStream) -> TokenStream {
    let name = &function.name;
    // The compiler would also report `self` in a free function.
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

/// `struct f {}`, which is in the type namespace only and so can coexist with `fn f`.
fn marker(function: &Function) -> TokenStream {
    let (visibility, name) = (&function.visibility, &function.name);
    let conditions = function.conditions();
    // `hpy_module!` names the type, and editors show this text there.
    let is_doc = |attribute: &&syn::Attribute| match &attribute.meta {
        syn::Meta::NameValue(text) => text.path.is_ident("doc"),
        _ => false,
    };
    let doc = function.attributes.iter().filter(is_doc);
    quote! {
        #(#conditions)*
        #(#doc)*
        #[doc(hidden)]
        // A function from `macro_rules!` is linted like the user's own code.
        #[allow(
            non_camel_case_types, dead_code, unreachable_pub, unnameable_types, missing_docs,
            missing_debug_implementations, missing_copy_implementations,
            clippy::empty_structs_with_brackets, clippy::exhaustive_structs
        )]
        #visibility struct #name {}
    }
}

/// The static with the signature by which arguments are parsed.
pub fn signature_static(method: &Method, target: &Target) -> TokenStream {
    let (place, names_place) = (
        &target.signature,
        Ident::new(&format!("{}_NAMES", target.signature), Span::call_site()),
    );
    signature(method, target, place, &names_place)
}

fn signature(method: &Method, target: &Target, place: &Ident, names_place: &Ident) -> TokenStream {
    let (function, counts_receiver) = (target.shown(method), target.counts_receiver);
    let parameters = method.signature.parameters.iter().map(|parameter| {
        let name = python_name::of_ident(&parameter.name);
        let kind = match parameter.kind {
            ParameterKind::PositionalOnly => quote!(PositionalOnly),
            ParameterKind::PositionalOrKeyword => quote!(PositionalOrKeyword),
            ParameterKind::KeywordOnly => quote!(KeywordOnly),
        };
        let required = parameter.default.is_none();
        quote!(__hpy::Parameter {
            name: #name, kind: __hpy::ParameterKind::#kind, required: #required
        })
    });
    let by_position = |parameter: &&Parameter| parameter.kind != ParameterKind::KeywordOnly;
    let positional = method
        .signature
        .parameters
        .iter()
        .filter(by_position)
        .count();
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
    // Separate from the signature, which stays read-only and is constant-folded.
    let takes_keywords = match target.shape {
        CallShape::Keywords | CallShape::Init => true,
        _ => method.convention == Convention::Keywords,
    };
    let (names, keyword_names) = match takes_keywords {
        true => {
            let count = parameters.len();
            (
                Some(quote! {
                    static #names_place: [__hpy::KeywordName; #count] =
                        [const { __hpy::KeywordName::new() }; #count];
                }),
                quote!(&#names_place),
            )
        }
        false => (None, quote!(&[])),
    };
    quote! {
        #names
        static #place: __hpy::Signature = __hpy::Signature {
            function: #function,
            counts_receiver: #counts_receiver,
            parameters: &[#(#parameters),*],
            positional: #positional,
            var_positional: #var_positional,
            var_keyword: #var_keyword,
            keyword_names: #keyword_names,
        };
    }
}

/// Whether a method gets only positional arguments, in an array.
fn convention_is_positional(target: &Target, method: &Method) -> bool {
    let by_shape = matches!(
        target.shape,
        CallShape::Fixed(_)
            | CallShape::FixedInt(_)
            | CallShape::Compare
            | CallShape::Init
            | CallShape::Keywords
    );
    !by_shape && method.convention == Convention::VarArgs
}

/// What says that a method has a boundary of its own.
pub fn in_line_constant() -> TokenStream {
    quote!(
        const IN_LINE: ::core::primitive::bool = true;
    )
}

/// The implementation of the convention's trait.
pub fn call(function: &Function, method: &Method, target: &Target) -> TokenStream {
    let hidden = Span::mixed_site();
    let takes_module = method.arguments.iter().any(|argument| {
        !matches!(
            argument,
            Argument::Context | Argument::Cancel | Argument::Parameter(..)
        )
    }) || target.result_of_this
        || target.result == "construct";
    let names = Names {
        ctx: Ident::new("ctx", hidden),
        module: Ident::new(if takes_module { "module" } else { "_module" }, hidden),
        given: Ident::new("args", hidden),
        slots: Ident::new("slots", hidden),
        op: Ident::new("op", hidden),
        data: Ident::new("data", hidden),
        cancel: Ident::new("cancel", hidden),
        in_line: target.shape != CallShape::Init && is_in_line(function, method, &target.this),
    };
    let in_line = names.in_line;
    let Names {
        ctx,
        module,
        given,
        slots,
        op,
        data,
        ..
    } = &names;
    let object = quote!(__hpy::Handle<'ctx>);
    let keywords = || Some(quote!(#given: __hpy::KeywordArgs<'_, 'ctx>));
    let (convention, parameter, returned) = match (target.shape, method.convention) {
        (CallShape::Fixed(count), _) => (
            quote!(Fixed<#count>),
            Some(quote!(#given: [&__hpy::Handle<'ctx>; #count])),
            object,
        ),
        (CallShape::FixedInt(count), _) => (
            quote!(FixedInt<#count>),
            Some(quote!(#given: [&__hpy::Handle<'ctx>; #count])),
            quote!(::core::primitive::isize),
        ),
        (CallShape::Compare, _) => (
            quote!(Compare),
            Some(quote!(#given: &__hpy::Handle<'ctx>, #op: ::hpy::CompareOp)),
            object,
        ),
        (CallShape::Init, _) => (
            quote!(InitMethod),
            keywords(),
            quote!(::core::primitive::isize),
        ),
        (CallShape::Keywords, _) | (_, Convention::Keywords) => {
            (quote!(KeywordsMethod), keywords(), object)
        }
        (_, Convention::NoArgs) => (quote!(NoArgsMethod), None, object),
        (_, Convention::O) => (
            quote!(OMethod),
            Some(quote!(#given: &__hpy::Handle<'ctx>)),
            object,
        ),
        (_, Convention::VarArgs) => (
            quote!(VarArgsMethod),
            Some(quote!(#given: __hpy::Args<'_, 'ctx>)),
            object,
        ),
    };
    let place = &target.signature;
    let parse = target.parses(method).then(|| {
        let count = method.signature.parameters.len();
        let mut parameters = method.signature.parameters.iter();
        let exact = convention_is_positional(target, method)
            && parameters.all(|parameter| parameter.default.is_none())
            && !(method.arguments.iter())
                .any(|argument| matches!(argument, Argument::VarPositional(_)));
        if exact {
            quote!(let #slots = #given.exactly::<#count>(&#place)?;)
        } else {
            quote!(let #slots = #given.parse::<#count>(&#place)?;)
        }
    });
    let this = &target.this;
    let receive = method.arguments.iter().find_map(|argument| match argument {
        Argument::Receiver { exclusive: false } if function.is_async() => {
            Some(quote!(let #data = __hpy::held::<#this>(#module)?;))
        }
        Argument::Receiver { exclusive: false } => {
            Some(quote!(let #data = __hpy::receiver::<#in_line, #this>(#module)?;))
        }
        Argument::Receiver { exclusive: true } => {
            // Of a frozen type the compiler points to `&mut self`.
            let this = function.at_receiver(this);
            Some(quote!(let mut #data = __hpy::receiver_mut::<#in_line, #this>(#module)?;))
        }
        _ => None,
    });
    let arguments = method
        .arguments
        .iter()
        .map(|argument| self::argument(argument, method, target, &names));
    let borrows = receive.is_some();
    let numbers_first = borrows && method.arguments.iter().all(is_number);
    let (converted, arguments) = match function.is_async() || numbers_first {
        true => async_fn::convert_first(method, arguments),
        false => (None, quote!(#(#arguments),*)),
    };
    // Numbers are converted before the object is borrowed, because an argument's `__float__` or
    // `__index__` may use it. The compiler leaves out a borrow with no call in it.
    let (receive, converted) = match function.is_async() {
        true => (receive, converted),
        false => (converted, receive),
    };
    let name = &function.name;

    // The call has the span of the return type, so that the compiler points there if it does not
    // convert.
    let output: &dyn ToTokens = match &function.output {
        ReturnType::Type(_, ty) => ty,
        ReturnType::Default => name,
    };
    let (start, end) = ends(&output.to_token_stream()).unwrap_or((hidden, hidden));
    // The error may be one that only this macro converts.
    let returns_result = match &function.output {
        ReturnType::Type(_, ty) => result::value_of(ty).is_some(),
        ReturnType::Default => false,
    };
    let user_call = {
        let mut called = name.clone();
        called.set_span(name.span().located_at(start));
        let path = &target.path;
        let called = quote!(#path #called);
        let mut group = Group::new(proc_macro2::Delimiter::Parenthesis, arguments);
        group.set_span(end);
        match returns_result && !function.is_async() {
            true => quote_spanned!(start=> __hpy::settled!(#called #group)),
            false => quote!(#called #group),
        }
    };
    let path = match target.result {
        "into_next" if function.is_async() => path("coroutine_of_next", start, end),
        _ if function.is_async() => path("coroutine", start, end),
        "into_return" => way(in_line, "into_return", start, end),
        result => path(result, start, end),
    };
    let first = if target.result_of_this || target.result == "construct" {
        module
    } else {
        ctx
    };
    let path = if target.result == "construct" {
        quote!(#path::<#this>)
    } else {
        path
    };
    let marker = &target.marker;
    let warn = method.warnings.iter().map(|one| one.emitted(ctx));
    let result = match function.is_async() {
        true => {
            let settled = returns_result.then_some(start);
            async_fn::coroutine(method, target, &names, &path, &user_call, settled)
        }
        // Where nothing is borrowed from the object, its data is given back before the result is
        // converted. Without a call between, the compiler leaves out both.
        false
            if borrows
                && target.result == "into_return"
                && result::borrows_nothing(&function.output, this) =>
        {
            quote! {
                let returned = #user_call;
                __hpy::give_back(#data);
                #path(#first, returned)
            }
        }
        false => quote!(#path(#first, #user_call)),
    };
    let mut body = quote! {
        #(#warn)*
        #parse
        #receive
        #converted
        #result
    };
    if method.traceback {
        let shown = name.unraw().to_string();
        // At the span of the name, whose position they report.
        let (file, line) = (
            quote_spanned!(name.span()=> ::core::file!()),
            quote_spanned!(name.span()=> ::core::line!()),
        );
        body = quote! {
            static __HPY_PLACE: __hpy::Place = __hpy::Place::new(#shown, #file, #line);
            let outcome = || -> __hpy::Result<#returned> { #body };
            outcome().map_err(|error| __hpy::in_place(#ctx, error, &__HPY_PLACE))
        };
    }
    let in_line = in_line.then(in_line_constant);
    quote! {
        impl __hpy::#convention for #marker {
            #in_line
            #[inline(always)]
            fn call<'ctx>(
                #[allow(unused_variables)] #ctx: __hpy::Context<'ctx>,
                #module: &__hpy::Handle<'ctx>,
                #parameter
            ) -> __hpy::Result<#returned> {
                #body
            }
        }
    }
}
