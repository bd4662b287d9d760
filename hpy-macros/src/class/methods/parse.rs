//! Parses `impl Point { … }` as far as needed. Bodies stay tokens.

use super::role::{self, Role};
use crate::docstring;
use crate::function::attribute::is_named;
use crate::function::parse::{Function, function};
use crate::function::types::last_segment;
use crate::pyo3_habits::take_attributes;
use crate::python_name;
use crate::report::{Report, error_here};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Generics, LitStr, Result, Token, Type, braced};

/// The impl as written.
pub struct Impl {
    pub attributes: Vec<Attribute>,
    pub this: Type,
    /// Those of a generic struct, with its `where` clause.
    pub generics: Generics,
    pub items: Vec<ImplItem>,
}

impl Impl {
    /// The macro that lists the instances, if the struct is generic.
    pub fn lister(&self) -> Option<Ident> {
        if self.generics.params.is_empty() {
            return None;
        }
        last_segment(&self.this).map(crate::class::instance::lister)
    }
}

/// What stands in it.
pub enum ImplItem {
    Method(Box<ImplMethod>),
    /// A constant with `#[classattr]`, without the attribute.
    Constant(Constant),
    /// What is not for Python.
    Other(TokenStream),
}

/// A function that Python calls.
pub struct ImplMethod {
    pub function: Function,
    pub role: Role,
    /// `#[new] #[classmethod]`
    pub is_new_of_class: bool,
}

/// `#[classattr] const ORIGIN: f64 = 0.0;`
pub struct Constant {
    pub item: TokenStream,
    pub name: Ident,
    /// What Python calls it: `#[hpy(name = "…")]`, or the same.
    pub python_name: String,
    pub doc: String,
}

/// Parses the item below `#[hpy_methods]`. Reports an inner item that does not parse and leaves it
/// unchanged.
pub fn parse(item: TokenStream, report: &mut Report) -> Result<Impl> {
    let parser = |input: ParseStream| {
        let attributes = input.call(Attribute::parse_outer)?;
        if !input.peek(Token![impl]) {
            return Err(error_here(
                input,
                "#[hpy_methods] goes on the `impl` of a type with #[hpy_type]",
            ));
        }
        input.parse::<Token![impl]>()?;
        let mut generics: Generics = input.parse()?;
        let this: Type = input.parse()?;
        if input.peek(Token![for]) {
            return Err(error_here(
                input,
                "#[hpy_methods] goes on the type's own `impl`, not on that of a trait",
            ));
        }
        generics.where_clause = input.parse()?;
        if !input.peek(syn::token::Brace) {
            return Err(error_here(input, "expected the methods in braces"));
        }
        let content;
        braced!(content in input);
        let mut items = Vec::new();
        while !content.is_empty() {
            let tokens = one_item(&content)?;
            match read(tokens.clone(), report) {
                Ok(item) => items.push(item),
                Err(error) => {
                    report.take(error);
                    items.push(ImplItem::Other(tokens));
                }
            }
        }
        Ok(Impl {
            attributes,
            this,
            generics,
            items,
        })
    };
    parser.parse2(item)
}

/// The tokens of the next item: to its body's brace, or its semicolon.
fn one_item(input: ParseStream) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    let mut is_function = false;
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let ends = match &token {
            TokenTree::Group(group) => is_function && group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Ident(word) => {
                is_function |= word == "fn";
                false
            }
            TokenTree::Literal(_) => false,
        };
        tokens.extend([token]);
        if ends {
            break;
        }
    }
    Ok(tokens)
}

fn read(tokens: TokenStream, report: &mut Report) -> Result<ImplItem> {
    let is_function = tokens
        .clone()
        .into_iter()
        .any(|token| matches!(&token, TokenTree::Ident(word) if word == "fn"));
    if !is_function {
        return constant(tokens);
    }
    let mut function = function(tokens)?;
    let (roles, others): (Vec<Attribute>, Vec<Attribute>) =
        std::mem::take(&mut function.attributes)
            .into_iter()
            .partition(|attribute| role::is_role(attribute.path()));
    function.attributes = others;
    take_attributes(&mut function.attributes, "#[hpy(…)]", report);
    function.attributes.retain(|attribute| {
        let is_for_functions = is_named(attribute.path(), "hpy_method");
        if is_for_functions {
            report.at(
                attribute,
                "every function of this impl is visible to Python: remove #[hpy_method], and \
                 write its options as #[hpy(…)]",
            );
        }
        !is_for_functions
    });
    let role = role::read(&roles, &function.name, report);
    let rest = &function.rest;
    let attributes = &function.attributes;
    function.item = quote!(#(#attributes)* #rest);
    Ok(ImplItem::Method(Box::new(ImplMethod {
        function,
        role,
        is_new_of_class: role::is_new_of_class(&roles),
    })))
}

fn constant(tokens: TokenStream) -> Result<ImplItem> {
    let parser = |input: ParseStream| {
        let (marks, attributes): (Vec<Attribute>, Vec<Attribute>) = input
            .call(Attribute::parse_outer)?
            .into_iter()
            .partition(|attribute| attribute.path().is_ident("classattr"));
        let (options, others): (Vec<Attribute>, Vec<Attribute>) = attributes
            .iter()
            .cloned()
            .partition(|attribute| attribute.path().is_ident("hpy"));
        let rest: TokenStream = input.fork().parse()?;
        input.parse::<syn::Visibility>()?;
        if marks.is_empty() {
            input.parse::<TokenStream>()?;
            return Ok(ImplItem::Other(quote!(#(#attributes)* #rest)));
        }
        input.parse::<Token![const]>()?;
        let name = input.call(Ident::parse_any)?;
        input.parse::<TokenStream>()?;
        let mut python_name = python_name::of_ident(&name);
        for option in &options {
            python_name = option.parse_args_with(constant_name)?;
        }
        Ok(ImplItem::Constant(Constant {
            item: quote!(#(#others)* #rest),
            name,
            python_name,
            // Only stubs need it, so text that a macro cannot read is left out.
            doc: docstring::text(&attributes, &mut Report::default()),
        }))
    };
    parser.parse2(tokens)
}

/// `name = "…"`
fn constant_name(input: ParseStream) -> Result<String> {
    let key = input.call(Ident::parse_any)?;
    if key != "name" {
        return Err(Error::new(
            key.span(),
            "a class attribute has one option: #[hpy(name = \"…\")]",
        ));
    }
    input.parse::<Token![=]>()?;
    let name: LitStr = input.parse()?;
    match python_name::problem(&name.value()) {
        Some(problem) => Err(Error::new(name.span(), problem)),
        None => Ok(name.value()),
    }
}
