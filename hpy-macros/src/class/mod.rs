//! `#[hpy_type]` on a struct or enum: parse -> check -> expand.

mod base;
pub mod block_names;
mod blocks;
pub mod check;
pub mod data_enum;
mod data_types;
pub mod enumeration;
mod expand;
mod field_attributes;
mod fields;
mod format_string;
mod from_traits;
mod generated_block;
pub mod instance;
mod instances;
mod match_args;
pub mod methods;
mod options;
mod pickle;
mod sharing;
pub mod struct_sequence;
mod stub_description;

use crate::report::Report;
use crate::stubs::{self, Described};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

pub use fields::derive as derive_traverse;

/// The expansion of `#[hpy_type(arguments)] item`.
pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut options = options::TypeOptions::default();
    options.read(arguments, &mut report);
    let Ok(mut input) = syn::parse2::<DeriveInput>(item.clone()) else {
        report.at_span(
            proc_macro2::Span::call_site(),
            "#[hpy_type] goes on a struct or an enum",
        );
        let errors = report.into_tokens();
        return quote!(#item #errors);
    };
    if let Data::Enum(data) = &input.data {
        if data_enum::holds_data(data) {
            return data_enumeration(input, &options, report);
        }
        return enumeration(input, &options, report);
    }
    if options.struct_sequence.is_some() {
        return struct_sequence(input, &options, report);
    }
    if let Some(instances) = &options.instances {
        let expanded = instances::classes(input, &options, instances, &mut report);
        let errors = report.into_tokens();
        return quote!(#expanded #errors);
    }
    let class = check::check(&mut input, &options, &mut report);
    if report.is_empty() {
        let base = expand::base(&class);
        let blocks = blocks::descriptions(&class);
        let described =
            Described::new(|id| stubs::of_class(&input.ident, &class, &base, [&blocks, &[]], id));
        let generated = generated_block::expand(&input.ident, &class, &mut report);
        let (class, errors) = (
            expand::class(&input, &class, described, None),
            report.into_tokens(),
        );
        quote!(#class #generated #errors)
    } else {
        let errors = report.into_tokens();
        let placeholder = expand::placeholder(&input);
        quote!(#input #placeholder #errors)
    }
}

fn enumeration(
    mut input: DeriveInput,
    options: &options::TypeOptions,
    mut report: Report,
) -> TokenStream {
    let checked = check::check_enum(&mut input, options, &mut report);
    if report.is_empty() {
        let described = Described::new(|id| stubs::of_enum(&input.ident, &checked, id));
        return enumeration::expand(&input, &checked, described);
    }
    let placeholder = enumeration::placeholder(&input);
    let errors = report.into_tokens();
    quote!(#input #placeholder #errors)
}

fn data_enumeration(
    mut input: DeriveInput,
    options: &options::TypeOptions,
    mut report: Report,
) -> TokenStream {
    let checked = data_enum::check(&mut input, options, &mut report);
    if report.is_empty() {
        let expanded = data_enum::expand(&input, &checked, &mut report);
        let errors = report.into_tokens();
        return quote!(#expanded #errors);
    }
    let placeholder = expand::placeholder(&input);
    let errors = report.into_tokens();
    quote!(#input #placeholder #errors)
}

fn struct_sequence(
    mut input: DeriveInput,
    options: &options::TypeOptions,
    mut report: Report,
) -> TokenStream {
    let checked = check::check_sequence(&mut input, options, &mut report);
    if report.is_empty() {
        let described = Described::new(|id| stubs::of_sequence(&input.ident, &checked, id));
        return struct_sequence::expand(&input, &checked, described);
    }
    let placeholder = struct_sequence::placeholder(&input);
    let errors = report.into_tokens();
    quote!(#input #placeholder #errors)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
