//! Functions and methods.

use serde_json::Value;

use super::json::{list, text};
use super::literal::{docstring, literal};
use super::module::Stub;

/// A function to write.
pub(super) struct Definition<'a> {
    pub(super) is_async: bool,
    pub(super) name: &'a str,
    /// `@staticmethod` and the like.
    pub(super) decorators: Vec<String>,
    /// What precedes the parameters: `self`.
    pub(super) bound: Option<&'a str>,
    pub(super) parameters: String,
    pub(super) returns: String,
    pub(super) doc: &'a str,
    pub(super) indent: usize,
}

/// Whether it returns a coroutine.
pub(super) fn is_async(function: &Value) -> bool {
    function["async"] == true
}

impl Stub<'_> {
    /// A function of the module.
    pub(super) fn function(&mut self, function: &Value) {
        let definition = Definition {
            is_async: is_async(function),
            name: text(function, "name"),
            decorators: self.deprecated(function),
            bound: None,
            parameters: self.parameters(function),
            returns: self.annotation(text(function, "returns")),
            doc: text(function, "doc"),
            indent: 0,
        };
        self.define(definition);
    }

    /// `@deprecated("…")`, where calls warn.
    pub(super) fn deprecated(&mut self, function: &Value) -> Vec<String> {
        let message = function["deprecated"].as_str().map(literal);
        message
            .map(|message| format!("@{}({message})", self.name("typing_extensions.deprecated")))
            .into_iter()
            .collect()
    }

    /// What stands between the parentheses.
    pub(super) fn parameters(&mut self, function: &Value) -> String {
        let mut written: Vec<String> = Vec::new();
        let mut before = "";
        let mut star = false;
        for parameter in list(function, "parameters") {
            let kind = text(parameter, "kind");
            if before == "positional_only" && kind != before {
                written.push("/".to_owned());
            }
            if kind == "keyword_only" && !star {
                star = true;
                written.push("*".to_owned());
            }
            star |= kind == "var_positional";
            before = kind;
            let stars = match kind {
                "var_positional" => "*",
                "var_keyword" => "**",
                _ => "",
            };
            let ty = self.annotation(text(parameter, "type"));
            let default = match parameter["default"].as_str() {
                Some(value) => format!(" = {value}"),
                None => String::new(),
            };
            let name = text(parameter, "name");
            written.push(format!("{stars}{name}: {ty}{default}"));
        }
        if before == "positional_only" {
            written.push("/".to_owned());
        }
        written.join(", ")
    }

    /// Writes it.
    pub(super) fn define(&mut self, definition: Definition<'_>) {
        let Definition {
            is_async,
            name,
            decorators,
            bound,
            parameters,
            returns,
            doc,
            indent,
        } = definition;
        let space = " ".repeat(indent);
        for decorator in decorators {
            self.body.push_str(&format!("{space}{decorator}\n"));
        }
        let parameters = match bound {
            Some(bound) if parameters.is_empty() => bound.to_owned(),
            // Positional-only parameters come first.
            Some(bound) => format!("{bound}, {parameters}"),
            None => parameters,
        };
        let word = if is_async { "async def" } else { "def" };
        let head = format!("{space}{word} {name}({parameters}) -> {returns}:");
        if doc.is_empty() {
            self.body.push_str(&format!("{head} ...\n"));
        } else {
            self.body
                .push_str(&format!("{head}\n{}", docstring(doc, indent + 4)));
        }
    }
}
