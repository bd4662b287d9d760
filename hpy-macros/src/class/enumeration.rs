//! An enum without fields: a class of Python's module `enum`.

use super::from_traits::{self, Derived};
use super::options::{TypeOptions, VariantOptions};
use super::stub_description::item_and_id;
use crate::derive::rename::Rule;
use crate::docstring;
use crate::pyo3_habits::take_attributes;
use crate::python_name;
use crate::report::Report;
use crate::stubs::Described;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, DataEnum, DeriveInput, LitStr};

/// An enum that is in order.
pub struct Enum {
    pub name: String,
    pub module: Option<String>,
    pub doc: String,
    pub int: bool,
    pub members: Vec<Member>,
    /// `str`, `repr` and `ord`.
    pub derived: Derived,
    conditions: Vec<Attribute>,
}

/// A variant, as Python sees it.
pub struct Member {
    pub variant: Ident,
    pub name: String,
    pub doc: String,
}

/// Reports all errors and removes the option attributes from the variants.
pub fn check(
    input: &DeriveInput,
    data: &mut DataEnum,
    name: String,
    options: &TypeOptions,
    report: &mut Report,
) -> Enum {
    let derived = from_traits::of_enum(options, report);
    for key in options.of_structs() {
        if ["str", "repr", "ord"].iter().any(|own| key == own) {
            continue;
        }
        report.at(
            key,
            format!(
                "an enum is a class of Python's module `enum`, which handles this itself: \
                 remove `{key}`"
            ),
        );
    }
    if data.variants.is_empty() {
        report.at(
            &input.ident,
            "an enum without variants has no members: write one",
        );
    }
    let rule = options.rename_all.as_ref().map(|(_, rule)| *rule);
    let mut members: Vec<Member> = Vec::new();
    for variant in &mut data.variants {
        let (own, others): (Vec<Attribute>, Vec<Attribute>) = std::mem::take(&mut variant.attrs)
            .into_iter()
            .partition(|attribute| attribute.path().is_ident("hpy"));
        variant.attrs = others;
        take_attributes(&mut variant.attrs, "#[hpy(…)]", report);
        let mut given = VariantOptions::default();
        for attribute in &own {
            given.read_attribute(attribute, "variant", report);
        }
        for condition in variant.attrs.iter().filter(|a| a.path().is_ident("cfg")) {
            report.at(
                condition,
                "a member cannot depend on a cfg: write the enum twice, each with its #[cfg(…)]",
            );
        }
        let (name, place) = member_name(given.name.as_ref(), &variant.ident, rule);
        if let Some(problem) = problem(&name) {
            report.at(
                &place,
                format!(
                    "{problem}: give the member another name, as in #[hpy(name = \"{}_\")]",
                    name.trim_matches('_')
                ),
            );
        } else if members.iter().any(|before| before.name == name) {
            report.at(
                &place,
                format!("there is a member `{name}` already: give this one another name"),
            );
        }
        members.push(Member {
            variant: variant.ident.clone(),
            name,
            doc: docstring::text(&variant.attrs, report),
        });
    }
    Enum {
        name,
        module: options.module.as_ref().map(LitStr::value),
        doc: docstring::text(&input.attrs, report),
        int: options.int.is_some(),
        members,
        derived,
        conditions: (input.attrs.iter())
            .filter(|attribute| attribute.path().is_ident("cfg"))
            .cloned()
            .collect(),
    }
}

fn member_name(given: Option<&LitStr>, own: &Ident, rule: Option<Rule>) -> (String, TokenStream) {
    match (given, rule) {
        (Some(literal), _) => (literal.value(), literal.to_token_stream()),
        (None, Some(rule)) => (
            rule.apply(&python_name::of_ident(own)),
            own.to_token_stream(),
        ),
        (None, None) => (python_name::of_ident(own), own.to_token_stream()),
    }
}

