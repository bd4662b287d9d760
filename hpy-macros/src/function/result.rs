//! Functions that return a `Result`, as far as their types show it.

use syn::{GenericArgument, PathArguments, Type};

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
