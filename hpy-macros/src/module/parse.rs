//! The entries of a module declaration, as written.

use crate::expression::until_comma;
use crate::report::{Report, nearest, quoted_list};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Meta, Path, Result, Token, braced, bracketed};

/// The declaration between the braces of `hpy_module!`.
#[derive(Default)]
pub struct Declaration {
    pub attributes: Vec<Attribute>,
    pub name: Option<Name>,
    pub methods: Vec<Path>,
    pub types: Vec<ListedType>,
    pub exceptions: Vec<Path>,
    pub constants: Vec<Constant>,
    pub globals: Vec<Path>,
    pub exec: Option<Path>,
    pub exit: Option<Path>,
    pub submodules: Vec<(Name, Declaration)>,
    pub interpreters: Option<TokenTree>,
    pub gil: Option<TokenTree>,
    pub legacy_methods: Option<TokenStream>,
}

/// An entry of `types`.
pub struct ListedType {
    pub path: Path,
    /// `#[hidden]`: the module makes the type, but does not have it as an attribute.
    pub hidden: bool,
}

/// A name given as an identifier or as a string.
pub struct Name {
    pub text: String,
    pub span: Span,
}

/// `NAME: value`
pub struct Constant {
    pub name: Name,
    pub value: TokenStream,
}

const KEYS: [&str; 12] = [
    "name",
    "methods",
    "types",
    "exceptions",
    "constants",
    "globals",
    "exec",
    "exit",
    "submodules",
    "interpreters",
    "gil",
    "legacy_methods",
];

/// Parses the declaration. An entry that does not parse is reported and left out.
pub fn declaration(tokens: TokenStream, report: &mut Report) -> Declaration {
    let mut declaration = Declaration::default();
    let parser = |input: ParseStream| {
        declaration.attributes = input.call(Attribute::parse_outer)?;
        entries(input, &mut declaration, report)
    };
    if let Err(error) = parser.parse2(tokens) {
        report.take(error);
    }
    declaration
}