fn problem(name: &str) -> Option<String> {
    if let Some(problem) = python_name::problem(name) {
        return Some(problem);
    }
    let refused = name == "mro" || name.starts_with('_');
    refused.then(|| format!("Python's enums reserve names like `{name}`"))
}

/// The expansion of a valid enum.
pub fn expand(input: &DeriveInput, checked: &Enum, described: Option<Described>) -> TokenStream {
    let this = &input.ident;
    let Enum {
        name,
        doc,
        int,
        conditions,
        ..
    } = checked;
    let module = match &checked.module {
        Some(module) => quote!(::core::option::Option::Some(#module)),
        None => quote!(::core::option::Option::None),
    };
    let members = checked.members.iter().map(|member| {
        let Member { variant, name, doc } = member;
        quote!(__hpy::MemberDescription { name: #name, doc: #doc, value: #this::#variant as i128 })
    });
    let numbers: Vec<Literal> = (0..checked.members.len())
        .map(Literal::usize_unsuffixed)
        .collect();
    let variants: Vec<&Ident> = checked
        .members
        .iter()
        .map(|member| &member.variant)
        .collect();
    let (described, id) = item_and_id(described);
    let (derived, slots) = checked.derived.slots(this, "PyEnum");
    let flags = checked.derived.flags();
    quote! {
        #input
        #(#conditions)*
        const _: () = {
            use ::hpy::__private as __hpy;
            #[allow(unused_imports)]
            use __hpy::NoMethods as _;
            static __HPY_PLACE: __hpy::EnumPlace = __hpy::EnumPlace::new();
            #derived
            impl __hpy::PyEnum for #this {
                const DESCRIPTION: __hpy::EnumDescription = __hpy::EnumDescription {
                    name: #name,
                    module: #module,
                    path: ::core::module_path!(),
                    doc: #doc,
                    int: #int,
                    derived: #flags,
                    members: &[#(#members),*],
                };
                const SLOTS: &'static [__hpy::MethodDef] = &[#(#slots),*];
                const METHODS: __hpy::TypeMethods = #this::__HPY_METHODS;
                #[inline]
                fn place() -> &'static __hpy::EnumPlace {
                    &__HPY_PLACE
                }
                #[inline]
                fn number(&self) -> ::core::primitive::usize {
                    match self { #(#this::#variants => #numbers),* }
                }
                #[inline]
                fn of_number(number: ::core::primitive::usize) -> ::core::option::Option<Self> {
                    ::core::option::Option::Some(match number {
                        #(#numbers => #this::#variants,)*
                        _ => return ::core::option::Option::None,
                    })
                }
            }
            const _: () = __hpy::check_enum_methods(&<#this as __hpy::PyEnum>::METHODS);
            ::hpy::__enum_check! { #this, #name #id }
            #described
        };
    }
}

/// What is emitted beside an enum with errors, to avoid follow-up errors.
pub fn placeholder(input: &DeriveInput) -> TokenStream {
    let this = &input.ident;
    quote! {
        const _: () = {
            use ::hpy::__private as __hpy;
            static __HPY_PLACE: __hpy::EnumPlace = __hpy::EnumPlace::new();
            impl __hpy::PyEnum for #this {
                const DESCRIPTION: __hpy::EnumDescription = __hpy::EnumDescription {
                    name: "",
                    module: ::core::option::Option::None,
                    path: "",
                    doc: "",
                    int: false,
                    derived: __hpy::Derived::NONE,
                    members: &[],
                };
                const SLOTS: &'static [__hpy::MethodDef] = &[];
                const METHODS: __hpy::TypeMethods = __hpy::TypeMethods::NONE;
                fn place() -> &'static __hpy::EnumPlace {
                    &__HPY_PLACE
                }
                fn number(&self) -> ::core::primitive::usize {
                    0
                }
                fn of_number(_: ::core::primitive::usize) -> ::core::option::Option<Self> {
                    ::core::option::Option::None
                }
            }
            ::hpy::__enum_check! { #this, "" }
        };
    }
}
