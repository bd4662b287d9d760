//! What a function in the impl means to Python, by its attribute.

use super::special;
use crate::python_name;
use crate::report::Report;
use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Attribute, LitStr, Meta, Path};

/// What a function is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// `#[new]`
    New,
    /// A method of an object.
    Method,
    /// `#[call]`: a call function.
    Call,
    /// A special method such as `__add__`.
    Special(&'static special::Special),
    ClassMethod,
    StaticMethod,
    /// A function that computes a class attribute.
    ClassAttribute,
    /// The attribute of this name.
    Getter(String),
    Setter(String),
    Deleter(String),
}

const ROLES: [&str; 8] = [
    "new",
    "call",
    "classmethod",
    "staticmethod",
    "classattr",
    "getter",
    "setter",
    "deleter",
];

/// Whether an attribute determines a function's role.
pub fn is_role(path: &Path) -> bool {
    ROLES.iter().any(|role| path.is_ident(role))
}

/// Whether it is `#[new]` and `#[classmethod]`, in any order: a constructor that is told which
/// class was called.
pub fn is_new_of_class(attributes: &[Attribute]) -> bool {
    let is_there = |role: &str| {
        let is_it = |attribute: &Attribute| {
            attribute.path().is_ident(role) && matches!(attribute.meta, Meta::Path(_))
        };
        attributes.iter().any(is_it)
    };
    attributes.len() == 2 && is_there("new") && is_there("classmethod")
}

/// The role by the attributes and the name.
pub fn read(attributes: &[Attribute], name: &Ident, report: &mut Report) -> Role {
    if is_new_of_class(attributes) {
        return Role::New;
    }
    let [attribute, others @ ..] = attributes else {
        let text = python_name::of_ident(name);
        return match special::find(&text) {
            Some(special) => Role::Special(special),
            // Its first parameter needs no further check then.
            None if special::check_unknown(&text, name, report) => Role::New,
            None => Role::Method,
        };
    };
    for other in others {
        report.at(other, "these attributes exclude each other: keep one");
    }
    let word = attribute
        .path()
        .get_ident()
        .map(ToString::to_string)
        .unwrap_or_default();
    let given = match (&attribute.meta, word.as_str()) {
        (Meta::Path(_), _) => None,
        (Meta::List(list), "getter" | "setter" | "deleter") => {
            property_name(list.tokens.clone(), report)
        }
        (other, _) => {
            report.at(other, format!("write #[{word}] alone"));
            None
        }
    };
    let property = |prefix: &str| {
        given.clone().unwrap_or_else(|| {
            let name = python_name::of_ident(name);
            name.strip_prefix(prefix).unwrap_or(&name).to_owned()
        })
    };
    match word.as_str() {
        "new" => Role::New,
        "call" => Role::Call,
        "classmethod" => Role::ClassMethod,
        "staticmethod" => Role::StaticMethod,
        "classattr" => Role::ClassAttribute,
        "getter" => Role::Getter(property("get_")),
        "setter" => Role::Setter(property("set_")),
        _ => Role::Deleter(property("delete_")),
    }
}

/// `#[getter(name)]` or `#[getter("name")]`
fn property_name(tokens: proc_macro2::TokenStream, report: &mut Report) -> Option<String> {
    let name = match syn::parse2::<LitStr>(tokens.clone()) {
        Ok(literal) => literal.value(),
        Err(_) => match syn::parse2::<Ident>(tokens.clone()) {
            Ok(name) => python_name::of_ident(&name),
            Err(_) => {
                report.at(
                    tokens.to_token_stream(),
                    "write the attribute's name, as in #[getter(size)]",
                );
                return None;
            }
        },
    };
    if let Some(problem) = python_name::problem(&name) {
        report.at(
            tokens,
            format!("{problem}: choose a name that Python code can write"),
        );
    }
    Some(name)
}
