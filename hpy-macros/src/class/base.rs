//! `base = …`: a struct with `#[hpy_type]`, or a built-in type by its Python name.

use crate::report::{Report, quoted_list};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Error, Path, Result, Token};

/// The option, as written.
#[derive(Clone)]
pub struct Base {
    pub key: Ident,
    path: Path,
}

/// The built-in types that types in Rust may derive from, and their names in `hpy::types`.
const BUILT_IN: [(&str, &str); 8] = [
    ("object", "Object"),
    ("type", "Type"),
    ("int", "Int"),
    ("float", "Float"),
    ("str", "Str"),
    ("tuple", "Tuple"),
    ("list", "List"),
    ("dict", "Dict"),
];

/// Other built-in types that a user may try. HPy has no shape for them.
const OTHERS: [&str; 9] = [
    "bool",
    "complex",
    "bytes",
    "bytearray",
    "set",
    "frozenset",
    "range",
    "slice",
    "Exception",
];

impl Base {
    /// Reads what follows the key.
    pub fn parse(key: &Ident, input: ParseStream) -> Result<Self> {
        input.parse::<Token![=]>()?;
        let path = if input.peek(Token![type]) {
            input.call(Ident::parse_any)?.into()
        } else {
            Path::parse_mod_style(input)?
        };
        let key = key.clone();
        let name = path.get_ident().map(ToString::to_string);
        let name = name.unwrap_or_default();
        if name == "Exception" {
            return Err(Error::new_spanned(
                path,
                "an exception is made with `exception! { … }`, which names its base",
            ));
        }
        if OTHERS.contains(&name.as_str()) {
            let known = quoted_list(BUILT_IN.map(|(name, _)| name));
            return Err(Error::new_spanned(
                path,
                format!("HPy types cannot derive from `{name}`: the built-in bases are {known}"),
            ));
        }
        Ok(Self { key, path })
    }

    /// The enum as the base of its variants.
    pub fn of_variant(of: &Ident) -> Self {
        Self {
            key: of.clone(),
            path: of.clone().into(),
        }
    }

    /// Whether the option is redundant, because `object` is the default.
    pub fn is_object(&self) -> bool {
        self.path.is_ident("object")
    }

    /// Whether it is another type in Rust, as far as the name says.
    pub fn is_in_rust(&self) -> bool {
        !BUILT_IN.iter().any(|(name, _)| self.path.is_ident(name))
    }

    /// Reports a type that derives from itself.
    pub fn check(&self, this: &Ident, report: &mut Report) {
        if self.path.is_ident(this) {
            report.at(&self.path, "a type can't derive from itself");
        }
    }

    /// The type that stands for it.
    pub fn ty(&self) -> TokenStream {
        let name = self.path.get_ident().map(ToString::to_string);
        let built_in = BUILT_IN
            .iter()
            .find(|(known, _)| name.as_deref() == Some(known));
        match built_in {
            Some((_, marker)) => {
                let marker = Ident::new(marker, self.path.span());
                quote!(::hpy::types::#marker)
            }
            None => self.path.to_token_stream(),
        }
    }

    /// The check of the base by a function of `hpy`, at the user's token.
    pub fn assert_by(&self, check: &str, this: &Ident) -> TokenStream {
        let span = self.path.span();
        let check = Ident::new(check, span);
        // Generic code would be checked only where it is used.
        quote_spanned!(span=> const _: () = __hpy::#check::<<#this as __hpy::PyClass>::Base>();)
    }
}

/// The base of a type without one.
pub fn object() -> TokenStream {
    let object = Ident::new("Object", Span::call_site());
    quote!(::hpy::types::#object)
}