fn entries(input: ParseStream, declaration: &mut Declaration, report: &mut Report) -> Result<()> {
    let mut seen = Vec::new();
    while !input.is_empty() {
        if let Err(error) = entry(input, declaration, &mut seen, report) {
            report.take(error);
            skip_to_comma(input)?;
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

fn entry(
    input: ParseStream,
    declaration: &mut Declaration,
    seen: &mut Vec<Ident>,
    report: &mut Report,
) -> Result<()> {
    let key = input.call(Ident::parse_any)?;
    let text = key.to_string();
    if !KEYS.contains(&text.as_str()) {
        let synonym = match text.as_str() {
            "functions" => Some("methods"),
            "classes" | "enums" => Some("types"),
            "errors" => Some("exceptions"),
            "init" => Some("exec"),
            _ => None,
        };
        let meant = match synonym.or_else(|| nearest(&text, KEYS)) {
            Some(near) => format!(" (did you mean `{near}`?)"),
            None => String::new(),
        };
        return Err(syn::Error::new(
            key.span(),
            format!(
                "`{text}` is not a part of a module{meant}: expected one of {}",
                quoted_list(KEYS)
            ),
        ));
    }
    if seen.contains(&key) {
        report.at(&key, format!("`{text}` is given twice: merge them"));
    }
    input.parse::<Token![:]>()?;
    match text.as_str() {
        "name" => declaration.name = Some(name(input)?),
        "methods" => declaration.methods.extend(paths(input)?),
        "types" => declaration.types.extend(types(input)?),
        "exceptions" => declaration.exceptions.extend(paths(input)?),
        "globals" => declaration.globals.extend(paths(input)?),
        "constants" => declaration.constants.extend(constants(input)?),
        "interpreters" => declaration.interpreters = Some(input.parse()?),
        "exit" => declaration.exit = Some(input.parse()?),
        "submodules" => declaration.submodules.extend(submodules(input, report)?),
        "gil" => declaration.gil = Some(input.parse()?),
        "legacy_methods" => declaration.legacy_methods = Some(until_comma(input)?),
        _ => declaration.exec = Some(input.parse()?),
    }
    seen.push(key);
    if !input.is_empty() && !input.peek(Token![,]) {
        return Err(input.error("expected `,`"));
    }
    Ok(())
}

fn name(input: ParseStream) -> Result<Name> {
    if input.peek(LitStr) {
        let literal: LitStr = input.parse()?;
        return Ok(Name {
            text: literal.value(),
            span: literal.span(),
        });
    }
    let ident = input.call(Ident::parse_any)?;
    Ok(Name {
        text: ident.unraw().to_string(),
        span: ident.span(),
    })
}

const NO_ATTRIBUTES: &str = "an entry cannot have attributes: to leave it out under a cfg, declare \
                             the module twice, each with its #[cfg(…)]";

/// `[Point, #[hidden] PointIter]`
fn types(input: ParseStream) -> Result<Vec<ListedType>> {
    let content;
    bracketed!(content in input);
    whole(&content, |content| {
        let one = |content: ParseStream| {
            let mut hidden = false;
            for attribute in content.call(Attribute::parse_outer)? {
                if !matches!(&attribute.meta, Meta::Path(path) if path.is_ident("hidden")) {
                    let message = format!(
                        "{NO_ATTRIBUTES}. Only `#[hidden]` has a meaning here: the module does \
                         not show the type"
                    );
                    return Err(syn::Error::new_spanned(attribute, message));
                }
                hidden = true;
            }
            let path = content.parse()?;
            Ok(ListedType { path, hidden })
        };
        let types = Punctuated::<ListedType, Token![,]>::parse_terminated_with(content, one)?;
        Ok(types.into_iter().collect())
    })
}

fn paths(input: ParseStream) -> Result<Vec<Path>> {
    let content;
    bracketed!(content in input);
    whole(&content, |content| {
        if content.peek(Token![#]) {
            return Err(content.error(NO_ATTRIBUTES));
        }
        Ok(Punctuated::<Path, Token![,]>::parse_terminated(content)?
            .into_iter()
            .collect())
    })
}

/// Parses the contents of brackets. Skips the rest after an error, to avoid follow-up errors.
fn whole<T>(content: ParseStream, parse: impl FnOnce(ParseStream) -> Result<T>) -> Result<T> {
    let parsed = parse(content);
    if parsed.is_err() {
        content.parse::<TokenStream>()?;
    }
    parsed
}

fn constants(input: ParseStream) -> Result<Vec<Constant>> {
    let content;
    braced!(content in input);
    whole(&content, |content| {
        let mut constants = Vec::new();
        while !content.is_empty() {
            let name = name(content)?;
            content.parse::<Token![:]>()?;
            constants.push(Constant {
                name,
                value: until_comma(content)?,
            });
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(constants)
    })
}

/// `{ name: { methods: […], … }, … }`, each with its docs above the name.
fn submodules(input: ParseStream, report: &mut Report) -> Result<Vec<(Name, Declaration)>> {
    let content;
    braced!(content in input);
    whole(&content, |content| {
        let mut submodules = Vec::new();
        while !content.is_empty() {
            let mut declaration = Declaration {
                attributes: content.call(Attribute::parse_outer)?,
                ..Declaration::default()
            };
            let name = name(content)?;
            content.parse::<Token![:]>()?;
            let inner;
            braced!(inner in content);
            entries(&inner, &mut declaration, report)?;
            submodules.push((name, declaration));
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(submodules)
    })
}

fn skip_to_comma(input: ParseStream) -> Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::{ToTokens, quote};

    fn read(tokens: TokenStream) -> (Declaration, Vec<String>) {
        let mut report = Report::default();
        let declaration = declaration(tokens, &mut report);
        (declaration, report.messages())
    }

    #[test]
    fn entries_come_in_any_order() {
        let (declaration, errors) = read(quote! {
            #[doc = " Text."]
            exec: init,
            constants: { A: 1, "b-c": f(1, 2), r#type: 3, },
            methods: [f, sub::g,],
            name: "quick",
            globals: [CACHE],
            types: [],
            exit: finish,
            submodules: {
                inner: { methods: [h] },
                #[doc = " Text."]
                other: { constants: { B: 2 } }
            },
            exceptions: [MyError],
            interpreters: many,
            gil: used,
            legacy_methods: unsafe { table(1, 2) },
        });
        assert_eq!(errors, [""; 0]);
        assert_eq!(declaration.attributes.len(), 1);
        assert_eq!(declaration.name.unwrap().text, "quick");
        let names: Vec<&str> = declaration
            .constants
            .iter()
            .map(|constant| constant.name.text.as_str())
            .collect();
        assert_eq!(names, ["A", "b-c", "type"]);
        assert_eq!(
            declaration.methods[1].to_token_stream().to_string(),
            "sub :: g"
        );
        assert_eq!(
            (declaration.methods.len(), declaration.globals.len()),
            (2, 1)
        );
        assert!(declaration.exec.is_some());
        assert_eq!(declaration.exceptions.len(), 1);
        assert!(declaration.exit.is_some());
        let (name, other) = &declaration.submodules[1];
        assert_eq!(
            (
                name.text.as_str(),
                other.attributes.len(),
                other.constants.len()
            ),
            ("other", 1, 1)
        );
        assert_eq!(declaration.interpreters.unwrap().to_string(), "many");
        assert_eq!(declaration.gil.unwrap().to_string(), "used");
        assert_eq!(
            declaration.legacy_methods.unwrap().to_string(),
            "unsafe { table (1 , 2) }"
        );
    }

    #[test]
    fn every_error_is_shown_at_once() {
        let (declaration, errors) = read(quote! {
            nam: x,
            methods: [1],
            methods: [f],
            methods: [g],
            constants: { A },
            exec: init extra,
            zzz: [1, 2],
            name: m,
        });
        assert_eq!(
            errors,
            [
                "`nam` is not a part of a module (did you mean `name`?): expected one of `name`, \
                 `methods`, `types`, `exceptions`, `constants`, `globals`, `exec`, `exit`, \
                 `submodules`, `interpreters`, `gil` and `legacy_methods`",
                "expected identifier",
                "`methods` is given twice: merge them",
                "expected `:`",
                "expected `,`",
                "`zzz` is not a part of a module: expected one of `name`, `methods`, `types`, \
                 `exceptions`, `constants`, `globals`, `exec`, `exit`, `submodules`, \
                 `interpreters`, `gil` and `legacy_methods`",
            ]
        );
        assert_eq!(declaration.name.unwrap().text, "m");
    }

    #[test]
    fn entries_have_no_attributes() {
        let (_, errors) = read(quote!(name: m, methods: [#[cfg(unix)] f]));
        assert_eq!(
            errors,
            [
                "an entry cannot have attributes: to leave it out under a cfg, declare the module \
                 twice, each with its #[cfg(…)]"
            ]
        );
    }
}
