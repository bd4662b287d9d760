//! Attributes of a class that are fields of the struct: `#[hpy(get, set)]`.

use super::options::{FieldOptions, TypeOptions};
use crate::docstring;
use crate::function::types::{last_segment, walk};
use crate::pyo3_habits::take_attributes;
use crate::python_name;
use crate::report::Report;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Field, Fields, Index, LitStr, Member, Type};

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

/// A field as the constructor sees it.
pub struct NewField {
    pub member: Member,
    pub ty: Type,
    /// The parameter's name in Python, or None if there is no parameter.
    pub parameter: Option<String>,
    pub default: Option<TokenStream>,
}

/// Reads the fields that are attributes, and removes their option attributes.
pub fn read_fields(
    fields: &mut Fields,
    type_options: &TypeOptions,
    attributes: &mut Vec<FieldAttribute>,
    report: &mut Report,
) -> Vec<NewField> {
    let mut new_fields = Vec::new();
    for (place, field) in fields.iter_mut().enumerate() {
        let (own, others): (Vec<Attribute>, Vec<Attribute>) = std::mem::take(&mut field.attrs)
            .into_iter()
            .partition(|attribute| attribute.path().is_ident("hpy"));
        field.attrs = others;
        take_attributes(&mut field.attrs, "#[hpy(…)]", report);
        let mut options = FieldOptions::default();
        for attribute in &own {
            options.read_attribute(attribute, report);
        }
        check_skip(&options, report);
        if options.skip.is_none() {
            options.get = options.get.or_else(|| type_options.get_all.clone());
            let set_all = type_options.set_all.clone();
            options.set = options
                .set
                .or_else(|| set_all.filter(|_| options.get.is_some()));
        }
        let new_field = new_field(place, field, &options, type_options, report);
        new_fields.extend(new_field);
        if let (Some(set), Some(_)) = (&options.set, &type_options.frozen)
            && type_options.set_all.is_none()
        {
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
                && type_options.new.is_none()
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
        let name = attribute_name(field, &options, type_options, report);
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
    new_fields
}

/// The name in Python.
fn attribute_name(
    field: &Field,
    options: &FieldOptions,
    type_options: &TypeOptions,
    report: &mut Report,
) -> String {
    match (&options.name, &field.ident) {
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
            let text = renamed(name, type_options);
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
    }
}

fn renamed(name: &Ident, type_options: &TypeOptions) -> String {
    let text = python_name::of_ident(name);
    match &type_options.rename_all {
        Some((_, rule)) => rule.apply(&text),
        None => text,
    }
}

/// The field for a constructor, if there is one.
fn new_field(
    place: usize,
    field: &Field,
    options: &FieldOptions,
    type_options: &TypeOptions,
    report: &mut Report,
) -> Option<NewField> {
    let Some(new) = &type_options.new else {
        if let Some((key, _)) = &options.default {
            report.at(
                key,
                "`default` is for a constructor from the fields: write #[hpy_type(new)] above the \
                 struct, or remove it",
            );
        }
        return None;
    };
    if let Some(condition) = field.attrs.iter().find(|a| a.path().is_ident("cfg")) {
        report.at(
            condition,
            "the constructor's parameters cannot depend on a cfg: write a #[new]",
        );
    }
    let (member, parameter) = match &field.ident {
        Some(name) => {
            let given = options.name.as_ref().map(LitStr::value);
            let text = given.unwrap_or_else(|| renamed(name, type_options));
            (Member::Named(name.clone()), Some(text))
        }
        None => {
            let given = options.name.as_ref().map(LitStr::value);
            if given.is_none() && options.skip.is_none() {
                report.at(
                    field,
                    "the constructor's parameter needs a name: write one above the field, \
                     #[hpy(name = \"…\")]",
                );
            }
            (Member::Unnamed(Index::from(place)), given)
        }
    };
    let default = match &options.default {
        Some((_, Some(value))) => Some(value.clone()),
        None if options.skip.is_none() => None,
        // What signatures show.
        _ if last_segment(&field.ty).is_some_and(|name| name == "Option") => Some(quote!(None)),
        _ => {
            let span = new.span();
            Some(quote_spanned!(span=> ::core::default::Default::default()))
        }
    };
    Some(NewField {
        member,
        ty: field.ty.clone(),
        parameter: parameter.filter(|_| options.skip.is_none()),
        default,
    })
}

/// Reports options of an attribute beside `skip`.
fn check_skip(options: &FieldOptions, report: &mut Report) {
    let Some(skip) = &options.skip else { return };
    if options.get.is_some() || options.set.is_some() || options.name.is_some() {
        report.at(
            skip,
            "a field with `skip` is no attribute and no parameter: remove `skip` or the others",
        );
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
