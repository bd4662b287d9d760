//! The options in `#[hpy(…)]` of a type, of a variant and of a field.

use super::rename::{RULES, Rule};
use crate::expression::until_comma;
use crate::report::{Report, nearest, quoted_list};
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Meta, Path, Result, Token, parenthesized};

/// What stands above a type or a variant.
#[derive(Default)]
pub struct ContainerOptions {
    /// `transparent`: the object is the only field.
    pub transparent: Option<Ident>,
    /// `from_item_all`: fields are items, not attributes.
    pub from_item_all: Option<Ident>,
    /// `rename_all = "camelCase"`
    pub rename_all: Option<(Ident, Rule)>,
    /// `name = "…"`: what a variant without fields is in Python.
    pub name: Option<LitStr>,
}

/// What stands above a field.
#[derive(Default)]
pub struct FieldOptions {
    /// `attribute` or `attribute("name")`
    pub attribute: Option<(Ident, Option<LitStr>)>,
    /// `item` or `item(key)`
    pub item: Option<(Ident, Option<TokenStream>)>,
    /// `name = "…"`: the attribute, or the key if it is text.
    pub name: Option<LitStr>,
    /// `default` or `default = expression`
    pub default: Option<(Ident, Option<TokenStream>)>,
    /// `from_with = function`
    pub from_with: Option<Path>,
    /// `into_with = function`
    pub into_with: Option<Path>,
}

const TYPE: [&str; 3] = ["transparent", "from_item_all", "rename_all"];
const VARIANT: [&str; 4] = ["transparent", "from_item_all", "rename_all", "name"];
const FIELD: [&str; 6] = [
    "attribute",
    "item",
    "name",
    "default",
    "from_with",
    "into_with",
];

/// Where options stand.
#[derive(Clone, Copy)]
pub enum Above {
    Type,
    Variant,
}

impl ContainerOptions {
    /// Reads all `#[hpy(…)]` among the attributes.
    pub fn read(attributes: &[Attribute], above: Above, report: &mut Report) -> Self {
        let mut options = Self::default();
        let (what, known): (_, &[&str]) = match above {
            Above::Type => ("type", &TYPE),
            Above::Variant => ("variant", &VARIANT),
        };
        each(attributes, what, known, report, |key, input| {
            Ok(match key.to_string().as_str() {
                "transparent" => options.transparent.replace(key.clone()).is_some(),
                "from_item_all" => options.from_item_all.replace(key.clone()).is_some(),
                "name" => {
                    input.parse::<Token![=]>()?;
                    options.name.replace(input.parse()?).is_some()
                }
                _ => {
                    input.parse::<Token![=]>()?;
                    let rule = rule(&input.parse()?)?;
                    options.rename_all.replace((key.clone(), rule)).is_some()
                }
            })
        });
        options
    }
}

impl FieldOptions {
    /// Reads all `#[hpy(…)]` among the attributes.
    pub fn read(attributes: &[Attribute], report: &mut Report) -> Self {
        let mut options = Self::default();
        each(attributes, "field", &FIELD, report, |key, input| {
            Ok(match key.to_string().as_str() {
                "attribute" => {
                    let name = if input.peek(syn::token::Paren) {
                        let content;
                        parenthesized!(content in input);
                        Some(content.parse()?)
                    } else {
                        None
                    };
                    options.attribute.replace((key.clone(), name)).is_some()
                }
                "item" => {
                    let item = if input.peek(syn::token::Paren) {
                        let content;
                        parenthesized!(content in input);
                        let item = until_comma(&content)?;
                        if !content.is_empty() {
                            return Err(
                                content.error("an item has one key: put a tuple in parentheses")
                            );
                        }
                        Some(item)
                    } else {
                        None
                    };
                    options.item.replace((key.clone(), item)).is_some()
                }
                "name" => {
                    input.parse::<Token![=]>()?;
                    options.name.replace(input.parse()?).is_some()
                }
                "default" => {
                    let value = if input.peek(Token![=]) {
                        input.parse::<Token![=]>()?;
                        Some(until_comma(input)?)
                    } else {
                        None
                    };
                    options.default.replace((key.clone(), value)).is_some()
                }
                "from_with" => {
                    input.parse::<Token![=]>()?;
                    options.from_with.replace(input.parse()?).is_some()
                }
                _ => {
                    input.parse::<Token![=]>()?;
                    options.into_with.replace(input.parse()?).is_some()
                }
            })
        });
        options
    }
}

fn rule(literal: &LitStr) -> Result<Rule> {
    Rule::of_name(&literal.value()).ok_or_else(|| {
        syn::Error::new(
            literal.span(),
            format!(
                "no way to write names: there are {}",
                quoted_list(RULES.map(|(name, _)| name))
            ),
        )
    })
}

/// Calls `read_one` for each option; it says whether the option was there before.
fn each(
    attributes: &[Attribute],
    what: &str,
    known: &[&str],
    report: &mut Report,
    mut read_one: impl FnMut(&Ident, ParseStream) -> Result<bool>,
) {
    for attribute in attributes {
        if !attribute.path().is_ident("hpy") {
            continue;
        }
        let Meta::List(list) = &attribute.meta else {
            report.at(
                &attribute.meta,
                format!("the options of a {what} go in parentheses: #[hpy(…)]"),
            );
            continue;
        };
        let parser = |input: ParseStream| {
            while !input.is_empty() {
                let key = input.call(Ident::parse_any)?;
                let name = key.to_string();
                if !known.contains(&name.as_str()) {
                    return Err(unknown(&key, what, known));
                }
                if read_one(&key, input)? {
                    report.at(&key, format!("`{name}` is given twice: keep one"));
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(list.tokens.clone()) {
            report.take(error);
        }
    }
}

fn unknown(key: &Ident, what: &str, known: &[&str]) -> syn::Error {
    let name = key.to_string();
    let meant = match nearest(&name, known.iter().copied()) {
        Some(near) => format!(" (did you mean `{near}`?)"),
        None => String::new(),
    };
    syn::Error::new(
        key.span(),
        format!(
            "`{name}` is no option of a {what}{meant}: there are {}",
            quoted_list(known.iter().copied())
        ),
    )
}
