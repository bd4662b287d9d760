//! The options of a method: `#[hpy_method(…)]` of a function, `#[hpy(…)]` in `#[hpy_methods]`.

use super::signature::{self, SignatureItem};
use super::warnings;
use crate::report::{Report, nearest, quoted_list};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Meta, Path, Result, Token};

/// What the user asked for.
#[derive(Default)]
pub struct MethodOptions {
    /// `name = "…"`: the name in Python.
    pub name: Option<LitStr>,
    /// `signature = (…)`
    pub signature: Option<Vec<SignatureItem>>,
    /// `pass_module`: the module comes as the first parameter.
    pub pass_module: Option<Ident>,
    /// `text_signature = "(…)"` or `None`
    pub text_signature: Option<TextSignature>,
    /// `keywords`: arguments may be passed by name.
    pub keywords: Option<Ident>,
    /// The same, asked for of all methods around it.
    pub keywords_by_default: bool,
    /// `deprecated = "…"` or `deprecated(…)`: the advice in the warning.
    pub deprecated: Option<warnings::Written>,
    /// `warn(…)`, any number of them.
    pub warnings: Vec<warnings::Written>,
    /// `traceback`: its errors get a traceback entry.
    pub traceback: Option<Ident>,
}

/// What Python shows in place of the signature.
pub enum TextSignature {
    /// Nothing.
    Hidden,
    /// The literal's text, in parentheses.
    Written(LitStr),
}

const KEYS: [&str; 8] = [
    "name",
    "signature",
    "keywords",
    "pass_module",
    "text_signature",
    "deprecated",
    "warn",
    "traceback",
];

