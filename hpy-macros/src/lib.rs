//! The macros of the `hpy` crate, which re-exports them all: depend on `hpy`, not on this crate.

mod docstring;
mod expression;
mod method;
mod module;
mod python_name;
mod report;

use proc_macro::TokenStream;

/// m
#[proc_macro_attribute]
pub fn hpy_method(arguments: TokenStream, item: TokenStream) -> TokenStream {
    method::expand(arguments.into(), item.into()).into()
}
/// o
#[proc_macro_attribute]
pub fn hpy(arguments: TokenStream, item: TokenStream) -> TokenStream {
    method::expand_option(arguments.into(), item.into()).into()
}
/// mm
#[proc_macro]
pub fn hpy_module(declaration: TokenStream) -> TokenStream {
    module::expand(declaration.into()).into()
}
