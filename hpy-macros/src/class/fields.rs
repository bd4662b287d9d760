//! Traversal of a type's data for fields that hold objects, and `#[derive(Traverse)]`.
//!
//! A macro cannot tell a field's kind from its tokens. `In::<T>` does different things for types
//! that implement `Traverse` and for others, which must be `Send` and `Sync` and so cannot contain
//! a `Field`. No `Field` can be forgotten.

use super::data_types::check_hidden_field;
use crate::function::types::walk;
use crate::report::Report;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Fields, Index, Member, Type};

/// The members of `PyClass` that have to do with fields.
pub fn of_type(input: &DeriveInput, unsendable: bool) -> TokenStream {
    let all = all_types(&input.data);
    let any = any(&all);
    // What stays on its thread may be anything: a `Field` in what is not `Traverse` is not seen.
    let checks = (!unsendable).then(|| checks(&all));
    let body = body(input);
    let more = more(&all);
    quote! {
        const HAS_FIELDS: ::core::primitive::bool = #any;
        const OWNS_MORE: ::core::primitive::bool = #more;
        #[inline(always)]
        fn fields(&self, visitor: &mut __hpy::Visitor<'_>) {
            #checks
            #body
        }
    }
}

/// The expansion of `#[derive(Traverse)]`.
pub fn derive(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut report = Report::default();
    for parameter in &input.generics.params {
        report.at(
            parameter,
            "a type parameter may or may not contain a `Field`: remove it, and write a type for \
             each use",
        );
    }
    for (ty, _) in all_types(&input.data) {
        walk(ty, &mut |part| check_hidden_field(part, &mut report));
    }
    if let Data::Union(data) = &input.data {
        report.at(
            data.union_token,
            "a union's active field is unknown: use an enum",
        );
    }
    if !report.is_empty() {
        return report.into_tokens();
    }
    let this = &input.ident;
    let more = more(&all_types(&input.data));
    let checks = checks(&all_types(&input.data));
    let body = body(&input);
    let conditions = input.attrs.iter().filter(|a| a.path().is_ident("cfg"));
    quote! {
        #(#conditions)*
        const _: () = {
            use ::hpy::__private as __hpy;
            #[allow(unused_imports)]
            use __hpy::InOpaque as _;
            // SAFETY: the body visits each field once. The checks ensure that skipped ones contain
            // no `Field`.
            unsafe impl __hpy::Traverse for #this {
                const OWNS_MORE: ::core::primitive::bool = #more;
                #[inline]
                #[allow(unreachable_code)] // An enum without variants has no values.
                fn traverse(&self, visitor: &mut __hpy::Visitor<'_>) {
                    #checks
                    // SAFETY: the body goes over it, and then it is left.
                    if unsafe { __hpy::In::<Self>::enter(self, visitor) } {
                        #body
                        __hpy::In::<Self>::leave(self, visitor);
                    }
                }
            }
        };
    }
}

/// The type of a field and its `cfg` conditions.
type Typed<'a> = (&'a Type, Vec<&'a Attribute>);

fn all_types(data: &Data) -> Vec<Typed<'_>> {
    fn typed(field: &syn::Field) -> Typed<'_> {
        (&field.ty, conditions(field))
    }
    match data {
        Data::Struct(data) => data.fields.iter().map(typed).collect(),
        Data::Enum(data) => {
            let variants = data.variants.iter();
            variants
                .flat_map(|one| one.fields.iter().map(typed))
                .collect()
        }
        Data::Union(_) => Vec::new(),
    }
}

fn conditions(field: &syn::Field) -> Vec<&Attribute> {
    let cfg = field.attrs.iter().filter(|a| a.path().is_ident("cfg"));
    cfg.collect()
}

/// Whether any field may hold an object.
fn any(all: &[Typed<'_>]) -> TokenStream {
    let each = all.iter().map(|(ty, conditions)| {
        quote! { #(#conditions)* { any |= __hpy::In::<#ty>::HAS_FIELDS; } }
    });
    quote! {{
        #[allow(unused_mut)]
        let mut any = false;
        #(#each)*
        any
    }}
}

/// Whether any field owns more than what a `Field` holds, or the type implements `Drop`.
fn more(all: &[Typed<'_>]) -> TokenStream {
    let each = all.iter().map(|(ty, conditions)| {
        quote! { #(#conditions)* { more |= __hpy::In::<#ty>::OWNS_MORE; } }
    });
    quote! {{
        #[allow(unused_imports)]
        use __hpy::NoDrop as _;
        #[allow(unused_mut)]
        let mut more = __hpy::DropOf::<Self>::IMPLEMENTS_DROP;
        #(#each)*
        more
    }}
}

fn checks(all: &[Typed<'_>]) -> TokenStream {
    all.iter()
        .map(|(ty, conditions)| {
            quote_spanned! { ty.span() => #(#conditions)* { __hpy::In::<#ty>::check(); } }
        })
        .collect()
}

fn body(input: &DeriveInput) -> TokenStream {
    let arm = |path: TokenStream, fields: &Fields| {
        let mut bound = Vec::new();
        let mut shown = Vec::new();
        for (place, field) in fields.iter().enumerate() {
            let (name, conditions, ty) =
                (format_ident!("field_{place}"), conditions(field), &field.ty);
            let member = match &field.ident {
                Some(name) => Member::Named(name.clone()),
                None => Member::Unnamed(Index {
                    index: place as u32,
                    span: Span::call_site(),
                }),
            };
            bound.push(quote!(#(#conditions)* #member: #name));
            // `#ty` may not be the type of the field: tokens can mean something else here than in
            // the struct, or an attribute below changes it. A reference to the field would then
            // be coerced to one of `#ty`.
            let same = quote_spanned! { ty.span() =>
                let found = __hpy::exactly(#name);
                #[allow(clippy::type_complexity)]
                let _: __hpy::Exactly<#ty> = found;
            };
            shown.push(quote! {
                #(#conditions)* { #same __hpy::In::<#ty>::traverse(#name, visitor); }
            });
        }
        quote! { #path { #(#bound),* } => { #(#shown)* } }
    };
    let arms = match &input.data {
        Data::Struct(data) => vec![arm(quote!(Self), &data.fields)],
        Data::Enum(data) => {
            let variants = data.variants.iter();
            let of = |one: &syn::Variant| {
                let (name, cfg) = (
                    &one.ident,
                    one.attrs.iter().filter(|a| a.path().is_ident("cfg")),
                );
                let arm = arm(quote!(Self::#name), &one.fields);
                quote!(#(#cfg)* #arm)
            };
            variants.map(of).collect()
        }
        Data::Union(_) => Vec::new(),
    };
    // Of an enum without variants, a reference has values as far as the compiler knows.
    let matched = match &input.data {
        Data::Enum(data) if data.variants.is_empty() => quote!(*self),
        _ => quote!(self),
    };
    quote! {
        let _ = &visitor;
        match #matched { #(#arms)* }
    }
}
