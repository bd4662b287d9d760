//! Functions that return a `Result`, as far as their types show it.

use super::in_line::is_number;
use proc_macro2::TokenStream;
use syn::{GenericArgument, PathArguments, ReturnType, Type};

/// What a type is a `Result` of. All crates have the value first, whatever they say of the error.
pub fn value_of(ty: &Type) -> Option<&Type> {
    let path = match ty {
        Type::Path(path) => &path.path,
        Type::Group(group) => return value_of(&group.elem),
        Type::Paren(inner) => return value_of(&inner.elem),
        _ => return None,
    };
    let last = path.segments.last()?;
    if last.ident != "Result" {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(value) => Some(value),
        _ => None,
    })
}

/// Whether what a method of the class `this` returns is seen to borrow nothing: a number, nothing,
/// the class, which has no lifetime, or a `Result` of one of them.
pub fn borrows_nothing(output: &ReturnType, this: &TokenStream) -> bool {
    let this = this.to_string();
    let is_plain = |ty: &Type| match ty {
        Type::Tuple(tuple) => tuple.elems.is_empty(),
        Type::Path(path) => (path.path.get_ident())
            .is_some_and(|name| is_number(name) || name == "Self" || *name == this),
        _ => false,
    };
    match output {
        ReturnType::Default => true,
        // The error of another `Result` may borrow.
        ReturnType::Type(_, ty) => is_plain(ty) || only_value_of(ty).is_some_and(is_plain),
    }
}

/// What a type is a `Result` of, if it names no error.
fn only_value_of(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else {
        return None;
    };
    match &path.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) if arguments.args.len() == 1 => value_of(ty),
        _ => None,
    }
}
