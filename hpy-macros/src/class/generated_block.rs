//! The methods that options of a type make: `new` and `generic`. They are written as an impl with
//! `#[hpy_methods]`, one block of the type more.

use super::check::Class;
use super::field_attributes::NewField;
use super::methods::{self, Block};
use crate::report::Report;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

/// The block's code, if there is one.
pub fn expand(this: &Ident, class: &Class, report: &mut Report) -> TokenStream {
    let Some(block) = class.generated_block() else {
        return TokenStream::new();
    };
    let new = class.new.as_ref().map(|(key, fields)| new(key, fields));
    let generic = class.generic.as_ref().map(|key| {
        quote_spanned! {key.span()=>
            #[classmethod]
            #[hpy(name = "__class_getitem__")]
            #[allow(dead_code)]
            fn __hpy_class_getitem<'ctx>(
                class: &::hpy::Handle<'ctx, ::hpy::types::Type>,
                item: &::hpy::Handle<'ctx>,
            ) -> ::hpy::Result<::hpy::Handle<'ctx, ::hpy::types::GenericAlias>> {
                class.ctx().generic_alias(class, item)
            }
        }
    });
    let item = quote!(impl #this { #new #generic });
    methods::expand_block(item, Block::Generated(block), false, report)
}

/// A constructor that takes the fields.
fn new(key: &Ident, fields: &[NewField]) -> TokenStream {
    let (mut parameters, mut signature, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for field in fields {
        let (member, ty, default) = (&field.member, &field.ty, &field.default);
        let Some(name) = &field.parameter else {
            values.push(quote!(#member: #default));
            continue;
        };
        let name = parameter(name, key);
        parameters.push(quote!(#name: #ty));
        signature.push(match default {
            Some(default) => quote!(#name = #default),
            None => quote!(#name),
        });
        values.push(quote!(#member: #name));
    }
    let function = format_ident!("__hpy_new", span = key.span());
    quote_spanned! {key.span()=>
        #[new]
        #[hpy(signature = (#(#signature),*))]
        #[allow(dead_code, non_snake_case)]
        #[allow(clippy::init_numbered_fields, clippy::redundant_field_names)]
        #[allow(clippy::too_many_arguments)]
        fn #function(#(#parameters),*) -> Self {
            Self { #(#values),* }
        }
    }
}

/// A parameter of that name in Python.
fn parameter(name: &str, key: &Ident) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(_) => Ident::new(name, key.span()),
        // `crate` and `self` are no raw identifiers. The compiler says so.
        Err(_) => match syn::parse_str::<Ident>(&format!("r#{name}")) {
            Ok(_) => Ident::new_raw(name, key.span()),
            Err(_) => format_ident!("{name}_", span = key.span()),
        },
    }
}
