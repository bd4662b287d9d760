//! A module, with all that it lists.

use super::pieces::Pieces;
use crate::module::check::{Module, Submodule};
use crate::module::parse::{Constant, ListedType};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::Path;
use syn::ext::IdentExt;

/// The static that the library exports: `hpy_description_NAME`. Its pieces are in a constant
/// elsewhere.
pub fn of_module(module: &Module, pieces: &TokenStream) -> TokenStream {
    let symbol = format_ident!(
        "hpy_description_{}",
        module.name.text,
        span = Span::call_site()
    );
    quote!(::hpy::__description! { #symbol, #pieces })
}

/// What the module has, in pieces.
pub fn pieces_of_module(module: &Module) -> TokenStream {
    let mut out = Pieces::default();
    out.text("{").key("format").text("1");
    out.entry("name", &module.name.text)
        .entry("doc", &module.doc);
    // What C code or the module's `exec` adds is not known here.
    out.flag(
        "open",
        module.legacy_methods.is_some() || module.exec.is_some(),
    );
    contents(
        &mut out,
        &module.methods,
        &module.types,
        &module.exceptions,
        &module.constants,
        &module.submodules,
    );
    out.text("}");
    let pieces = out.finish();
    quote! {
        {
            #[allow(unused_imports)]
            use __hpy::SaysNothing as _;
            #pieces
        }
    }
}

fn submodule(out: &mut Pieces, submodule: &Submodule) {
    out.text("{");
    out.entry("name", &submodule.name.text)
        .entry("doc", &submodule.doc);
    out.flag("open", submodule.exec.is_some());
    contents(
        out,
        &submodule.methods,
        &submodule.types,
        &submodule.exceptions,
        &submodule.constants,
        &submodule.submodules,
    );
    out.text("}");
}

fn contents(
    out: &mut Pieces,
    methods: &[Path],
    types: &[ListedType],
    exceptions: &[Path],
    constants: &[Constant],
    submodules: &[Submodule],
) {
    let described = |path: &Path| quote!(__hpy::Says::<__hpy::by::Described, #path>::PIECES);
    let mut first = true;
    out.key("functions").text("[");
    for path in methods {
        out.separate(&mut first).pieces(described(path));
    }
    first = true;
    out.text("]").key("types").text("[");
    for one in types.iter().filter(|one| !one.hidden) {
        out.separate(&mut first).pieces(described(&one.path));
    }
    if types.iter().any(|one| one.hidden) {
        first = true;
        out.text("]").key("hidden_types").text("[");
        for one in types.iter().filter(|one| one.hidden) {
            out.separate(&mut first).pieces(described(&one.path));
        }
    }
    first = true;
    out.text("]").key("exceptions").text("[");
    for path in exceptions {
        let name = path
            .segments
            .last()
            .map(|last| last.ident.unraw().to_string());
        out.separate(&mut first).text("{");
        out.entry("name", &name.unwrap_or_default());
        out.key("class")
            .pieces(quote!(__hpy::Says::<__hpy::by::CustomException, #path>::PIECES))
            .text("}");
    }
    first = true;
    out.text("]").key("constants").text("[");
    for constant in constants {
        out.separate(&mut first).text("{");
        out.entry("name", &constant.name.text).key("returns");
        let value = &constant.value;
        match borrows(value) {
            true => out.string("typing.Any"),
            false => {
                out.annotation(quote!(__hpy::annotation_of(|| ::core::result::Result::Ok(#value))))
            }
        };
        out.text("}");
    }
    first = true;
    out.text("]").key("submodules").text("[");
    for one in submodules {
        out.separate(&mut first);
        submodule(out, one);
    }
    out.text("]");
}

/// Whether the value may borrow from temporaries of the expression. A function cannot return it
/// then.
fn borrows(value: &TokenStream) -> bool {
    let mut tokens = value.clone().into_iter();
    let is_reference =
        matches!(tokens.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '&');
    is_reference
        && tokens.any(|token| match token {
            TokenTree::Punct(punct) => punct.as_char() == '!',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis,
            _ => false,
        })
}
