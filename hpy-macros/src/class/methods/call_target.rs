//! How the functions of an impl are called: the type that each is implemented for, its trait, and
//! its name in messages.

use super::check::CheckedMethod;
use super::role::Role;
use super::special::SpecialKind;
use crate::function::check::Argument;
use crate::function::target::{CallShape, Target};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

/// The type that the function at this index is implemented for.
pub fn marker(place: usize) -> TokenStream {
    let place = Literal::usize_unsuffixed(place);
    quote!(__HpyMethod<#place>)
}

/// Whether messages name the function: if it takes arguments, or reports that it takes none.
pub fn is_shown(one: &CheckedMethod) -> bool {
    if one.method.function.is_async() {
        return true;
    }
    match &one.method.role {
        Role::New | Role::Call | Role::ClassMethod | Role::StaticMethod => true,
        Role::Special(special) if matches!(special.kind, SpecialKind::Call | SpecialKind::Init) => {
            true
        }
        _ => one.call.arguments.iter().any(Argument::is_value),
    }
}

/// The constant that is the function's name in messages: `Point.norm`, or the attribute's.
pub fn shown(constant: Option<&Ident>, one: &CheckedMethod) -> TokenStream {
    let name = match &one.method.role {
        Role::Setter(attribute) => attribute,
        _ => &one.call.name,
    };
    quote! {
        #[allow(dead_code)]
        const #constant: &::core::primitive::str = {
            const NAME: &[::core::primitive::u8] = &__hpy::qualified::<
                { __hpy::qualified_len(__HPY_CLASS, #name) }
            >(__HPY_CLASS, #name);
            __hpy::text(NAME)
        };
    }
}

/// How the function is called.
pub fn target(this: TokenStream, place: usize, one: &CheckedMethod) -> Target {
    let (mut shape, mut result, mut operands) = (CallShape::Convention, "into_return", false);
    let mut shown = format_ident!("__HPY_NAME_{place}");
    match &one.method.role {
        Role::New => {
            (shape, result) = (CallShape::Keywords, "construct");
            shown = format_ident!("__HPY_CLASS");
        }
        Role::Call | Role::ClassMethod | Role::StaticMethod => shape = CallShape::Keywords,
        Role::Setter(_) => (shape, result) = (CallShape::FixedInt(1), "into_nothing"),
        Role::Deleter(_) => (shape, result) = (CallShape::FixedInt(0), "into_nothing"),
        Role::Special(special) => {
            (shape, result) = match special.kind {
                SpecialKind::Unary(_) => (CallShape::Fixed(0), result),
                SpecialKind::Len => (CallShape::FixedInt(0), "into_len"),
                SpecialKind::Hash => (CallShape::FixedInt(0), "into_hash"),
                SpecialKind::Bool => (CallShape::FixedInt(0), "into_truth"),
                SpecialKind::Contains => (CallShape::FixedInt(1), "into_truth"),
                SpecialKind::GetItem => (CallShape::Fixed(1), result),
                SpecialKind::SetItem => (CallShape::FixedInt(2), "into_nothing"),
                SpecialKind::DelItem => (CallShape::FixedInt(1), "into_nothing"),
                SpecialKind::Operator(_) | SpecialKind::Reflected(_) | SpecialKind::InPlace(_) => {
                    (CallShape::Fixed(1), result)
                }
                SpecialKind::Power | SpecialKind::ReflectedPower | SpecialKind::InPlacePower => {
                    (CallShape::Fixed(2), result)
                }
                SpecialKind::RichCompare => (CallShape::Compare, result),
                SpecialKind::Comparison(_) => (CallShape::Fixed(1), result),
                SpecialKind::Call => (CallShape::Keywords, result),
                SpecialKind::Init => (CallShape::Init, "into_nothing"),
                SpecialKind::Del => (CallShape::FixedInt(0), "into_nothing"),
                SpecialKind::Buffer => (CallShape::FixedInt(0), "into_export"),
                SpecialKind::Assigned(_)
                    if special.name == "__anext__" && one.method.function.is_async() =>
                {
                    (CallShape::Convention, "into_next")
                }
                SpecialKind::Assigned(_) => (CallShape::Convention, result),
                SpecialKind::Next => (CallShape::Convention, "into_next"),
            };
            operands = matches!(
                special.kind,
                SpecialKind::Operator(_)
                    | SpecialKind::Reflected(_)
                    | SpecialKind::InPlace(_)
                    | SpecialKind::Power
                    | SpecialKind::ReflectedPower
                    | SpecialKind::InPlacePower
                    | SpecialKind::RichCompare
                    | SpecialKind::Comparison(_)
            );
        }
        _ => {}
    }
    let result_of_this = one.returns_this();
    if result_of_this {
        result = "into_this";
    }
    Target {
        marker: marker(place),
        path: quote!(#this::),
        this,
        signature: format_ident!("__HPY_SIGNATURE_{place}"),
        shown: Some(shown),
        counts_receiver: !matches!(one.method.role, Role::New | Role::StaticMethod),
        sets_attribute: matches!(one.method.role, Role::Setter(_)),
        shape,
        result,
        result_of_this,
        operands,
    }
}
