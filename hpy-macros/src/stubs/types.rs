//! Classes, enums and structure sequences.

use super::function::{described, taken};
use super::pieces::Pieces;
use crate::class::check::Class;
use crate::class::enumeration::Enum;
use crate::class::struct_sequence::Sequence;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

/// The description of a struct for the module that lists it.
///
/// `blocks` are the descriptions of its methods, `variants` the classes of an enum's variants.
pub fn of_class(
    this: &Ident,
    class: &Class,
    base: &TokenStream,
    [blocks, variants]: [&[Ident]; 2],
    id: &str,
) -> TokenStream {
    let mut out = Pieces::default();
    out.text("{").entry("kind", "class").entry("id", id);
    out.entry("name", &class.name).entry("doc", &class.doc);
    out.optional("module", class.module.as_deref());
    out.flag("final", !class.subclass);
    let collection = class.register.as_ref().map(ToString::to_string);
    if let Some(collection) = collection.as_deref() {
        out.entry("collection", collection.trim_start_matches("register_"));
    }
    out.key("base").by_trait("TypeCheck", base);
    out.key("metaclass");
    match &class.metaclass {
        Some(path) => out.by_trait("TypeCheck", &path.to_token_stream()),
        None => out.text("null"),
    };
    out.key("attributes").text("[");
    let mut first = true;
    for one in &class.attributes {
        out.separate(&mut first).text("{");
        out.entry("name", &one.name)
            .entry("doc", &one.doc)
            .key("returns");
        match described(&one.ty) {
            Some(ty) => out.by_trait("ReadAttribute", &ty),
            None => out.string("typing.Any"),
        };
        out.key("type");
        match one.set {
            true => taken(&mut out, Some(&one.ty)),
            false => {
                out.text("null");
            }
        }
        out.text("}");
    }
    out.text("]").key("derived").text("[");
    let mut first = true;
    for name in class.derived.names() {
        out.separate(&mut first).string(name);
    }
    out.text("]");
    match class.derived.match_args() {
        Some(names) => {
            let mut first = true;
            out.key("match_args").text("[");
            for name in names {
                out.separate(&mut first).string(name);
            }
            out.text("]");
        }
        None => {
            out.key("match_args").text("null");
        }
    }
    out.key("methods").text("[");
    if let [first, others @ ..] = blocks {
        out.pieces(quote!(#this::#first)).text("]");
        if !others.is_empty() {
            let mut first = true;
            out.key("other_methods").text("[");
            for block in others {
                out.separate(&mut first).text("[");
                out.pieces(quote!(#this::#block)).text("]");
            }
            out.text("]");
        }
    } else {
        out.text("]");
    }
    if !variants.is_empty() {
        let mut first = true;
        out.key("variants").text("[");
        for variant in variants {
            out.separate(&mut first);
            out.pieces(quote!(<#variant as __hpy::Described>::PIECES));
        }
        out.text("]");
    }
    out.text("}");
    out.implement(this)
}

/// The same of an enum.
pub fn of_enum(this: &Ident, checked: &Enum, id: &str) -> TokenStream {
    let mut out = Pieces::default();
    out.text("{").entry("kind", "enum").entry("id", id);
    out.entry("name", &checked.name).entry("doc", &checked.doc);
    out.optional("module", checked.module.as_deref());
    out.flag("int", checked.int).key("members").text("[");
    let mut first = true;
    for member in &checked.members {
        let variant = &member.variant;
        out.separate(&mut first).text("{");
        out.entry("name", &member.name).entry("doc", &member.doc);
        out.key("value")
            .number(quote!(#this::#variant as i128))
            .text("}");
    }
    out.text("]").key("derived").text("[");
    let mut first = true;
    // Python's own `==` says the same.
    for name in checked.derived.names().filter(|name| *name != "eq") {
        out.separate(&mut first).string(name);
    }
    out.text("]").key("methods").text("[");
    let (_, described) = crate::class::block_names::constants(None);
    out.pieces(quote!(#this::#described)).text("]}");
    out.implement(this)
}

/// The same of a structure sequence.
pub fn of_sequence(this: &Ident, checked: &Sequence, id: &str) -> TokenStream {
    let mut out = Pieces::default();
    out.text("{")
        .entry("kind", "struct_sequence")
        .entry("id", id);
    out.entry("name", &checked.name).entry("doc", &checked.doc);
    out.optional("module", checked.module.as_deref());
    out.key("fields").text("[");
    let mut first = true;
    for field in &checked.fields {
        out.separate(&mut first).text("{");
        out.entry("name", &field.name)
            .entry("doc", &field.doc)
            .key("returns");
        match described(&field.ty) {
            Some(ty) => out.by_trait("IntoHandle", &ty),
            None => out.string("typing.Any"),
        };
        out.text("}");
    }
    out.text("]}");
    out.implement(this)
}
