//! `#[hpy_type(struct_sequence)]`: a tuple with named items.

use super::options::{TypeOptions, VariantOptions};
use super::stub_description::{annotation, item_and_id};
use crate::derive::is_plain;
use crate::docstring;
use crate::pyo3_habits::take_attributes;
use crate::python_name;
use crate::report::Report;
use crate::stubs::Described;
use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Data, DeriveInput, Index, LitStr, Member, Type};

/// A valid structure sequence.
pub struct Sequence {
    pub name: String,
    pub module: Option<String>,
    pub doc: String,
    pub fields: Vec<Field>,
    conditions: Vec<Attribute>,
}

/// An item, as Python sees it.
pub struct Field {
    pub member: Member,
    pub name: String,
    pub doc: String,
    pub ty: Type,
}

/// What the class has of its own.
const TAKEN: [&str; 3] = ["n_fields", "n_sequence_fields", "n_unnamed_fields"];

/// Reports all errors and removes the option attributes from the fields.
pub fn check(
    input: &mut DeriveInput,
    name: String,
    options: &TypeOptions,
    report: &mut Report,
) -> Sequence {
    for key in options.of_types() {
        report.at(
            key,
            format!("a structure sequence is a tuple, which handles this itself: remove `{key}`"),
        );
    }
    for key in options.of_enums() {
        report.at(
            key,
            format!("`{key}` is for enums: remove it above a struct"),
        );
    }
    if let Some((key, _)) = &options.rename_all {
        report.at(
            key,
            "the fields of a structure sequence are renamed one by one: write #[hpy(name = \"…\")] \
             above a field",
        );
    }
    let mut fields: Vec<Field> = Vec::new();
    match &mut input.data {
        Data::Struct(data) => {
            for (place, field) in data.fields.iter_mut().enumerate() {
                let checked = check_field(place, field, report);
                if fields.iter().any(|before| before.name == checked.name) {
                    let name = &checked.name;
                    report.at(
                        &field,
                        format!("there is a field `{name}` already: give this one another name"),
                    );
                }
                fields.push(checked);
            }
        }
        Data::Enum(_) => {}
        Data::Union(data) => report.at(
            data.union_token,
            "a structure sequence must be a struct: a union's active field is unknown",
        ),
    }
    if fields.is_empty() {
        report.at(
            &input.ident,
            "a structure sequence without fields has no items: write one",
        );
    }
    Sequence {
        name,
        module: options.module.as_ref().map(LitStr::value),
        doc: docstring::text(&input.attrs, report),
        fields,
        conditions: (input.attrs.iter())
            .filter(|attribute| attribute.path().is_ident("cfg"))
            .cloned()
            .collect(),
    }
}

fn check_field(place: usize, field: &mut syn::Field, report: &mut Report) -> Field {
    let (own, others): (Vec<Attribute>, Vec<Attribute>) = std::mem::take(&mut field.attrs)
        .into_iter()
        .partition(|attribute| attribute.path().is_ident("hpy"));
    field.attrs = others;
    take_attributes(&mut field.attrs, "#[hpy(…)]", report);
    let mut given = VariantOptions::default();
    for attribute in &own {
        given.read_attribute(attribute, "field of a structure sequence", report);
    }
    for condition in field.attrs.iter().filter(|a| a.path().is_ident("cfg")) {
        report.at(
            condition,
            "an item cannot depend on a cfg: write the struct twice, each with its #[cfg(…)]",
        );
    }
    let (name, at) = match (&given.name, &field.ident) {
        (Some(literal), _) => (literal.value(), literal.to_token_stream()),
        (None, Some(ident)) => (python_name::of_ident(ident), ident.to_token_stream()),
        (None, None) => {
            report.at(
                &field.ty,
                "the field has no name: write one for Python, #[hpy(name = \"…\")]",
            );
            (format!("item{place}"), TokenStream::new())
        }
    };
    if let Some(problem) = problem(&name) {
        let other = format!("{}_", name.trim_matches('_'));
        report.at(
            at,
            format!("{problem}: give the field another name, as in #[hpy(name = \"{other}\")]"),
        );
    }
    Field {
        member: match &field.ident {
            Some(ident) => Member::Named(ident.clone()),
            None => Member::Unnamed(Index::from(place)),
        },
        name,
        doc: docstring::text(&field.attrs, report),
        ty: field.ty.clone(),
    }
}

fn problem(name: &str) -> Option<String> {
    if let Some(problem) = python_name::problem(name) {
        return Some(problem);
    }
    let refused = name.starts_with('_') || TAKEN.contains(&name);
    refused.then(|| format!("structure sequences reserve names like `{name}`"))
}

