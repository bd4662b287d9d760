//! The option `instances` of a generic struct, as written.

use proc_macro2::Ident;
use quote::format_ident;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Result, Token, Type, parenthesized};

/// `/// Docs` and `IntStack = Stack<i64>`
#[derive(Clone)]
pub struct Instance {
    pub attributes: Vec<Attribute>,
    /// The class, and the alias in Rust.
    pub name: Ident,
    pub ty: Type,
}

impl Instance {
    fn parse(input: ParseStream) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        let ty = input.parse()?;
        Ok(Self {
            attributes,
            name,
            ty,
        })
    }
}

/// Reads what follows the key: `(IntStack = Stack<i64>, …)`.
pub fn parse(input: ParseStream) -> Result<Vec<Instance>> {
    let content;
    parenthesized!(content in input);
    let list = Punctuated::<Instance, Token![,]>::parse_terminated_with(&content, Instance::parse)?;
    Ok(list.into_iter().collect())
}

/// The `macro_rules!` that calls another one for each instance.
pub fn lister(this: &Ident) -> Ident {
    format_ident!("hpy_instances_of_{this}", span = this.span())
}
