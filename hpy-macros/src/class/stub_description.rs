//! What a type's expansion has for stubs.

use crate::stubs::Described;
use proc_macro2::TokenStream;
use quote::quote;

/// The item that describes the type, and the name that its check is given.
pub fn item_and_id(described: Option<Described>) -> (Option<TokenStream>, Option<TokenStream>) {
    match described {
        Some(Described { id, item }) => (Some(item), Some(quote!(, #id))),
        None => (None, None),
    }
}

/// What a conversion of the type is annotated with: the type itself.
pub fn annotation(this: &syn::Ident) -> TokenStream {
    quote! {
        const ANNOTATION: __hpy::Annotation = <#this as ::hpy::types::TypeCheck>::ANNOTATION;
    }
}
