//! `#[derive(FromHandle)]` and `#[derive(IntoHandle)]`: what such an object is like.

use super::function::{ANY, described};
use super::pieces::Pieces;
use crate::derive::check::{Body, CheckedType, Field, Key, Product, ProductShape};
use crate::derive::direction::Direction;
use crate::python_name;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{DeriveInput, Lit};

/// The constant of the trait, and the static that tells what it stands for. That types refer to each other by names keeps what is
/// recursive from being endless.
pub fn conversion(
    direction: Direction,
    input: &DeriveInput,
    checked: &CheckedType,
) -> (TokenStream, TokenStream) {
    // What it is made of is not known before it is used.
    let has_parameters = input.generics.type_params().next().is_some()
        || input.generics.const_params().next().is_some();
    if !super::pieces::ENABLED || has_parameters {
        return (TokenStream::new(), TokenStream::new());
    }
    let id = super::pieces::new_id();
    let mut out = Pieces::default();
    out.text("{").key("format").text("1").entry("id", &id);
    out.entry("name", &python_name::of_ident(&input.ident));
    out.flag("into", direction == Direction::Into);
    out.key("any_of").text("[");
    let mut first = true;
    match &checked.body {
        Body::Struct(one) => product(&mut out, direction, None, one),
        Body::Enum(variants) => {
            for (name, one) in variants {
                out.separate(&mut first);
                product(&mut out, direction, Some(name), one);
            }
        }
    }
    out.text("]}");
    let symbol = format_ident!("hpy_declared_{id}");
    let pieces = out.finish();
    (
        quote!(const ANNOTATION: __hpy::Annotation = __hpy::Annotation::declared(#id);),
        quote!(::hpy::__description! { #symbol, #pieces }),
    )
}

fn product(out: &mut Pieces, direction: Direction, variant: Option<&&Ident>, one: &Product) {
    out.text("{");
    let variant = variant.map(|name| python_name::of_ident(name));
    out.optional("variant", variant.as_deref());
    match &one.shape {
        ProductShape::Unit(text) => {
            out.entry("shape", "text").entry("text", text);
        }
        ProductShape::Transparent(field) => {
            out.entry("shape", "object").key("type");
            annotation(out, direction, field);
        }
        ProductShape::Tuple(fields) => {
            out.entry("shape", "tuple").key("items").text("[");
            let mut first = true;
            for field in fields {
                out.separate(&mut first);
                annotation(out, direction, field);
            }
            out.text("]");
        }
        ProductShape::Named(fields) => {
            out.entry("shape", "fields").key("fields").text("[");
            let mut first = true;
            for field in fields {
                out.separate(&mut first).text("{");
                let (is_item, name) = match &field.key {
                    Key::Attribute(name) => (direction == Direction::Into, Some(name.clone())),
                    Key::Item(key) => (true, text(key)),
                };
                out.flag("item", is_item).optional("name", name.as_deref());
                out.flag("required", field.default.is_none()).key("type");
                annotation(out, direction, field);
                out.text("}");
            }
            out.text("]");
        }
    }
    out.text("}");
}

fn text(key: &TokenStream) -> Option<String> {
    match syn::parse2::<Lit>(key.clone()) {
        Ok(Lit::Str(text)) => Some(text.value()),
        _ => None,
    }
}

fn annotation(out: &mut Pieces, direction: Direction, field: &Field) {
    let (by_function, by) = match direction {
        Direction::From => (&field.from_with, "FromHandle"),
        Direction::Into => (&field.into_with, "IntoHandle"),
    };
    match described(field.ty).filter(|_| by_function.is_none()) {
        Some(ty) => out.by_trait(by, &ty),
        None => out.string(ANY),
    };
}
