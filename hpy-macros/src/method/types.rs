//! What the types of parameters are made of.

use proc_macro2::Ident;
use syn::{GenericArgument, Lifetime, PathArguments, Type};

/// The `'ctx` of `Handle<'ctx, …>` and `Context<'ctx>`.
pub fn entry_lifetime(ty: &Type) -> Option<&Lifetime> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Lifetime(lifetime)
            if segment.ident == "Handle" || segment.ident == "Context" =>
        {
            Some(lifetime)
        }
        _ => None,
    }
}

/// Visits a type and the types it is made of.
pub fn walk<'a>(ty: &'a Type, visit: &mut impl FnMut(&'a Type)) {
    visit(ty);
    match ty {
        Type::Reference(reference) => walk(&reference.elem, visit),
        Type::Group(group) => walk(&group.elem, visit),
        Type::Paren(paren) => walk(&paren.elem, visit),
        Type::Slice(slice) => walk(&slice.elem, visit),
        Type::Array(array) => walk(&array.elem, visit),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| walk(ty, visit)),
        Type::Path(path) => {
            for segment in &path.path.segments {
                let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                    continue;
                };
                for argument in &arguments.args {
                    if let GenericArgument::Type(ty) = argument {
                        walk(ty, visit);
                    }
                }
            }
        }
        _ => {}
    }
}

/// The name that a type's path ends in.
pub fn last_segment(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        _ => None,
    }
}
