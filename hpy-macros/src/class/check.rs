//! Checks a type.

use super::base::Base;
use super::data_types;
use super::enumeration::{self, Enum};
use super::field_attributes::{FieldAttribute, NewField, read_fields};
use super::from_traits::{self, Derived};
use super::options::TypeOptions;
use super::pickle::Pickle;
use super::sharing::Sharing;
use super::struct_sequence::{self, Sequence};
use crate::docstring;
use crate::pyo3_habits::take_attributes;
use crate::python_name;
use crate::report::Report;
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, LitStr};

/// What a class is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Struct,
    Enum,
    Variant,
}

/// A type that is in order.
pub struct Class {
    /// The name in Python.
    pub name: String,
    pub module: Option<String>,
    pub doc: String,
    pub subclass: bool,
    pub frozen: bool,
    /// The base, if it is not `object`.
    pub base: Option<Base>,
    /// A table of slots in C.
    pub legacy_slots: Option<TokenStream>,
    /// The metaclass, if it is not `type`.
    pub metaclass: Option<syn::Path>,
    /// Whether instances have a `__dict__`.
    pub dict: bool,
    /// Whether instances can be weakly referenced.
    pub weakref: bool,
    pub attributes: Vec<FieldAttribute>,
    /// Whether only the thread that made an object may use it.
    pub unsendable: bool,
    /// What its objects are pickled as.
    pub pickle: Option<Pickle>,
    /// What other extensions are told of it.
    pub shared: Option<Sharing>,
    /// `from_handle`: a parameter may be a copy of the data.
    pub from_handle: Option<Ident>,
    /// Whether it is an enum, or a variant of one.
    pub kind: Kind,
    pub derived: Derived,
    /// Other blocks of methods.
    pub blocks: Vec<Ident>,
    /// `new`, and the fields that the constructor takes.
    pub new: Option<(Ident, Vec<NewField>)>,
    /// `generic`
    pub generic: Option<Ident>,
    /// The function that registers it as a collection.
    pub register: Option<Ident>,
    /// `#[cfg(…)]` above the type.
    pub conditions: Vec<Attribute>,
}

impl Class {
    /// The block of the methods that options make, at the option that errors are shown at.
    pub fn generated_block(&self) -> Option<Ident> {
        let new = self.new.as_ref().map(|(key, _)| key);
        let key = new.or(self.generic.as_ref())?;
        Some(Ident::new("of_options", key.span()))
    }
}

/// Reports all errors. The result is meaningful only if there are none. Removes the option
/// attributes from the fields.
pub fn check(input: &mut DeriveInput, options: &TypeOptions, report: &mut Report) -> Class {
    let name = common(input, options, report);
    data_types::check(input, report);
    for key in options.of_enums() {
        report.at(
            key,
            format!("`{key}` is for enums: remove it above a struct"),
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
    let mut new_fields = Vec::new();
    let mut fields = &Fields::Unit;
    match &mut input.data {
        Data::Struct(data) => {
            new_fields = read_fields(&mut data.fields, options, &mut attributes, report);
            fields = &data.fields;
        }
        Data::Enum(_) => {}
        Data::Union(data) => report.at(
            data.union_token,
            "#[hpy_type] goes on a struct or an enum: a union's active field is unknown",
        ),
    }
    check_all(options, &attributes, report);
    check_new(options, &new_fields, report);
    let derived = from_traits::check(options, fields, &attributes, report);
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
        unsendable: options.unsendable.is_some(),
        pickle: (options.pickle.as_ref()).map(|asked| Pickle::of_struct(asked, &input.data)),
        shared: Sharing::of_struct(options, &input.data, report),
        from_handle: options.from_handle.clone(),
        kind: Kind::Struct,
        derived,
        attributes,
        conditions,
        blocks: blocks(options, report),
        new: options.new.clone().map(|key| (key, new_fields)),
        generic: options.generic.clone(),
        register: register(options, report),
    }
}

/// `get_all` and `set_all`.
fn check_all(options: &TypeOptions, attributes: &[FieldAttribute], report: &mut Report) {
    let Some(set_all) = &options.set_all else {
        return;
    };
    if options.frozen.is_some() {
        report.at(
            set_all,
            "the data of a frozen type cannot change: remove `set_all` or `frozen`",
        );
    } else if attributes.is_empty() {
        report.at(
            set_all,
            "`set_all` makes attributes writable, but there are none: write `get_all, set_all`",
        );
    }
}

fn check_new(options: &TypeOptions, fields: &[NewField], report: &mut Report) {
    let Some(key) = &options.new else { return };
    if options.base.as_ref().is_some_and(Base::is_in_rust) {
        report.at(
            key,
            "a constructor from the fields has no data for the base: write `#[new] fn new(…) -> \
             (Self, Base)`",
        );
    }
    for (place, field) in fields.iter().enumerate() {
        let Some(name) = &field.parameter else {
            continue;
        };
        if let Some(problem) = python_name::problem(name) {
            report.at(
                &field.member,
                format!(
                    "{problem}: give the constructor's parameter another name, as in #[hpy(name = \
                     \"{name}_\")]"
                ),
            );
        }
        let before = &fields[..place];
        if before
            .iter()
            .any(|other| other.parameter.as_ref() == Some(name))
        {
            report.at(
                &field.member,
                format!("the constructor has a parameter `{name}` already: rename one"),
            );
        }
    }
}

pub fn blocks(options: &TypeOptions, report: &mut Report) -> Vec<Ident> {
    let names = options.blocks.as_ref().map(|(_, names)| names.clone());
    let names = names.unwrap_or_default();
    for (place, name) in names.iter().enumerate() {
        if names[..place].contains(name) {
            report.at(name, "this block is listed twice: keep one");
        }
    }
    names
}

pub fn register(options: &TypeOptions, report: &mut Report) -> Option<Ident> {
    if let (Some(mapping), Some(_)) = (&options.mapping, &options.sequence) {
        report.at(
            mapping,
            "a `match` statement takes an object for a sequence or for a mapping: keep one",
        );
    }
    let function = |key: &Ident| Ident::new(&format!("register_{key}"), key.span());
    let key = options.sequence.as_ref().or(options.mapping.as_ref());
    key.map(function)
}

/// The same for an enum.
pub fn check_enum(input: &mut DeriveInput, options: &TypeOptions, report: &mut Report) -> Enum {
    let name = common(input, options, report);
    let mut none = DataEnum {
        enum_token: Default::default(),
        brace_token: Default::default(),
        variants: Default::default(),
    };
    // The check removes attributes from the variants while it reads the rest.
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

/// The checks that structs and enums share. Returns the name in Python.
pub fn common(input: &mut DeriveInput, options: &TypeOptions, report: &mut Report) -> String {
    take_attributes(&mut input.attrs, "#[hpy_type(…)]", report);
    for parameter in &input.generics.params {
        if data_types::check_lifetime(parameter, report) {
            continue;
        }
        let has_instances =
            matches!(input.data, Data::Struct(_)) && options.struct_sequence.is_none();
        report.at(
            parameter,
            match has_instances {
                true => {
                    "a Python type cannot be generic: list a class for each instance, as in \
                     `#[hpy_type(instances(IntStack = Stack<i64>))]`, or remove the parameter"
                }
                false => {
                    "a Python type cannot be generic: remove the parameter, and write one for each \
                     type that Python should see"
                }
            },
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
        report.at(
            place,
            format!(
                "{problem}: choose a name that Python code can write, as in \
                 #[hpy_type(name = \"…\")]"
            ),
        );
    }
    text
}
