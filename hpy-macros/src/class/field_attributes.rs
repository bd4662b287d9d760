//! Attributes of a class that are fields of the struct: `#[hpy(get, set)]`.

use super::options::{FieldOptions, TypeOptions};
use crate::docstring;
use crate::function::types::{last_segment, walk};
use crate::pyo3_habits::take_attributes;
use crate::python_name;
use crate::report::Report;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Attribute, Fields, Index, Member, Type};

/// An attribute that is a field.
pub struct FieldAttribute {
    pub name: String,
    pub doc: String,
    /// The field, as in `data.x`.
    pub field: TokenStream,
    pub ty: Type,
    pub set: bool,
    /// The enum, where it is the field of a variant: `field` is a pattern that binds `value`.
    pub of_enum: Option<Ident>,
}

/// Reads the fields that are attributes, and removes their option attributes.
pub fn read_fields(
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
                "the data of a frozen type cannot change: remove `set` here or `frozen` above",
            );
        }
        if let (None, Some(set)) = (&options.get, &options.set) {
            report.at(
                set,
                "an attribute that can be set must be readable: write `get, set`",
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
            report.at(
                condition,
                "an attribute cannot depend on a cfg: write the struct twice, \
                 each with its #[cfg(…)]",
            );
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
                    report.at(
                        name,
                        format!(
                            "{problem}: give the attribute another name, as in \
                             #[hpy(get, name = \"{text}_\")]"
                        ),
                    );
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
            of_enum: None,
        });
    }
}

/// Reports types for which the compiler's own error would not help.
pub fn check_attribute_type(ty: &Type, set: bool, report: &mut Report) {
    walk(ty, &mut |part| match part {
        Type::Reference(_) if set => report.at(
            part,
            "a value that Python assigns must be owned: take a `String` for a `&str`, a `Vec<u8>` \
             for a `&[u8]`",
        ),
        part if last_segment(part).is_some_and(|name| name == "Persistent") => report.at(
            part,
            "an attribute that is an object must be a `Field`, so that the garbage collector sees \
             it: use `Option<Field>` if it may be missing",
        ),
        _ => {}
    });
}
