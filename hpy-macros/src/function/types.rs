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
    for part in parts(ty) {
        walk(part, visit);
    }
}

/// The types that a type is made of.
fn parts(ty: &Type) -> Vec<&Type> {
    match ty {
        Type::Reference(reference) => vec![&*reference.elem],
        Type::Group(group) => vec![&*group.elem],
        Type::Paren(paren) => vec![&*paren.elem],
        Type::Slice(slice) => vec![&*slice.elem],
        Type::Array(array) => vec![&*array.elem],
        Type::Tuple(tuple) => tuple.elems.iter().collect(),
        Type::Path(path) => {
            let segments = path.path.segments.iter();
            let arguments = segments.filter_map(|segment| match &segment.arguments {
                PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
                _ => None,
            });
            let types = arguments.flatten().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            types.collect()
        }
        _ => Vec::new(),
    }
}

/// Calls `found` with each part that is lent by an object which a container has for a moment only, and with what is written instead.
pub fn lent_items<'a>(ty: &'a Type, found: &mut impl FnMut(&'a Type, String)) {
    look_for_lent_items(ty, false, found);
}

fn look_for_lent_items<'a>(ty: &'a Type, inside: bool, found: &mut impl FnMut(&'a Type, String)) {
    match suggestion_for_lent(ty).filter(|_| inside) {
        Some(instead) => found(ty, instead),
        None => {
            let inside = inside || is_container(ty);
            for part in parts(ty) {
                look_for_lent_items(part, inside, found);
            }
        }
    }
}

/// Whether its items are converted one after the other.
fn is_container(ty: &Type) -> bool {
    const NAMES: [&str; 6] = [
        "Vec", "VecDeque", "HashMap", "BTreeMap", "HashSet", "BTreeSet",
    ];
    match ty {
        Type::Tuple(_) | Type::Array(_) => true,
        _ => last_segment(ty).is_some_and(|name| NAMES.iter().any(|one| name == one)),
    }
}

fn suggestion_for_lent(ty: &Type) -> Option<String> {
    let referent = match ty {
        Type::Reference(reference) => &*reference.elem,
        _ => {
            let is_borrow = last_segment(ty).is_some_and(|name| name == "Ref" || name == "RefMut");
            let data = parts(ty).into_iter().next().filter(|_| is_borrow)?;
            let data = last_segment(data)?;
            return Some(format!("`Handle<'_, {data}>`, which can be borrowed"));
        }
    };
    Some(match referent {
        Type::Slice(slice) => match last_segment(&slice.elem) {
            Some(item) => format!("`Vec<{item}>`"),
            None => "what it is owned by".to_owned(),
        },
        referent => match last_segment(referent) {
            Some(name) if name == "str" => "`String`".to_owned(),
            Some(name) if name == "Handle" => "`Handle`, without the `&`".to_owned(),
            Some(name) => format!("`Handle<'_, {name}>`"),
            None => "what it is owned by".to_owned(),
        },
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn lent(ty: Type) -> Vec<String> {
        let mut all = Vec::new();
        lent_items(&ty, &mut |_, instead| all.push(instead));
        all
    }

    #[test]
    fn items_of_containers_are_owned() {
        assert_eq!(lent(parse_quote!(Vec<&str>)), ["`String`"]);
        assert_eq!(lent(parse_quote!(Option<(&'a [u8], i64)>)), ["`Vec<u8>`"]);
        assert_eq!(
            lent(parse_quote!(Vec<Vec<Ref<'_, plane::Point>>>)),
            ["`Handle<'_, Point>`, which can be borrowed"]
        );
        assert_eq!(
            lent(parse_quote!(HashMap<&str, &Handle<'ctx>>)),
            ["`String`", "`Handle`, without the `&`"]
        );
        assert_eq!(lent(parse_quote!([&Point; 2])), ["`Handle<'_, Point>`"]);
        for owned in [
            parse_quote!(&str),
            parse_quote!(Option<Ref<'_, Point>>),
            parse_quote!(Vec<Handle<'_, Point>>),
            parse_quote!(Cow<'_, str>),
        ] {
            assert!(lent(owned).is_empty());
        }
    }
}
