//! Parses a function item as far as needed. The body stays tokens.

use super::attribute::is_named;
use crate::expression::ends;
use crate::report::error_here;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{
    Attribute, Generics, LitStr, Result, ReturnType, Token, Type, Visibility, WhereClause,
    parenthesized,
};

/// A free function as written.
pub struct Function {
    /// The item without its `#[hpy(…)]`, to emit again.
    pub item: TokenStream,
    /// The same without its attributes.
    pub rest: TokenStream,
    /// The attributes that stay.
    pub attributes: Vec<Attribute>,
    /// The `#[hpy(…)]` taken from it.
    pub options: Vec<Attribute>,
    pub visibility: Visibility,
    /// `const`, `async`, `unsafe`, `extern`.
    pub qualifiers: Vec<Ident>,
    pub name: Ident,
    pub generics: Generics,
    pub parameters: Vec<Parameter>,
    pub output: ReturnType,
}

/// A parameter as written.
pub enum Parameter {
    Named {
        attributes: Vec<Attribute>,
        name: Ident,
        ty: Box<Type>,
    },
    Receiver(TokenStream),
    Pattern(TokenStream),
    Variadic(Span),
}

/// Parses the item below `#[hpy_method]`.
pub fn function(item: TokenStream) -> Result<Function> {
    parse.parse2(item)
}

