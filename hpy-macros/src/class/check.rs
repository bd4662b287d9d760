//! Checks a type, and takes its options from its fields.

use super::base::Base;
use super::derived::{self, Derived};
use super::enumeration::{self, Enum};
use super::options::{FieldOptions, TypeOptions};
use super::struct_sequence::{self, Sequence};
use crate::docstring;
use crate::function::types::{last_segment, walk};
use crate::pyo3::take_attributes;
use crate::python_name;
use crate::report::Report;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, Index, LitStr, Member, Type};

/// A type that is in order.
pub struct Class {
    /// The name in Python.
    pub name: String,
    pub module: Option<String>,
    pub doc: String,
    pub subclass: bool,
    pub frozen: bool,
    /// What it derives from, if not `object`.
    pub base: Option<Base>,
    /// A table of slots in C.
    pub legacy_slots: Option<TokenStream>,
    /// What its class is an instance of, if not of `type`.
    pub metaclass: Option<syn::Path>,
    /// Whether instances have a `__dict__`.
    pub dict: bool,
    /// Whether there can be weak references to instances.
    pub weakref: bool,
    pub attributes: Vec<FieldAttribute>,
    pub derived: Derived,
    /// `#[cfg(…)]` above the type.
    pub conditions: Vec<Attribute>,
}

/// An attribute that is a field.
pub struct FieldAttribute {
    pub name: String,
    pub doc: String,
    /// The field, as in `data.x`.
    pub field: TokenStream,
    pub ty: Type,
    pub set: bool,
}

/// Reports everything that is wrong; what it returns is meant only for a report without errors. The options are taken from the fields.
pub fn check(input: &mut DeriveInput, options: &TypeOptions, report: &mut Report) -> Class {
    let name = common(input, options, report);
    for key in options.of_enums() {
        report.at(
            key,
            format!("`{key}` is for enums: leave it out above a struct"),
        );
    }
    if let Some(base) = &options.base {
        base.check(&input.ident, report);
    }
    let doc = docstring::text(&input.attrs, report);
    let conditions = input
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .cloned()
        .collect();
    let mut attributes = Vec::new();
    match &mut input.data {
        Data::Struct(data) => fields(&mut data.fields, options, &mut attributes, report),
        Data::Enum(_) => {}
        Data::Union(data) => report.at(
            data.union_token,
            "#[hpy_type] goes on a struct or an enum: what a union holds cannot be told, nor dropped",
        ),
    }
    Class {
        name,
        module: options.module.as_ref().map(LitStr::value),
        doc,
        subclass: options.subclass.is_some(),
        frozen: options.frozen.is_some(),
        base: options.base.clone().filter(|base| !base.is_object()),
        legacy_slots: options
            .legacy_slots
            .as_ref()
            .map(|(_, table)| table.clone()),
        metaclass: options.metaclass.as_ref().map(|(_, path)| path.clone()),
        dict: options.dict.is_some(),
        weakref: options.weakref.is_some(),
        derived: derived::check(options, &attributes, report),
        attributes,
        conditions,
    }
}

/// The same for an enum.
pub fn check_enum(input: &mut DeriveInput, options: &TypeOptions, report: &mut Report) -> Enum {
    let name = common(input, options, report);
    let mut none = DataEnum {
        enum_token: Default::default(),
        brace_token: Default::default(),
        variants: Default::default(),
    };
    // Options are taken from the variants while the rest is looked at.
    if let Data::Enum(data) = &mut input.data {
        std::mem::swap(data, &mut none);
    }
    let checked = enumeration::check(input, &mut none, name, options, report);
    if let Data::Enum(data) = &mut input.data {
        std::mem::swap(data, &mut none);
    }
    checked
}

/// The same for a structure sequence.
pub fn check_sequence(
    input: &mut DeriveInput,
    options: &TypeOptions,
    report: &mut Report,
) -> Sequence {
    let name = common(input, options, report);
    struct_sequence::check(input, name, options, report)
}

