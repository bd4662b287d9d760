//! Whose method is emitted, and the names in it.

use super::check::{Convention, Method};
use super::parse::Function;
use crate::expression::ends;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Type;

/// Whose method it is, and how it is implemented.
pub struct Target {
    /// The type that the trait is implemented for.
    pub marker: TokenStream,
    /// What is called: the function, perhaps with `Type::` before it.
    pub path: TokenStream,
    /// The type whose `self` it is.
    pub this: TokenStream,
    /// The static with the signature.
    pub signature: Ident,
    /// The name in messages, an expression: `"f"`, or the constant that is `"Point.norm"`.
    pub shown: Option<Ident>,
    /// Whether Python counts the object or class among the arguments.
    pub counts_receiver: bool,
    /// Whether it is the setter of an attribute. Messages then name the attribute instead of an
    /// argument.
    pub sets_attribute: bool,
    /// How the arguments arrive.
    pub shape: CallShape,
    /// The function of `hpy` that the result is converted with.
    pub result: &'static str,
    /// Whether that function also gets the object.
    pub result_of_this: bool,
    /// Whether arguments that do not convert make the result NotImplemented.
    pub operands: bool,
}

/// The trait that is implemented.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CallShape {
    /// That of the method's convention.
    Convention,
    /// `KeywordsMethod`, whatever the convention.
    Keywords,
    /// `InitMethod`
    Init,
    /// `Fixed<N>`
    Fixed(usize),
    /// `FixedInt<N>`
    FixedInt(usize),
    /// `Compare`
    Compare,
}

impl Target {
    pub(super) fn of_function(function: &Function) -> Self {
        let name = &function.name;
        Self {
            marker: quote!(#name),
            path: TokenStream::new(),
            this: TokenStream::new(),
            signature: Ident::new("__HPY_SIGNATURE", Span::call_site()),
            shown: None,
            counts_receiver: false,
            sets_attribute: false,
            shape: CallShape::Convention,
            result: "into_return",
            result_of_this: false,
            operands: false,
        }
    }

    /// The name in messages.
    pub(super) fn shown(&self, method: &Method) -> TokenStream {
        match &self.shown {
            Some(constant) => quote!(#constant),
            None => method.name.to_token_stream(),
        }
    }

    /// Whether arguments are parsed by a signature.
    pub fn parses(&self, method: &Method) -> bool {
        match self.shape {
            CallShape::Convention => {
                matches!(
                    method.convention,
                    Convention::VarArgs | Convention::Keywords
                )
            }
            CallShape::Keywords | CallShape::Init => true,
            CallShape::Fixed(_) | CallShape::FixedInt(_) | CallShape::Compare => false,
        }
    }
}

/// The names in the emitted function, which cannot clash with the user's names.
pub struct Names {
    pub ctx: Ident,
    pub module: Ident,
    pub given: Ident,
    pub slots: Ident,
    pub op: Ident,
    pub data: Ident,
    pub cancel: Ident,
    /// Whether the method has a boundary of its own.
    pub in_line: bool,
}

impl Names {
    /// The source of arguments with the span of a type, and that span.
    pub fn at(&self, ty: &Type) -> (Ident, Ident, Span) {
        let span = ends(ty).map_or(Span::mixed_site(), |(start, _)| start);
        let moved = |name: &Ident| Ident::new(&name.to_string(), span);
        (moved(&self.given), moved(&self.slots), span)
    }
}