fn parse(input: ParseStream) -> Result<Function> {
    let (options, attributes): (Vec<Attribute>, Vec<Attribute>) = input
        .call(Attribute::parse_outer)?
        .into_iter()
        .partition(|attribute| attribute.path().is_ident("hpy"));
    let rest: TokenStream = input.fork().parse()?;
    let visibility: Visibility = input.parse()?;
    let mut qualifiers = Vec::new();
    while !input.peek(Token![fn]) {
        let Some(qualifier) = qualifier(input)? else {
            return Err(not_a_function(input));
        };
        qualifiers.push(qualifier);
    }
    input.parse::<Token![fn]>()?;
    let name = input.call(Ident::parse_any)?;
    let mut generics: Generics = input.parse()?;
    let content;
    parenthesized!(content in input);
    let parameters = content.call(parameters)?;
    let output: ReturnType = input.parse()?;
    generics.where_clause = input.parse::<Option<WhereClause>>()?;
    if !input.peek(syn::token::Brace) {
        return Err(error_here(
            input,
            "#[hpy_method] goes on a function with a body",
        ));
    }
    input.parse::<TokenStream>()?;
    let item = quote!(#(#attributes)* #rest);
    Ok(Function {
        item,
        rest,
        attributes,
        options,
        visibility,
        qualifiers,
        name,
        generics,
        parameters,
        output,
    })
}

/// One word before `fn`, if there is one.
fn qualifier(input: ParseStream) -> Result<Option<Ident>> {
    let function_follows = |input: ParseStream| {
        let ahead = input.fork();
        while let Ok(token) = ahead.parse::<TokenTree>() {
            match token {
                TokenTree::Ident(ident) if ident == "fn" => return true,
                TokenTree::Ident(_) | TokenTree::Literal(_) => {}
                _ => return false,
            }
        }
        false
    };
    if !(input.peek(Token![const])
        || input.peek(Token![async])
        || input.peek(Token![unsafe])
        || input.peek(Token![extern]))
        || !function_follows(input)
    {
        return Ok(None);
    }
    let word = input.call(Ident::parse_any)?;
    if word == "extern" {
        input.parse::<Option<LitStr>>()?;
    }
    Ok(Some(word))
}

fn not_a_function(input: ParseStream) -> syn::Error {
    let advice =
        if input.peek(Token![struct]) || input.peek(Token![enum]) || input.peek(Token![union]) {
            "#[hpy_method] goes on a function: for a Python type write #[hpy_type]"
        } else if input.peek(Token![impl]) {
            "#[hpy_method] goes on a free function: for the methods of a type write #[hpy_methods] \
             above the impl"
        } else {
            "#[hpy_method] goes on a free function"
        };
    error_here(input, advice)
}

fn parameters(input: ParseStream) -> Result<Vec<Parameter>> {
    let mut parameters = Vec::new();
    while !input.is_empty() {
        parameters.push(parameter(input)?);
        if input.peek(Token![=]) {
            return Err(error_here(
                input,
                "Rust has no defaults here: write them into the option `signature = (a, b = 2)`",
            ));
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(parameters)
}

fn parameter(input: ParseStream) -> Result<Parameter> {
    let attributes = input.call(Attribute::parse_outer)?;
    if input.peek(Token![...]) {
        return Ok(Parameter::Variadic(input.parse::<Token![...]>()?.spans[0]));
    }
    if let Some(receiver) = receiver(input)? {
        return Ok(Parameter::Receiver(receiver));
    }
    let mut pattern = TokenStream::new();
    while !input.peek(Token![:]) || input.peek(Token![::]) {
        if input.is_empty() || input.peek(Token![,]) {
            return Err(error_here(input, "expected `:` and the parameter's type"));
        }
        if input.peek(Token![::]) {
            let colons: Token![::] = input.parse()?;
            pattern.extend(quote!(#colons));
        } else {
            pattern.extend([input.parse::<TokenTree>()?]);
        }
    }
    input.parse::<Token![:]>()?;
    if input.peek(Token![...]) {
        return Ok(Parameter::Variadic(input.parse::<Token![...]>()?.spans[0]));
    }
    let ty: Box<Type> = input.parse()?;
    let name = |input: ParseStream| {
        input.parse::<Option<Token![mut]>>()?;
        input.parse::<Ident>()
    };
    match name.parse2(pattern.clone()) {
        Ok(name) => Ok(Parameter::Named {
            attributes,
            name,
            ty,
        }),
        Err(_) => Ok(Parameter::Pattern(pattern)),
    }
}

/// `self` in any of its forms.
fn receiver(input: ParseStream) -> Result<Option<TokenStream>> {
    let ahead = input.fork();
    if ahead.parse::<Option<Token![&]>>()?.is_some() {
        ahead.parse::<Option<syn::Lifetime>>()?;
    }
    ahead.parse::<Option<Token![mut]>>()?;
    if !ahead.peek(Token![self]) {
        return Ok(None);
    }
    let mut tokens = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) && !input.peek(Token![:]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    if input.peek(Token![:]) {
        let colon: Token![:] = input.parse()?;
        // A type may have a comma in it.
        let ty: Type = input.parse()?;
        tokens.extend(quote!(#colon #ty));
    }
    Ok(Some(tokens))
}

impl Function {
    /// Whether a parameter is `self`.
    pub fn has_receiver(&self) -> bool {
        self.parameters
            .iter()
            .any(|parameter| matches!(parameter, Parameter::Receiver(_)))
    }

    /// Whether it is an `async fn`.
    pub fn is_async(&self) -> bool {
        self.qualifiers.iter().any(|word| word == "async")
    }

    /// `self` as written, if there is one.
    pub fn receiver_tokens(&self) -> Option<&TokenStream> {
        self.parameters
            .iter()
            .find_map(|parameter| match parameter {
                Parameter::Receiver(tokens) => Some(tokens),
                _ => None,
            })
    }

    /// The tokens with the span of `self`, if there is one.
    pub fn at_receiver(&self, tokens: &TokenStream) -> TokenStream {
        let receiver = self
            .parameters
            .iter()
            .find_map(|parameter| match parameter {
                Parameter::Receiver(tokens) => ends(tokens),
                _ => None,
            });
        let Some((start, _)) = receiver else {
            return tokens.clone();
        };
        let moved = tokens.clone().into_iter().map(|mut token| {
            token.set_span(token.span().located_at(start));
            token
        });
        moved.collect()
    }

    /// The `#[cfg(…)]` of the function, which also apply to the code emitted beside it.
    pub fn conditions(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes
            .iter()
            .filter(|attribute| is_named(attribute.path(), "cfg"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(item: TokenStream) -> Vec<&'static str> {
        let function = function(item).unwrap_or_else(|error| panic!("{error}"));
        let kind = |parameter: &Parameter| match parameter {
            Parameter::Named { .. } => "named",
            Parameter::Receiver(_) => "receiver",
            Parameter::Pattern(_) => "pattern",
            Parameter::Variadic(_) => "variadic",
        };
        function.parameters.iter().map(kind).collect()
    }

    #[test]
    fn parameters_are_told_apart() {
        assert_eq!(
            kinds(quote!(
                fn f(a: i64, mut b: &str, c: Option<Vec<(u8, u8)>>) {}
            )),
            ["named"; 3]
        );
        assert_eq!(
            kinds(quote!(
                fn f(&'a mut self, (a, b): (i64, i64), _: u8, a::B { c }: a::B, ...) {}
            )),
            ["receiver", "pattern", "pattern", "pattern", "variadic"]
        );
        assert_eq!(
            kinds(quote!(
                fn f(self: Box<Self>, args: ...) {}
            )),
            ["receiver", "variadic"]
        );
        assert_eq!(
            kinds(quote!(
                fn f(self: &Handle<'_, Self>, a: i64) {}
            )),
            ["receiver", "named"]
        );
    }

    #[test]
    fn the_item_loses_its_options_only() {
        let function = function(quote! {
            #[inline] #[hpy(name = "x")] #[cfg(unix)]
            pub(crate) const unsafe extern "C" fn f<'a>(a: &'a str) -> i64
            where 'a: 'a { a.len() ? ; 1 }
        })
        .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            function.item.to_string(),
            quote! {
                #[inline] #[cfg(unix)]
                pub(crate) const unsafe extern "C" fn f<'a>(a: &'a str) -> i64
                where 'a: 'a { a.len() ? ; 1 }
            }
            .to_string()
        );
        assert_eq!(function.options.len(), 1);
        assert_eq!(function.conditions().count(), 1);
        assert_eq!(function.qualifiers, ["const", "unsafe", "extern"]);
    }

    #[test]
    fn other_items_are_sent_to_their_attribute() {
        let message = |item| {
            function(item)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        let types = "#[hpy_method] goes on a function: for a Python type write #[hpy_type]";
        assert_eq!(
            message(quote!(
                pub struct A;
            )),
            types
        );
        assert_eq!(
            message(quote!(
                enum A {}
            )),
            types
        );
        assert_eq!(
            message(quote!(impl A {})),
            "#[hpy_method] goes on a free function: for the methods of a type write \
             #[hpy_methods] above the impl"
        );
        for item in [
            quote!(
                mod a {}
            ),
            quote!(
                const A: u8 = 1;
            ),
            quote!(unsafe impl A {}),
            quote!(
                static A: u8 = 1;
            ),
        ] {
            assert!(message(item).starts_with("#[hpy_method] goes on a free function"));
        }
        assert_eq!(
            message(quote!(
                fn f();
            )),
            "#[hpy_method] goes on a function with a body"
        );
        assert_eq!(
            message(quote!(fn f(a) {})),
            "expected `:` and the parameter's type"
        );
        assert_eq!(
            message(quote!(fn f(a: i64 = 2) {})),
            "Rust has no defaults here: write them into the option `signature = (a, b = 2)`"
        );
    }
}
