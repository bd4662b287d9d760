//! The option `shared` of a type: what other extensions are told of it.

use super::options::TypeOptions;
use crate::python_name;
use crate::report::Report;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, Index, LitStr, Member, Type};

/// A version, and the fields.
pub struct Sharing {
    key: Ident,
    version: LitStr,
    fields: Vec<(Member, Type, String)>,
}

impl Sharing {
    /// That of a struct, if it was asked for. Reports what does not go together.
    pub fn of_struct(options: &TypeOptions, data: &Data, report: &mut Report) -> Option<Self> {
        let (key, version) = options.shared.clone()?;
        if options.module.is_none() {
            report.at(
                &key,
                "other extensions find a shared type by the module that declares it: write \
                 `module = \"…\"`, the full name of the module that lists it under `types`",
            );
        }
        let base = options.base.as_ref().filter(|base| !base.is_object());
        let others = [
            base.map(|base| &base.key),
            options.legacy_slots.as_ref().map(|(key, _)| key),
            options.unsendable.as_ref(),
            options.instances.as_ref().map(|(key, _)| key),
        ];
        for other in others.into_iter().flatten() {
            report.at(other, format!("a shared type has no `{other}`: remove it"));
        }
        let mut fields = Vec::new();
        if let Data::Struct(data) = data {
            for (place, field) in data.fields.iter().enumerate() {
                let (member, name) = match &field.ident {
                    Some(name) => (Member::Named(name.clone()), python_name::of_ident(name)),
                    None => (Member::Unnamed(Index::from(place)), place.to_string()),
                };
                for condition in field.attrs.iter().filter(|a| a.path().is_ident("cfg")) {
                    report.at(
                        condition,
                        "a field of a shared type cannot depend on a cfg, which other extensions \
                         may not have: remove it",
                    );
                }
                fields.push((member, field.ty.clone(), name));
            }
        }
        Some(Self {
            key,
            version,
            fields,
        })
    }

    /// The static with the description.
    pub fn expand(&self, this: &Ident) -> TokenStream {
        let version = &self.version;
        let fields = self.fields.iter().map(|(member, ty, name)| {
            quote_spanned! {ty.span()=>
                __hpy::FieldLayout::new::<#ty>(#name, ::core::mem::offset_of!(#this, #member))
            }
        });
        // The compiler's word for the type of each field, which the tokens may not be.
        let same = self.fields.iter().map(|(member, ty, _)| {
            quote_spanned! {ty.span()=>
                let found = __hpy::exactly(&data.#member);
                let _: __hpy::Exactly<#ty> = found;
            }
        });
        quote_spanned! {self.key.span()=>
            static __HPY_SHARING: __hpy::Sharing = {
                static FIELDS: &[__hpy::FieldLayout] = &[#(#fields),*];
                __hpy::Sharing::new(#version, FIELDS)
            };
            impl __hpy::SharedType for #this {}
            const _: fn(&#this) = |data| { let _ = data; #(#same)* };
        }
    }
}

/// The members of `PyClass` that have to do with it.
pub fn members() -> TokenStream {
    quote! {
        #[inline(always)]
        fn sharing() -> ::core::option::Option<&'static __hpy::Sharing> {
            ::core::option::Option::Some(&__HPY_SHARING)
        }
    }
}