impl MethodOptions {
    /// Reads `name = "x", signature = (a, b = 1)`.
    pub fn read(&mut self, arguments: TokenStream, report: &mut Report) {
        let parser = |input: ParseStream| {
            while !input.is_empty() {
                self.read_one(input, report)?;
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(arguments) {
            report.take(error);
        }
    }

    /// Reads `#[hpy(…)]`.
    pub fn read_attribute(&mut self, attribute: &Attribute, report: &mut Report) {
        match &attribute.meta {
            Meta::List(list) => self.read(list.tokens.clone(), report),
            other => report.at(
                other,
                "the options of a method go in parentheses: #[hpy(name = \"…\")]",
            ),
        }
    }

    fn read_one(&mut self, input: ParseStream, report: &mut Report) -> Result<()> {
        let key = input.call(Ident::parse_any)?;
        let repeated = match key.to_string().as_str() {
            "name" => {
                input.parse::<Token![=]>()?;
                self.name.replace(input.parse()?).is_some()
            }
            "signature" => {
                input.parse::<Token![=]>()?;
                self.signature.replace(signature::parse(input)?).is_some()
            }
            "deprecated" => self.deprecated.replace(warnings::parse(input)?).is_some(),
            "warn" => {
                self.warnings.push(warnings::parse(input)?);
                false
            }
            "keywords" => self.keywords.replace(key.clone()).is_some(),
            "pass_module" => self.pass_module.replace(key.clone()).is_some(),
            "traceback" => self.traceback.replace(key.clone()).is_some(),
            "text_signature" => {
                input.parse::<Token![=]>()?;
                self.text_signature
                    .replace(text_signature(input)?)
                    .is_some()
            }
            unknown => {
                let meant = match nearest(unknown, KEYS) {
                    Some(near) => format!(" (did you mean `{near}`?)"),
                    None => String::new(),
                };
                return Err(syn::Error::new(
                    key.span(),
                    format!(
                        "`{unknown}` is not an option of a method{meant}: expected one of {}",
                        quoted_list(KEYS)
                    ),
                ));
            }
        };
        if repeated {
            report.at(&key, format!("`{key}` is given twice: keep one"));
        }
        Ok(())
    }
}

fn text_signature(input: ParseStream) -> Result<TextSignature> {
    if input.peek(Ident::peek_any) {
        let word = input.call(Ident::parse_any)?;
        if word == "None" {
            return Ok(TextSignature::Hidden);
        }
        return Err(syn::Error::new(
            word.span(),
            "`text_signature` is a string such as \"(a, b=1)\", or None to tell Python nothing",
        ));
    }
    let written: LitStr = input.parse()?;
    let text = written.value();
    let is_one_line = !text.contains(['\n', '\r', '\0']);
    if !(text.starts_with('(') && text.ends_with(')') && is_one_line) {
        return Err(syn::Error::new(
            written.span(),
            "`text_signature` is written in parentheses, on one line: \"(a, b=1)\"",
        ));
    }
    Ok(TextSignature::Written(written))
}

/// Whether an attribute's path ends in `name`.
pub fn is_named(path: &Path, name: &str) -> bool {
    path.segments
        .last()
        .is_some_and(|segment| segment.ident == name)
}

/// What is said of `#[hpy(…)]` at a function that is in no `impl` with `#[hpy_methods]`.
pub const OPTIONS_OF_A_FUNCTION: &str =
    "the options of a function go into #[hpy_method(…)], as in #[hpy_method(name = \"…\")]";

/// The error for `#[hpy(…)]` above an item that nothing takes it from.
pub fn misplaced(item: &TokenStream) -> syn::Error {
    let is_type = item.clone().into_iter().any(
        |token| matches!(&token, TokenTree::Ident(word) if word == "struct" || word == "enum"),
    );
    let message = if is_type {
        "#[hpy(…)] says how a type is converted: put #[derive(FromHandle)] or \
         #[derive(IntoHandle)] above it"
    } else {
        OPTIONS_OF_A_FUNCTION
    };
    syn::Error::new(Span::call_site(), message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn read(tokens: TokenStream) -> (MethodOptions, Vec<String>) {
        let mut report = Report::default();
        let mut options = MethodOptions::default();
        options.read(tokens, &mut report);
        (options, report.messages())
    }

    #[test]
    fn options_are_read_in_any_order() {
        let (options, errors) = read(quote!(pass_module, signature = (a, /), name = "x",));
        assert!(errors.is_empty());
        assert_eq!(options.name.unwrap().value(), "x");
        assert_eq!(options.signature.unwrap().len(), 2);
        assert!(options.pass_module.is_some());
        assert!(read(quote!()).1.is_empty());
    }

    #[test]
    fn unknown_and_repeated_options_are_refused() {
        assert_eq!(
            read(quote!(nmae = "x")).1,
            [
                "`nmae` is not an option of a method (did you mean `name`?): expected one of \
                 `name`, `signature`, `keywords`, `pass_module`, `text_signature`, \
                 `deprecated`, `warn` and `traceback`"
            ]
        );
        assert_eq!(
            read(quote!(text = 1)).1,
            [
                "`text` is not an option of a method: expected one of `name`, `signature`, \
                 `keywords`, `pass_module`, `text_signature`, `deprecated`, `warn` and `traceback`"
            ]
        );
        assert_eq!(
            read(quote!(name = "a", name = "b")).1,
            ["`name` is given twice: keep one"]
        );
        assert_eq!(read(quote!(name "a")).1, ["expected `=`"]);
        assert_eq!(read(quote!(name = a)).1, ["expected string literal"]);
    }

    #[test]
    fn an_attribute_needs_its_parentheses() {
        let mut report = Report::default();
        let attribute = &Attribute::parse_outer.parse2(quote!(#[hpy = 1])).unwrap()[0];
        MethodOptions::default().read_attribute(attribute, &mut report);
        assert_eq!(
            report.messages(),
            ["the options of a method go in parentheses: #[hpy(name = \"…\")]"]
        );
    }

    #[test]
    fn a_misplaced_attribute_is_sent_to_its_place() {
        let message = |item| misplaced(&item).to_string();
        assert_eq!(
            message(quote!(
                fn f() {}
            )),
            OPTIONS_OF_A_FUNCTION
        );
        assert_eq!(
            message(quote!(
                #[hpy_method]
                fn f() {}
            )),
            OPTIONS_OF_A_FUNCTION
        );
        assert!(
            message(quote!(
                struct Name(String);
            ))
            .contains("#[derive(FromHandle)]")
        );
    }
}
