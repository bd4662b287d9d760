//! Which methods have a boundary of their own, in line with their body: short ones, whose call
//! takes about as long as what they do. All others share one, which is smaller.

use super::check::{Argument, Method};
use super::parse::Function;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// So many tokens a short body has at most.
const SHORT: usize = 60;

/// So many values a short method takes at most: each is converted in line.
const FEW: usize = 3;

/// Whether the method, of the type `this`, has a boundary of its own. `#[inline]` asks for one,
/// `#[cold]` and `#[inline(never)]` for none.
pub fn is_in_line(function: &Function, method: &Method, this: &TokenStream) -> bool {
    if function.is_async() {
        return false;
    }
    for attribute in &function.attributes {
        if attribute.path().is_ident("cold") {
            return false;
        }
        if attribute.path().is_ident("inline") {
            let never = matches!(&attribute.meta, syn::Meta::List(list)
                if list.tokens.to_string() == "never");
            return !never;
        }
    }
    let values = method.arguments.iter().filter(|one| one.is_value()).count();
    !method.traceback
        && values <= FEW
        && method.arguments.iter().all(is_quick)
        && returns_quickly(function, this)
        && body(function).is_some_and(|body| count(body) <= SHORT)
}

/// Whether what it returns converts quickly. Objects of its own type are made by a call.
fn returns_quickly(function: &Function, this: &TokenStream) -> bool {
    fn is_quick(ty: &Type, this: &str) -> bool {
        match ty {
            Type::Tuple(tuple) => tuple.elems.is_empty(),
            Type::Path(path) => {
                let last = path.path.segments.last();
                last.is_some_and(|last| match (&last.arguments, last.ident.to_string()) {
                    (PathArguments::AngleBracketed(inner), name)
                        if name == "Result" || name == "Option" =>
                    {
                        let value = inner.args.iter().find_map(|inner| match inner {
                            GenericArgument::Type(ty) => Some(ty),
                            _ => None,
                        });
                        value.is_some_and(|ty| is_quick(ty, this))
                    }
                    (_, name) => name == "Self" || name == this || converts_quickly(ty),
                })
            }
            Type::Group(group) => is_quick(&group.elem, this),
            Type::Reference(_) => converts_quickly(ty),
            _ => false,
        }
    }
    match &function.output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => is_quick(ty, &this.to_string()),
    }
}

/// The tokens between the braces.
fn body(function: &Function) -> Option<TokenStream> {
    match function.rest.clone().into_iter().last() {
        Some(TokenTree::Group(body)) if body.delimiter() == Delimiter::Brace => Some(body.stream()),
        _ => None,
    }
}

fn count(tokens: TokenStream) -> usize {
    let count = |token| match token {
        TokenTree::Group(group) => 2 + count(group.stream()),
        _ => 1,
    };
    tokens.into_iter().map(count).sum()
}

fn is_quick(argument: &Argument) -> bool {
    match argument {
        Argument::Parameter(_, ty) => converts_quickly(ty),
        Argument::VarKeyword(_) => false,
        _ => true,
    }
}

/// Whether it is the name of a type of numbers, or `bool`.
pub fn is_number(name: &Ident) -> bool {
    const NUMBERS: [&str; 13] = [
        "bool", "f32", "f64", "i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64",
        "usize",
    ];
    NUMBERS.iter().any(|number| name == number)
}

/// Whether it is `Field` or `Option<Field>`, by name: what it holds is one call to read.
pub fn is_field(ty: &Type) -> bool {
    let Type::Path(path) = ty else {
        return false;
    };
    path.path.segments.last().is_some_and(|last| {
        last.ident == "Field"
            || last.ident == "Option"
                && matches!(&last.arguments, PathArguments::AngleBracketed(inner)
                if inner.args.iter().all(|inner| {
                    matches!(inner, GenericArgument::Type(inner) if is_field(inner))
                }))
    })
}

/// Whether values of the type take few instructions to convert.
pub fn converts_quickly(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => converts_quickly(&group.elem),
        Type::Paren(paren) => converts_quickly(&paren.elem),
        Type::Reference(reference) => converts_quickly(&reference.elem),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return false;
            };
            let name = last.ident.to_string();
            match name.as_str() {
                "str" | "Handle" | "Borrowed" | "Ref" | "RefMut" => true,
                "Option" => match &last.arguments {
                    PathArguments::AngleBracketed(inner) => inner.args.iter().all(|inner| {
                        matches!(inner, GenericArgument::Type(inner) if converts_quickly(inner))
                    }),
                    _ => false,
                },
                _ => is_number(&last.ident),
            }
        }
        _ => false,
    }
}
