//! JSON in pieces, some of which only the compiler knows.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Whether anything is told.
pub const ENABLED: bool = cfg!(feature = "description");

/// The name by which a type of this crate is known in descriptions, and which a symbol may have: unique among the crates of a library.
pub fn new_id() -> String {
    static LAST: AtomicUsize = AtomicUsize::new(0);
    let variable = |name| std::env::var(name).unwrap_or_default();
    let (name, version) = (variable("CARGO_CRATE_NAME"), variable("CARGO_PKG_VERSION"));
    let version: String = version
        .chars()
        .map(|one| {
            if one.is_ascii_alphanumeric() {
                one
            } else {
                '_'
            }
        })
        .collect();
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    format!("{name}_{version}_{number}")
}

/// What is told of a type, and the name by which it is known.
pub struct Described {
    pub id: String,
    /// The item that describes it.
    pub item: TokenStream,
}

impl Described {
    /// What `describe` makes of a new name, if anything is told.
    pub fn new(describe: impl FnOnce(&str) -> TokenStream) -> Option<Self> {
        ENABLED.then(|| {
            let id = new_id();
            let item = describe(&id);
            Self { id, item }
        })
    }
}

/// The pieces, in order.
#[derive(Default)]
pub struct Pieces {
    done: Vec<TokenStream>,
    /// What was written since.
    text: String,
}

impl Pieces {
    /// JSON as it stands.
    pub fn text(&mut self, json: &str) -> &mut Self {
        self.text.push_str(json);
        self
    }

    /// A comma, unless it is the first of several.
    pub fn separate(&mut self, first: &mut bool) -> &mut Self {
        if !std::mem::take(first) {
            self.text(",");
        }
        self
    }

    /// A string of JSON.
    pub fn string(&mut self, plain: &str) -> &mut Self {
        self.text.push('"');
        for letter in plain.chars() {
            match letter {
                '"' | '\\' => self.text.extend(['\\', letter]),
                '\n' => self.text.push_str("\\n"),
                letter if letter < ' ' => {
                    self.text.push_str(&format!("\\u{:04x}", u32::from(letter)));
                }
                letter => self.text.push(letter),
            }
        }
        self.text.push('"');
        self
    }

    /// `,"key":`; the first key of an object has no comma before it.
    pub fn key(&mut self, key: &str) -> &mut Self {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        self.string(key).text(":")
    }

    /// A key with a string.
    pub fn entry(&mut self, key: &str, plain: &str) -> &mut Self {
        self.key(key).string(plain)
    }

    /// A key with a string, or with null.
    pub fn optional(&mut self, key: &str, plain: Option<&str>) -> &mut Self {
        self.key(key);
        match plain {
            Some(plain) => self.string(plain),
            None => self.text("null"),
        }
    }

    /// A key with a truth value.
    pub fn flag(&mut self, key: &str, is: bool) -> &mut Self {
        self.key(key).text(if is { "true" } else { "false" })
    }

    /// A piece that an expression gives.
    pub fn piece(&mut self, piece: TokenStream) -> &mut Self {
        self.flush();
        self.done.push(piece);
        self
    }

    /// A string of JSON with an annotation.
    pub fn annotation(&mut self, annotation: TokenStream) -> &mut Self {
        self.piece(quote!(__hpy::Piece::Annotation(#annotation)))
    }

    /// The same of what a type says by a trait. Should it not have the trait, the code that needs it says so, and only that.
    pub fn by_trait(&mut self, by: &str, ty: &TokenStream) -> &mut Self {
        let by = Ident::new(by, Span::call_site());
        self.annotation(quote!(__hpy::Says::<__hpy::by::#by, #ty>::ANNOTATION))
    }

    /// A number that an expression gives.
    pub fn number(&mut self, number: TokenStream) -> &mut Self {
        self.piece(quote!(__hpy::Piece::Number(#number)))
    }

    /// What an expression gives, in pieces.
    pub fn pieces(&mut self, pieces: TokenStream) -> &mut Self {
        self.piece(quote!(__hpy::Piece::Pieces(#pieces)))
    }

    /// All of them: `&[…]`.
    pub fn finish(mut self) -> TokenStream {
        self.flush();
        let done = self.done;
        quote!(&[#(#done),*])
    }

    /// What a module that lists it describes it by.
    pub fn implement(self, name: &Ident) -> TokenStream {
        let pieces = self.finish();
        quote! {
            #[allow(unused_imports)]
            const _: () = {
                use __hpy::SaysNothing as _;
                impl __hpy::Described for #name {
                    const PIECES: &'static [__hpy::Piece] = #pieces;
                }
            };
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.done.push(quote!(__hpy::Piece::Text(#text)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_put_together_until_something_else_comes() {
        let mut pieces = Pieces::default();
        pieces.text("{").entry("a", "\"\\\n\u{1}ü").flag("b", true);
        pieces.key("c").annotation(quote!(A)).optional("d", None);
        pieces.key("e").number(quote!(1)).text("}");
        let text = r#"{"a":"\"\\\n\u0001ü","b":true,"c":"#;
        let expected = quote!(&[
            __hpy::Piece::Text(#text),
            __hpy::Piece::Annotation(A),
            __hpy::Piece::Text(",\"d\":null,\"e\":"),
            __hpy::Piece::Number(1),
            __hpy::Piece::Text("}")
        ]);
        assert_eq!(pieces.finish().to_string(), expected.to_string());
    }

    #[test]
    fn no_two_ids_are_the_same() {
        assert_ne!(new_id(), new_id());
    }
}
