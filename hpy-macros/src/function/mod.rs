//! `#[hpy_method]` on a free function: parse -> check -> expand.

pub mod async_fn;
pub mod attribute;
pub mod check;
pub mod convert_argument;
mod default;
pub mod doc;
pub mod expand;
pub mod in_line;
pub mod in_module;
pub mod parse;
pub mod result;
pub mod roles;
pub mod signature;
pub mod target;
pub mod types;
pub mod warnings;

use crate::pyo3_habits::take_attributes;
use crate::report::Report;
use proc_macro2::TokenStream;
use quote::quote;

/// The expansion of `#[hpy_method(arguments)] item`.
pub fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let mut options = attribute::MethodOptions::default();
    options.read(arguments, &mut report);

    let mut function = match parse::function(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            report.take(error);
            let errors = report.into_tokens();
            return quote!(#item #errors);
        }
    };
    take_attributes(&mut function.attributes, "#[hpy_method(…)]", &mut report);
    let (attributes, rest) = (&function.attributes, &function.rest);
    function.item = quote!(#(#attributes)* #rest);
    for attribute in &function.options {
        report.at(attribute, attribute::OPTIONS_OF_A_FUNCTION);
    }
    let method = check::check(&function, &options, roles::Binding::Module, &mut report);
    if report.is_empty() {
        expand::method(&function, &method)
    } else {
        expand::placeholder(&function, report.into_tokens())
    }
}

/// The expansion of `#[hpy(…)]` where no derive and no other macro of ours takes it: an error
/// that says where the option belongs.
pub fn expand_option(item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    report.take(attribute::misplaced(&item));
    let errors = report.into_tokens();
    quote!(#item #errors)
}
