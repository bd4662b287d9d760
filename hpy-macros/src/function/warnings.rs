//! The warnings of a call: `deprecated = "…"`, `deprecated(…)` and `warn(…)`.

use super::attribute::MethodOptions;
use crate::report::{Report, nearest, quoted_list};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{LitStr, Path, Result, Token, parenthesized};

/// What the user wrote.
pub struct Written {
    message: LitStr,
    category: Option<Path>,
}

/// A warning that each call emits.
pub struct Warning {
    pub message: String,
    category: Option<Path>,
    pub deprecates: bool,
}

const KEYS: [&str; 2] = ["message", "category"];

/// Reads `= "…"` or `(message = "…", category = C)`.
pub fn parse(input: ParseStream) -> Result<Written> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        return Ok(Written {
            message: input.parse()?,
            category: None,
        });
    }
    let content;
    let brackets = parenthesized!(content in input);
    let (mut message, mut category) = (None, None);
    while !content.is_empty() {
        let key = content.call(Ident::parse_any)?;
        let repeated = match key.to_string().as_str() {
            "message" => {
                content.parse::<Token![=]>()?;
                message.replace(content.parse::<LitStr>()?).is_some()
            }
            "category" => {
                content.parse::<Token![=]>()?;
                category.replace(content.parse::<Path>()?).is_some()
            }
            unknown => {
                let meant = match nearest(unknown, KEYS) {
                    Some(near) => format!(" (did you mean `{near}`?)"),
                    None => String::new(),
                };
                let keys = quoted_list(KEYS);
                return Err(syn::Error::new(
                    key.span(),
                    format!("a warning has no `{unknown}`{meant}: it has {keys}"),
                ));
            }
        };
        if repeated {
            return Err(syn::Error::new(
                key.span(),
                format!("`{key}` is given twice: keep one"),
            ));
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    match message {
        Some(message) => Ok(Written { message, category }),
        None => Err(syn::Error::new(
            brackets.span.join(),
            "a warning needs a text: write `message = \"…\"`",
        )),
    }
}

/// The warnings of a method that is called `name` in Python.
pub fn check(name: &str, options: &MethodOptions, report: &mut Report) -> Vec<Warning> {
    let mut checked = Vec::new();
    let deprecated = options.deprecated.iter().map(|written| (written, true));
    let others = options.warnings.iter().map(|written| (written, false));
    for (written, deprecates) in deprecated.chain(others) {
        let text = written.message.value();
        if text.contains('\0') {
            report.at(
                &written.message,
                "a warning cannot hold a NUL character: remove it",
            );
        }
        let message = match (deprecates, text.is_empty()) {
            (true, true) => format!("{name}() is deprecated"),
            (true, false) => format!("{name}() is deprecated: {text}"),
            (false, _) => text,
        };
        checked.push(Warning {
            message,
            category: written.category.clone(),
            deprecates,
        });
    }
    checked
}

impl Warning {
    /// The statement that emits it.
    pub fn emitted(&self, ctx: &Ident) -> TokenStream {
        let text = &self.message;
        match &self.category {
            // At the category, where the compiler points if it is no exception.
            Some(category) => quote_spanned! {category.span()=>
                __hpy::warn::<#category>(#ctx, #text)?;
            },
            None if self.deprecates => quote!(__hpy::warn_deprecated(#ctx, #text)?;),
            None => quote!(__hpy::warn::<::hpy::exceptions::UserWarning>(#ctx, #text)?;),
        }
    }
}
