//! The option `pickle` of a type: `__reduce__`, and what makes an object of the fields again.

use super::check::Class;
use crate::python_name;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, Index, Member, Type};

/// What objects are pickled as.
pub struct Pickle {
    pub key: Ident,
    /// `serde`, if the whole value is pickled by it.
    pub by_serde: Option<Ident>,
    /// Each field, with its name in messages.
    pub fields: Vec<(Member, Type, String)>,
    /// The enum and the variant, if the class is a variant's.
    pub of: Option<(Ident, Ident)>,
}

impl Pickle {
    /// That of a struct.
    pub fn of_struct((key, by_serde): &(Ident, Option<Ident>), data: &Data) -> Self {
        let mut fields = Vec::new();
        if let Data::Struct(data) = data {
            for (place, field) in data.fields.iter().enumerate() {
                let (member, name) = match &field.ident {
                    Some(name) => (Member::Named(name.clone()), python_name::of_ident(name)),
                    None => (Member::Unnamed(Index::from(place)), place.to_string()),
                };
                fields.push((member, field.ty.clone(), name));
            }
        }
        Self {
            key: key.clone(),
            by_serde: by_serde.clone(),
            fields,
            of: None,
        }
    }

    /// The implementation, the statics with both methods, and the check against others.
    pub fn expand(&self, this: &Ident, class: &Class) -> TokenStream {
        let span = self.key.span();
        let base = class.base.as_ref().map(|base| base.ty());
        let made = match &base {
            Some(base) if self.of.is_some() => quote!((Self, #base)),
            Some(base) => quote_spanned!(base.span()=> (Self, <#base as __hpy::Pickled>::Made)),
            None => quote!(Self),
        };
        let (write, read) = match &self.by_serde {
            Some(by) => self.by_serde(by, this, class),
            None => (self.write(this), self.read(class)),
        };
        let (write_base, read) = match &base {
            Some(_) if self.of.is_some() => (None, quote!((#this, #read))),
            Some(base) => (
                Some(quote!(<#base as __hpy::Pickled>::write(ctx, this, out)?;)),
                quote!((#read, <#base as __hpy::Pickled>::read(fields)?)),
            ),
            None => (None, read),
        };
        let definitions = quote_spanned! {span=>
            static __HPY_REDUCE: __hpy::MethodStatic = __hpy::reduce_def::<#this>();
            static __HPY_RESTORE: __hpy::MethodStatic = __hpy::restore_def::<#this>();
        };
        let check = self.check(this);
        quote! {
            impl __hpy::Pickled for #this {
                type Made = #made;
                fn write<'ctx>(
                    ctx: __hpy::Context<'ctx>,
                    this: &__hpy::Handle<'ctx>,
                    out: &mut __hpy::PickledFields<'ctx>,
                ) -> __hpy::Result<()> {
                    #write
                    #write_base
                    ::core::result::Result::Ok(())
                }
                #[allow(unused_variables, unreachable_code)]
                fn read(
                    fields: &mut __hpy::RestoredFields<'_, '_>,
                ) -> __hpy::Result<Self::Made> {
                    ::core::result::Result::Ok(#read)
                }
            }
            #definitions
            #check
        }
    }

    /// The check against methods that do the same.
    pub fn check(&self, this: &Ident) -> TokenStream {
        quote_spanned! {self.key.span()=>
            const _: () = __hpy::check_pickle(
                <#this as __hpy::PyClass>::METHODS.names,
                <#this as __hpy::PyClass>::METHODS.special,
            );
        }
    }

    /// Reads the fields while the data is borrowed, and converts them when it no longer is.
    fn write(&self, this: &Ident) -> TokenStream {
        let members = self.fields.iter().map(|(member, ..)| member);
        let variables: Vec<Ident> = (0..self.fields.len())
            .map(|place| format_ident!("field_{place}"))
            .collect();
        let values = self.fields.iter().zip(&variables).map(|((_, ty, _), variable)| {
            quote_spanned!(ty.span()=> <#ty as __hpy::ReadAttribute<'ctx>>::read(#variable, ctx)?,)
        });
        let pattern = match &self.of {
            Some((of, variant)) => quote!(#of::#variant),
            None => quote!(#this),
        };
        let data = self.of.as_ref().map_or(this, |(of, _)| of);
        quote! {
            let data = __hpy::borrow_out_of_line::<#data>(this)?;
            #[allow(clippy::unit_arg)]
            let values = match &*data {
                #pattern { #(#members: #variables),* } => (#(#values)*),
                #[allow(unreachable_patterns)]
                _ => return ::core::result::Result::Err(__hpy::other_variant()),
            };
            ::core::mem::drop(data);
            let (#(#variables,)*) = values;
            #(out.push(ctx, #variables)?;)*
        }
    }

    fn read(&self, class: &Class) -> TokenStream {
        let made = match &self.of {
            Some((of, variant)) => quote!(#of::#variant),
            None => quote!(Self),
        };
        let name = &class.name;
        let fields = self.fields.iter().map(|(member, ty, shown)| {
            let value = quote_spanned!(ty.span()=> fields.next::<#ty>(#name, #shown)?);
            quote!(#member: #value)
        });
        quote!(#made { #(#fields),* })
    }

    fn by_serde(&self, by: &Ident, this: &Ident, class: &Class) -> (TokenStream, TokenStream) {
        let (span, name) = (by.span(), &class.name);
        (
            quote_spanned! {span=>
                ::hpy::__by_serde!(write __hpy::write_by_serde::<#this>(ctx, this, out)?);
            },
            quote_spanned!(span=> ::hpy::__by_serde!(read fields.next_by_serde::<Self>(#name)?)),
        )
    }
}

/// The members of `PyClass` that have to do with it.
pub fn members() -> TokenStream {
    quote! {
        const PICKLES: ::core::primitive::bool = true;
        const CLASS_METHODS: &'static [__hpy::MethodDef] =
            &[__HPY_RESTORE.def(__hpy::RESTORE)];
    }
}
