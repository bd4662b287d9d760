//! Texts of an object: the options `str` and `repr`, alone or with a format string.

use crate::report::{Report, quoted_list};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::{Fields, LitStr, Member, Result, Token};

/// `str`, or `str = "({x}, {y})"`.
#[derive(Clone)]
pub struct Text {
    pub key: Ident,
    pub format: Option<LitStr>,
}

impl Text {
    /// Reads what follows the key.
    pub fn parse(key: &Ident, input: ParseStream) -> Result<Self> {
        let format = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        let key = key.clone();
        Ok(Self { key, format })
    }
}

/// A format string whose fields exist.
pub struct Format {
    /// The string, with names that are valid for tuple fields too.
    text: LitStr,
    /// The names in it, and the fields.
    arguments: Vec<(Ident, Member)>,
}

impl Format {
    /// Finds the fields that the string names.
    pub fn check(text: &LitStr, fields: &Fields, report: &mut Report) -> Self {
        let names: Vec<String> = fields.members().map(|field| name_of(&field)).collect();
        let mut format = Self {
            text: text.clone(),
            arguments: Vec::new(),
        };
        let mut rewritten = String::new();
        let value = text.value();
        let mut rest = value.as_str();
        while let Some(start) = rest.find(['{', '}']) {
            rewritten.push_str(&rest[..=start]);
            let brace = &rest[start..=start];
            rest = &rest[start + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                rewritten.push_str(brace);
                rest = after;
                continue;
            }
            if brace == "}" {
                continue; // The compiler reports it.
            }
            let end = rest.find([':', '}']).unwrap_or(rest.len());
            let name = rest[..end].trim();
            let name = name.strip_prefix("self.").unwrap_or(name);
            rest = &rest[end..];
            let Some(place) = names.iter().position(|known| known == name) else {
                report.at(text, unknown(name, &names));
                rewritten.push_str("_0");
                continue;
            };
            // `{0}` would be the first argument.
            let argument = format_ident!("_{place}", span = Span::mixed_site());
            rewritten.push_str(&argument.to_string());
            if !format.arguments.iter().any(|(one, _)| *one == argument)
                && let Some(member) = fields.members().nth(place)
            {
                format.arguments.push((argument, member));
            }
        }
        rewritten.push_str(rest);
        format.text = LitStr::new(&rewritten, text.span());
        format
    }

    /// The type that a slot is implemented for.
    pub fn implementation(&self, this: &Ident, marker: &Ident) -> TokenStream {
        let text = &self.text;
        let span = Span::mixed_site().located_at(text.span());
        let names = self.arguments.iter().map(|(name, _)| name);
        let members = self.arguments.iter().map(|(_, member)| member);
        let (data, out) = (Ident::new("data", span), Ident::new("out", span));
        let write = quote_spanned!(span=>
            ::core::fmt::Write::write_fmt(
                #out, ::core::format_args!(#text #(, #names = #data.#members)*)
            )
        );
        quote! {
            struct #marker;
            impl __hpy::Fixed<0> for #marker {
                #[inline(always)]
                fn call<'ctx>(
                    ctx: __hpy::Context<'ctx>,
                    this: &__hpy::Handle<'ctx>,
                    _: [&__hpy::Handle<'ctx>; 0],
                ) -> __hpy::Result<__hpy::Handle<'ctx>> {
                    #[allow(unused_variables)]
                    __hpy::formatted::<#this>(ctx, this, |#data, #out| #write)
                }
            }
        }
    }
}

fn name_of(member: &Member) -> String {
    match member {
        Member::Named(name) => crate::python_name::of_ident(name),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

fn unknown(name: &str, names: &[String]) -> String {
    if name.is_empty() {
        return "name a field in each pair of braces, as in `{x}`; `{{` is a brace".to_owned();
    }
    let known = match names {
        [] => String::new(),
        names => format!(
            ": expected one of {}",
            quoted_list(names.iter().map(String::as_str))
        ),
    };
    format!("there is no field `{name}`{known}")
}