/// What structs and enums have in common; returns the name in Python.
fn common(input: &mut DeriveInput, options: &TypeOptions, report: &mut Report) -> String {
    take_attributes(&mut input.attrs, "#[hpy_type(…)]", report);
    for parameter in &input.generics.params {
        report.at(
            parameter,
            "a Python type is one type: leave the parameter out, and write a struct for each type that Python shall see",
        );
    }
    let name = name(options.name.as_ref(), &input.ident, report);
    if let Some(module) = &options.module
        && module
            .value()
            .split('.')
            .any(|part| python_name::problem(part).is_some())
    {
        report.at(module, "write the dotted name of a module");
    }
    name
}

fn name(given: Option<&LitStr>, own: &syn::Ident, report: &mut Report) -> String {
    let (text, place) = match given {
        Some(literal) => (literal.value(), literal.to_token_stream()),
        None => (python_name::of_ident(own), own.to_token_stream()),
    };
    if let Some(problem) = python_name::problem(&text) {
        report.at(place, format!("{problem}: choose a name that Python code can write, as in #[hpy_type(name = \"…\")]"));
    }
    text
}

fn fields(
    fields: &mut Fields,
    type_options: &TypeOptions,
    attributes: &mut Vec<FieldAttribute>,
    report: &mut Report,
) {
    for (place, field) in fields.iter_mut().enumerate() {
        let (own, others): (Vec<Attribute>, Vec<Attribute>) = std::mem::take(&mut field.attrs)
            .into_iter()
            .partition(|attribute| attribute.path().is_ident("hpy"));
        field.attrs = others;
        take_attributes(&mut field.attrs, "#[hpy(…)]", report);
        if own.is_empty() {
            continue;
        }
        let mut options = FieldOptions::default();
        for attribute in &own {
            options.read_attribute(attribute, report);
        }
        if let (Some(set), Some(_)) = (&options.set, &type_options.frozen) {
            report.at(
                set,
                "nobody changes the data of a frozen type: remove `set` here, or `frozen` above",
            );
        }
        if let (None, Some(set)) = (&options.get, &options.set) {
            report.at(
                set,
                "an attribute that can be set can be read: write `get, set`",
            );
        }
        if options.get.is_none() {
            if let Some(name) = &options.name
                && options.set.is_none()
            {
                report.at(
                    name,
                    "only an attribute has a name in Python: write `get` too",
                );
            }
            continue;
        }
        for condition in field.attrs.iter().filter(|a| a.path().is_ident("cfg")) {
            report.at(condition, "an attribute cannot depend on a cfg: write the struct twice, each with its #[cfg(…)]");
        }
        check_attribute_type(&field.ty, options.set.is_some(), report);
        let member = match &field.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::Unnamed(Index::from(place)),
        };
        let name = match (&options.name, &field.ident) {
            (Some(literal), _) => {
                if let Some(problem) = python_name::problem(&literal.value()) {
                    report.at(
                        literal,
                        format!("{problem}: choose a name that Python code can write"),
                    );
                }
                literal.value()
            }
            (None, Some(name)) => {
                let text = python_name::of_ident(name);
                if let Some(problem) = python_name::problem(&text) {
                    report.at(name, format!("{problem}: give the attribute another name, as in #[hpy(get, name = \"{text}_\")]"));
                }
                text
            }
            (None, None) => {
                report.at(
                    options.get.as_ref(),
                    "the field has no name: write one for Python, #[hpy(get, name = \"…\")]",
                );
                String::new()
            }
        };
        if attributes.iter().any(|before| before.name == name) {
            report.at(
                options.get.as_ref(),
                format!("there is an attribute `{name}` already: give this one another name"),
            );
        }
        attributes.push(FieldAttribute {
            name,
            doc: docstring::text(&field.attrs, report),
            field: quote!(#member),
            ty: field.ty.clone(),
            set: options.set.is_some(),
        });
    }
}

/// Types whose trouble the compiler would explain at a place or in words that do not help.
fn check_attribute_type(ty: &Type, set: bool, report: &mut Report) {
    walk(ty, &mut |part| {
        match part {
        Type::Reference(_) if set => report.at(
            part,
            "what Python assigns is kept in the data, which owns it: take a `String` for a `&str`, a `Vec<u8>` for a `&[u8]`",
        ),
        part if last_segment(part).is_some_and(|name| name == "Persistent") => report.at(
            part,
            "an object that is an attribute stands in a `Field`, of which the garbage collector is told: `Option<Field>` where there may be none",
        ),
        _ => {}
    }
    });
}
