//! The code of `#[derive(FromHandle)]`.

use super::check::{Body, CheckedType, Field, Key, Product, ProductShape};
use crate::docstring::c_literal;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{DeriveInput, Lifetime};

/// The implementation of the trait.
pub fn expand(
    input: &DeriveInput,
    checked: &CheckedType,
    (annotation, described): (TokenStream, TokenStream),
) -> TokenStream {
    let hidden = Span::mixed_site();
    let handle = Ident::new("handle", hidden);
    let ctx = Lifetime::new("'ctx", Span::call_site());
    let own_borrow = Lifetime::new("'from", hidden);
    let borrowed = checked.borrowed.unwrap_or(&own_borrow);
    let mut generics = input.generics.clone();
    // Lifetimes come first.
    if !checked.has_ctx {
        generics.params.insert(0, syn::parse_quote!(#ctx));
    }
    if checked.borrowed.is_none() {
        generics.params.insert(0, syn::parse_quote!(#borrowed));
    }
    if !checked.converted.is_empty() {
        let bounds = &mut generics.make_where_clause().predicates;
        for param in &checked.converted {
            bounds.push(syn::parse_quote!(#param: for<'any> __hpy::FromHandle<'any, #ctx>));
        }
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, type_generics, _) = input.generics.split_for_impl();
    let name = &input.ident;
    let body = match &checked.body {
        Body::Struct(product) => {
            let value = product_of(product, &handle);
            quote!(::core::result::Result::Ok(#value))
        }
        Body::Enum(variants) => any_of(input, variants, &handle),
    };
    let level = Ident::new("_level", hidden);
    let level = checked
        .may_nest
        .then(|| quote!(let #level = __hpy::Level::enter()?;));
    quote! {
        #[automatically_derived]
        const _: () = {
            use ::hpy::__private as __hpy;
            impl #impl_generics __hpy::FromHandle<#borrowed, #ctx>
                for #name #type_generics #where_clause
            {
                #annotation
                fn from_handle(#handle: &#borrowed __hpy::Handle<#ctx>) -> __hpy::Result<Self> {
                    #level
                    #body
                }
            }
            #described
        };
    }
}

/// The first variant that fits.
fn any_of(input: &DeriveInput, variants: &[(&Ident, Product)], handle: &Ident) -> TokenStream {
    let failed = Ident::new("failed", Span::mixed_site());
    let value = Ident::new("value", Span::mixed_site());
    let error = Ident::new("error", Span::mixed_site());
    let name = crate::python_name::of_ident(&input.ident);
    let attempts = variants.iter().map(|(ident, product)| {
        let label = crate::python_name::of_ident(ident);
        let made = product_of(product, handle);
        quote! {
            match (|| -> __hpy::Result<Self> { ::core::result::Result::Ok(#made) })() {
                ::core::result::Result::Ok(#value) => return ::core::result::Result::Ok(#value),
                ::core::result::Result::Err(#error) => #failed.add(#handle, #label, #error)?,
            }
        }
    });
    quote! {
        let mut #failed = __hpy::FailedVariants::new(#name);
        #(#attempts)*
        ::core::result::Result::Err(#failed.into_error(#handle))
    }
}

/// The expression that builds a struct or a variant, with `?`.
fn product_of(product: &Product, handle: &Ident) -> TokenStream {
    let (path, label) = (&product.path, &product.label);
    match &product.shape {
        ProductShape::Unit(text) => quote! {{
            __hpy::unit_variant(#handle, #text)?;
            #path
        }},
        ProductShape::Transparent(field) => {
            let (member, ty) = (&field.member, field.ty);
            let value = match &field.from_with {
                Some(function) => quote!(#function(#handle)),
                None => quote!(<#ty as __hpy::FromHandle<'_, '_>>::from_handle(#handle)),
            };
            let name = match &field.member {
                syn::Member::Named(_) => quote_option(&field.label()),
                syn::Member::Unnamed(_) => quote!(::core::option::Option::None),
            };
            // For a variant, the message has its name and the reason.
            let variant = label.contains("::");
            let value = if variant {
                quote!(#value?)
            } else {
                quote!(__hpy::in_struct(#value, #handle, #label, #name)?)
            };
            quote!(#path { #member: #value })
        }
        ProductShape::Tuple(fields) => {
            let tuple = Ident::new("tuple", Span::mixed_site());
            let count = fields.len();
            let values = fields.iter().enumerate().map(|(index, field)| {
                let (member, ty) = (&field.member, field.ty);
                let convert = convert(field, ty);
                let name = field.label();
                quote!(#member: __hpy::tuple_field(#tuple, #index, #label, #name, #convert)?)
            });
            quote! {{
                let #tuple = __hpy::tuple_of(#handle, #label, #count)?;
                #path { #(#values),* }
            }}
        }
        ProductShape::Named(fields) => {
            let values = fields.iter().map(|field| named(field, label, handle));
            quote!(#path { #(#values),* })
        }
    }
}

fn quote_option(text: &str) -> TokenStream {
    quote!(::core::option::Option::Some(#text))
}

/// The function that converts the object of a field.
fn convert(field: &Field, ty: &impl ToTokens) -> TokenStream {
    match &field.from_with {
        Some(function) => quote!(|object| #function(object)),
        None => quote!(|object| <#ty as __hpy::FromHandle<'_, '_>>::from_handle(object)),
    }
}

fn named(field: &Field, label: &str, handle: &Ident) -> TokenStream {
    let member = &field.member;
    let convert = convert(field, field.ty);
    let name = field.label();
    let found = match &field.key {
        Key::Attribute(attribute) => {
            let attribute = c_literal(attribute, Span::call_site());
            match &field.default {
                None => {
                    quote!(__hpy::attribute_field(#handle, #attribute, #label, #name, #convert)?)
                }
                Some(_) => {
                    let optional = quote!(__hpy::optional_attribute_field);
                    quote!(#optional(#handle, #attribute, #label, #name, #convert)?)
                }
            }
        }
        Key::Item(key) => match &field.default {
            None => quote!(__hpy::item_field(#handle, #key, #label, #name, #convert)?),
            Some(_) => {
                quote!(__hpy::optional_item_field(#handle, #key, #label, #name, #convert)?)
            }
        },
    };
    match &field.default {
        None => quote!(#member: #found),
        Some(default) => {
            let value = Ident::new("value", Span::mixed_site());
            quote! {
                #member: match #found {
                    ::core::option::Option::Some(#value) => #value,
                    ::core::option::Option::None => #default,
                }
            }
        }
    }
}
