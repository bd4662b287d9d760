//! Generic structs: `instances(IntStack = Stack<i64>, …)` makes a class of each instance.
//!
//! An instance is a class like any other, whose code has aliases for the type parameters:
//! `type T = i64;`. Impls learn the instances from a `macro_rules!` of the struct's name.

use super::instance::{Instance, lister};
use super::options::TypeOptions;
use super::{blocks, check, expand, generated_block};
use crate::report::Report;
use crate::stubs::{self, Described};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, GenericArgument, GenericParam, Generics, PathArguments, Type};

/// The expansion of a generic struct with its instances.
pub fn classes(
    input: DeriveInput,
    options: &TypeOptions,
    (key, instances): &(Ident, Vec<Instance>),
    report: &mut Report,
) -> TokenStream {
    check_options(&input, options, key, report);
    let mut cleaned = None;
    let (mut classes, mut listed) = (TokenStream::new(), TokenStream::new());
    for (place, instance) in instances.iter().enumerate() {
        let aliases = aliases(instance, &input, report);
        let mut class_input = input.clone();
        class_input.ident = instance.name.clone();
        class_input.generics = Generics::default();
        if !instance.attributes.is_empty() {
            class_input.attrs.retain(|one| !one.path().is_ident("doc"));
            class_input
                .attrs
                .extend(instance.attributes.iter().cloned());
        }
        // All instances have the same errors.
        let mut own = Report::default();
        let class = check::check(&mut class_input, options, &mut own);
        if place == 0 {
            report.merge(own);
        }
        if report.is_empty() {
            classes.extend(one(
                &class_input,
                &class,
                &aliases,
                &input,
                instance,
                report,
            ));
        }
        let name = &instance.name;
        listed.extend(quote!($each! { #name { #aliases } }));
        cleaned.get_or_insert(class_input);
    }
    // Without the options of the fields.
    let mut item = cleaned.unwrap_or_else(|| input.clone());
    (item.ident, item.generics, item.attrs) = (input.ident, input.generics, input.attrs);
    let lister = lister(&item.ident);
    quote! {
        #item
        #classes
        #[allow(unused_macros)]
        macro_rules! #lister {
            ($each:ident) => { #listed };
        }
    }
}

/// The code of one instance.
fn one(
    input: &DeriveInput,
    class: &check::Class,
    aliases: &TokenStream,
    generic: &DeriveInput,
    instance: &Instance,
    report: &mut Report,
) -> TokenStream {
    let this = &input.ident;
    let base = expand::base(class);
    let all = blocks::descriptions(class);
    let described = Described::new(|id| stubs::of_class(this, class, &base, [&all, &[]], id));
    let traits = expand::traits(input, class, described, None, aliases);
    let generated = generated_block::expand(this, class, report);
    let (visibility, ty) = (&generic.vis, &instance.ty);
    let docs = instance.attributes.iter();
    quote! {
        #(#docs)*
        #visibility type #this = #ty;
        #traits
        const _: () = {
            #aliases
            #generated
        };
    }
}

fn check_options(input: &DeriveInput, options: &TypeOptions, key: &Ident, report: &mut Report) {
    if let Some(name) = &options.name {
        report.at(name, "each instance has a name: remove this one");
    }
    if !matches!(input.data, Data::Struct(_)) || options.struct_sequence.is_some() {
        report.at(
            key,
            "only a struct with objects of its own has instances: remove them",
        );
    }
    if input.generics.params.is_empty() {
        report.at(
            key,
            "the struct has no type parameters: remove the instances, or give it some",
        );
    }
}

/// `type T = i64;` for each parameter.
fn aliases(instance: &Instance, input: &DeriveInput, report: &mut Report) -> TokenStream {
    let arguments = match &instance.ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    let arguments = match arguments {
        Some(last) if last.ident == input.ident => match &last.arguments {
            PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
            _ => None,
        },
        _ => None,
    };
    let parameters = &input.generics.params;
    let Some(arguments) = arguments.filter(|all| all.len() == parameters.len()) else {
        let this = &input.ident;
        report.at(
            &instance.ty,
            format!("write an instance of the struct with all its parameters: `{this}<…>`"),
        );
        return TokenStream::new();
    };
    let mut aliases = TokenStream::new();
    for (parameter, argument) in parameters.iter().zip(arguments) {
        aliases.extend(match (parameter, argument) {
            (GenericParam::Type(parameter), GenericArgument::Type(ty)) => {
                let name = &parameter.ident;
                quote!(#[allow(dead_code)] type #name = #ty;)
            }
            (GenericParam::Const(parameter), value) => {
                let (name, ty) = (&parameter.ident, &parameter.ty);
                quote!(#[allow(dead_code)] const #name: #ty = #value;)
            }
            (GenericParam::Lifetime(parameter), _) => {
                report.at_span(
                    parameter.span(),
                    "an object may outlive everything that Rust code borrows from: remove the \
                     lifetime",
                );
                continue;
            }
            (GenericParam::Type(_), other) => {
                report.at(other, "a type is expected here");
                continue;
            }
        });
    }
    aliases
}
