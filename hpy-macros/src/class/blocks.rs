//! The blocks of `#[hpy_methods]` that a type has: one without a name, those that it lists, and the
//! one that its options make.

use super::block_names::constants;
use super::check::Class;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// All of a type's methods, an expression, and what stands beside the type's traits for it.
pub fn methods(this: &Ident, class: &Class) -> (TokenStream, TokenStream) {
    let named = named(class);
    if named.is_empty() {
        return (quote!(#this::__HPY_METHODS), TokenStream::new());
    }
    let mut blocks = vec![quote!(#this::__HPY_METHODS)];
    let (mut missing, mut checks) = (Vec::new(), Vec::new());
    for name in &named {
        let (methods, described) = constants(Some(name));
        missing.push(quote! {
            const #methods: __hpy::TypeMethods = __hpy::TypeMethods::MISSING;
            const #described: &'static [__hpy::Piece] = &[];
        });
        blocks.push(quote!(#this::#methods));
        checks.push(quote_spanned! {name.span()=>
            const _: () = __hpy::check_block(&[#(#blocks),*]);
        });
    }
    let beside = quote! {
        #[allow(non_upper_case_globals, dead_code)]
        trait __HpyNoBlocks {
            #(#missing)*
        }
        impl<T> __HpyNoBlocks for T {}
        #(#checks)*
    };
    (quote!(::hpy::__methods_of_blocks!(#(#blocks),*)), beside)
}

/// The descriptions of all blocks.
pub fn descriptions(class: &Class) -> Vec<Ident> {
    let own = std::iter::once(constants(None));
    let others = named(class).into_iter().map(|name| constants(Some(&name)));
    own.chain(others).map(|(_, described)| described).collect()
}

fn named(class: &Class) -> Vec<Ident> {
    let generated = class.generated_block();
    class.blocks.iter().cloned().chain(generated).collect()
}
