//! The code of `#[derive(IntoHandle)]`.

use super::check::{Body, CheckedType, Field, Key, Product, ProductShape};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{DeriveInput, Lifetime};

/// The implementation of the trait.
pub fn expand(
    input: &DeriveInput,
    checked: &CheckedType,
    (annotation, described): (TokenStream, TokenStream),
) -> TokenStream {
    let context = Ident::new("ctx", Span::mixed_site());
    let ctx = Lifetime::new("'ctx", Span::call_site());
    let mut generics = input.generics.clone();
    if !checked.has_ctx {
        generics.params.insert(0, syn::parse_quote!(#ctx));
    }
    if !checked.converted.is_empty() {
        let bounds = &mut generics.make_where_clause().predicates;
        for param in &checked.converted {
            bounds.push(syn::parse_quote!(#param: __hpy::IntoHandle<#ctx>));
        }
    }
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (_, type_generics, _) = input.generics.split_for_impl();
    let name = &input.ident;
    let products: Vec<&Product> = match &checked.body {
        Body::Struct(product) => vec![product],
        Body::Enum(variants) => variants.iter().map(|(_, product)| product).collect(),
    };
    let arms = products.into_iter().map(|product| arm(product, &context));
    let level = checked
        .may_nest
        .then(|| quote!(let _level = __hpy::Level::enter()?;));
    quote! {
        #[automatically_derived]
        const _: () = {
            use ::hpy::__private as __hpy;
            impl #impl_generics __hpy::IntoHandle<#ctx> for #name #type_generics #where_clause {
                #annotation
                fn into_handle(
                    self,
                    #context: __hpy::Context<#ctx>
                ) -> __hpy::Result<__hpy::Handle<#ctx>> {
                    #level
                    match self {
                        #(#arms)*
                    }
                }
            }
            #described
        };
    }
}

/// `Self::Variant { 0: field_0 } => { … }`
fn arm(product: &Product, ctx: &Ident) -> TokenStream {
    let path = &product.path;
    match &product.shape {
        ProductShape::Unit(text) => quote! {
            #path => __hpy::IntoHandle::into_handle(#text, #ctx),
        },
        ProductShape::Transparent(field) => {
            let (member, variable) = (&field.member, field.variable());
            let value = converted(field, ctx);
            quote! {
                #path { #member: #variable } => #value,
            }
        }
        ProductShape::Tuple(fields) => {
            let pattern = pattern(fields);
            let values = fields.iter().map(|field| converted(field, ctx));
            quote! {
                #path { #pattern } => __hpy::tuple_from([#(#values?),*], #ctx),
            }
        }
        ProductShape::Named(fields) => {
            let pattern = pattern(fields);
            let dict = Ident::new("dict", Span::mixed_site());
            let values = fields.iter().map(|field| {
                let value = converted(field, ctx);
                let key = match &field.key {
                    Key::Attribute(name) => quote!(#name),
                    Key::Item(key) => key.clone(),
                };
                quote!(__hpy::set_field(&#dict, #key, #value?)?;)
            });
            quote! {
                #path { #pattern } => {
                    let #dict = __hpy::Context::dict(#ctx)?;
                    #(#values)*
                    ::core::result::Result::Ok(__hpy::Handle::into_object(#dict))
                }
            }
        }
    }
}

fn pattern(fields: &[Field]) -> TokenStream {
    let bindings = fields.iter().map(|field| {
        let (member, variable) = (&field.member, field.variable());
        quote!(#member: #variable)
    });
    quote!(#(#bindings),*)
}

/// The result of converting a field's value.
fn converted(field: &Field, ctx: &Ident) -> TokenStream {
    let (variable, ty) = (field.variable(), field.ty);
    match &field.into_with {
        Some(function) => quote!(#function(#variable, #ctx)),
        None => quote!(<#ty as __hpy::IntoHandle<'_>>::into_handle(#variable, #ctx)),
    }
}
