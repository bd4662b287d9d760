//! A function: its parameters with their types and defaults, and what it returns.

use super::pieces::Pieces;
use crate::function::check::{Argument, Method};
use crate::function::doc::python_value;
use crate::function::parse::Function;
use crate::function::result::value_of;
use crate::function::signature::ParameterKind;
use crate::python_name;
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{ReturnType, Type};

/// The description of a module's function.
pub fn of_function(function: &Function, method: &Method) -> TokenStream {
    let mut out = Pieces::default();
    out.text("{");
    write(&mut out, function, method, Returns::Object);
    out.text("}");
    out.implement(&function.name)
}

/// What the result becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Returns {
    /// The object that it converts to.
    Object,
    /// An item of an iterator.
    Next,
    /// That of a known name.
    Known(&'static str),
    /// The object itself.
    This,
}

/// Name, docs, parameters and result.
pub fn write(out: &mut Pieces, function: &Function, method: &Method, returns: Returns) {
    let text = match method.doc.split_once("\n--\n\n") {
        Some((_, text)) => text,
        None => &method.doc,
    };
    out.entry("name", &method.name).entry("doc", text);
    let deprecated = method.warnings.iter().find(|one| one.deprecates);
    out.optional("deprecated", deprecated.map(|one| one.message.as_str()));
    if function.is_async() {
        out.flag("async", true);
    }
    out.key("parameters").text("[");
    parameters(out, method);
    out.text("]").key("returns");
    match returns {
        Returns::Object => result(out, function, "IntoReturn"),
        Returns::Next => result(out, function, "IntoNext"),
        Returns::Known(name) => {
            out.string(name);
        }
        Returns::This => {
            out.string("typing.Self");
        }
    }
}

fn parameters(out: &mut Pieces, method: &Method) {
    let type_of = |place: usize| {
        method.arguments.iter().find_map(|argument| match argument {
            // The operator of a comparison is not an object.
            Argument::Parameter(1, _) if method.name == "__richcmp__" => None,
            Argument::Parameter(at, ty) if *at == place => Some(*ty),
            _ => None,
        })
    };
    let mut first = true;
    let signature = &method.signature;
    let variadic = |out: &mut Pieces, name: &Ident, first: &mut bool, kind: &str| {
        let ty = method
            .arguments
            .iter()
            .find_map(|argument| match (argument, kind) {
                (Argument::VarPositional(ty), "var_positional")
                | (Argument::VarKeyword(ty), "var_keyword") => Some(*ty),
                _ => None,
            });
        out.separate(first).text("{");
        out.entry("name", &python_name::of_ident(name));
        out.entry("kind", kind).key("type");
        let by = match kind {
            "var_positional" => "FromVarArgs",
            _ => "FromKeywords",
        };
        match ty.map(without_reference).and_then(described) {
            Some(ty) => {
                out.by_trait(by, &ty);
            }
            None => {
                out.string(ANY);
            }
        }
        out.text("}");
    };
    for place in 0..=signature.parameters.len() {
        if let Some((name, at)) = &signature.var_positional
            && *at == place
        {
            variadic(out, name, &mut first, "var_positional");
        }
        let Some(parameter) = signature.parameters.get(place) else {
            continue;
        };
        out.separate(&mut first).text("{");
        out.entry("name", &python_name::of_ident(&parameter.name));
        let kind = match parameter.kind {
            ParameterKind::PositionalOnly => "positional_only",
            ParameterKind::PositionalOrKeyword => "positional_or_keyword",
            ParameterKind::KeywordOnly => "keyword_only",
        };
        out.entry("kind", kind);
        if let Some(default) = &parameter.default {
            let value = python_value(default);
            out.entry("default", value.as_deref().unwrap_or("..."));
        }
        out.key("type");
        taken(out, type_of(place));
        out.text("}");
    }
    if let Some(name) = &signature.var_keyword {
        variadic(out, name, &mut first, "var_keyword");
    }
}

/// The annotation of arguments that convert to a type.
pub fn taken(out: &mut Pieces, ty: Option<&Type>) {
    match ty.and_then(described) {
        Some(ty) => out.by_trait("FromHandle", &ty),
        None => out.string(ANY),
    };
}

fn result(out: &mut Pieces, function: &Function, by: &str) {
    match &function.output {
        ReturnType::Default => {
            out.string("None");
        }
        ReturnType::Type(_, ty) => {
            // The error of a `Result` may be one that no trait knows.
            let (by, ty) = match value_of(ty) {
                Some(value) if by == "IntoReturn" => ("IntoHandle", value),
                _ => (by, &**ty),
            };
            match described(ty) {
                Some(ty) => out.by_trait(by, &ty),
                None => out.string(ANY),
            };
        }
    }
}

/// The annotation of a type that cannot be named.
pub const ANY: &str = "typing.Any";

/// The type in a form that a constant may name, with inferred lifetimes. None for a type that
/// cannot be named.
pub fn described(ty: &Type) -> Option<TokenStream> {
    without_lifetimes(ty.to_token_stream())
}

fn without_lifetimes(tokens: TokenStream) -> Option<TokenStream> {
    let mut out = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if ["impl", "dyn", "for", "fn"].iter().any(|no| word == no) => {
                return None;
            }
            TokenTree::Punct(tick) if tick.as_char() == '\'' => {
                let word = tokens.next();
                let is_static = word.is_some_and(|word| word.to_string() == "static");
                out.extend(if is_static {
                    quote!('static)
                } else {
                    quote!('_)
                });
            }
            TokenTree::Group(group) => {
                let inner = without_lifetimes(group.stream())?;
                let mut made = Group::new(group.delimiter(), inner);
                made.set_span(group.span());
                out.extend([TokenTree::Group(made)]);
            }
            other => out.extend([other]),
        }
    }
    Some(out)
}

fn without_reference(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => &reference.elem,
        Type::Group(group) => without_reference(&group.elem),
        _ => ty,
    }
}