/// Whether the type mentions the struct itself. A bound for it would be circular.
fn mentions(tokens: TokenStream, this: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *this || ident == "Self",
        TokenTree::Group(group) => mentions(group.stream(), this),
        _ => false,
    })
}

/// The expansion of a valid structure sequence.
pub fn expand(
    input: &DeriveInput,
    checked: &Sequence,
    described: Option<Described>,
) -> TokenStream {
    let this = &input.ident;
    let Sequence {
        name,
        doc,
        fields,
        conditions,
        ..
    } = checked;
    let module = match &checked.module {
        Some(module) => quote!(::core::option::Option::Some(#module)),
        None => quote!(::core::option::Option::None),
    };
    let shown = fields
        .iter()
        .map(|Field { name, doc, .. }| quote!((#name, #doc)));
    let members: Vec<&Member> = fields.iter().map(|field| &field.member).collect();
    let types: Vec<&Type> = fields.iter().map(|field| &field.ty).collect();
    let variables: Vec<Ident> = (0..fields.len())
        .map(|place| format_ident!("field_{place}"))
        .collect();
    let numbers = (0..fields.len()).map(Literal::usize_unsuffixed);
    // A field that converts only to an object is allowed. The struct then converts in that
    // direction only.
    let bounds = types
        .iter()
        .filter(|ty| !mentions(ty.to_token_stream(), this))
        .map(|ty| quote!(#ty: for<'any> __hpy::FromHandle<'any, 'ctx>,));
    let may_nest = !types.iter().all(|ty| is_plain(ty));
    let level = may_nest.then(|| quote!(let _level = __hpy::Level::enter()?;));
    let (described, id) = item_and_id(described);
    let annotation = id.as_ref().map(|_| annotation(this));
    quote! {
        #input
        #(#conditions)*
        const _: () = {
            use ::hpy::__private as __hpy;
            static __HPY_PLACE: __hpy::SequencePlace = __hpy::SequencePlace::new();
            unsafe impl __hpy::StructSequence for #this {
                const DESCRIPTION: __hpy::SequenceDescription = __hpy::SequenceDescription {
                    name: #name,
                    module: #module,
                    doc: #doc,
                    fields: &[#(#shown),*],
                };
                #[inline]
                fn place() -> &'static __hpy::SequencePlace {
                    &__HPY_PLACE
                }
                fn into_items(self, ctx: __hpy::Context<'_>) -> __hpy::Result<__hpy::Handle<'_>> {
                    #level
                    let Self { #(#members: #variables),* } = self;
                    __hpy::tuple_from([#(__hpy::IntoHandle::into_handle(#variables, ctx)?),*], ctx)
                }
            }
            impl<'from, 'ctx> __hpy::FromHandle<'from, 'ctx> for #this
            where
                #(#bounds)*
            {
                #annotation
                fn from_handle(handle: &'from __hpy::Handle<'ctx>) -> __hpy::Result<Self> {
                    #level
                    let items = __hpy::items_of::<Self>(handle)?;
                    ::core::result::Result::Ok(Self {
                        #(#members: __hpy::item_of::<Self, #types>(items, #numbers, |item| {
                            <#types as __hpy::FromHandle<'_, '_>>::from_handle(item)
                        })?,)*
                    })
                }
            }
            ::hpy::__sequence_check! { #this, #name #id }
            #described
        };
    }
}

/// What is emitted beside a structure sequence with errors, to avoid follow-up errors.
pub fn placeholder(input: &DeriveInput) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let this = &input.ident;
    quote! {
        const _: () = {
            use ::hpy::__private as __hpy;
            static __HPY_PLACE: __hpy::SequencePlace = __hpy::SequencePlace::new();
            unsafe impl __hpy::StructSequence for #this {
                const DESCRIPTION: __hpy::SequenceDescription = __hpy::SequenceDescription {
                    name: "", module: ::core::option::Option::None, doc: "", fields: &[],
                };
                fn place() -> &'static __hpy::SequencePlace {
                    &__HPY_PLACE
                }
                fn into_items(self, ctx: __hpy::Context<'_>) -> __hpy::Result<__hpy::Handle<'_>> {
                    __hpy::tuple_from([], ctx)
                }
            }
            impl<'from, 'ctx> __hpy::FromHandle<'from, 'ctx> for #this {
                fn from_handle(_: &'from __hpy::Handle<'ctx>) -> __hpy::Result<Self> {
                    ::core::panic!()
                }
            }
            ::hpy::__sequence_check! { #this, "" }
        };
    }
}
