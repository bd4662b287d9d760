//! What a type's expansion contains for stubs.

use crate::stubs::Described;
use proc_macro2::TokenStream;
use quote::quote;

/// The item that describes the type, and the id for its check.
pub fn item_and_id(described: Option<Described>) -> (Option<TokenStream>, Option<TokenStream>) {
    match described {
        Some(Described { id, item }) => (Some(item), Some(quote!(, #id))),
        None => (None, None),
    }
}

/// The annotation of conversions of the type, which is the type itself.
pub fn annotation(this: &syn::Ident) -> TokenStream {
    quote! {
        const ANNOTATION: __hpy::Annotation = <#this as ::hpy::types::TypeCheck>::ANNOTATION;
    }
}
