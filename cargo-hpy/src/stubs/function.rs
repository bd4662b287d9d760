//! Functions and methods.

use serde_json::Value;

use super::library::{list, text};
use super::module::Stub;

/// One function, as it is to be written.
pub(super) struct Definition<'a> {
    pub(super) name: &'a str,
    /// `@staticmethod` and the like.
    pub(super) decorators: Vec<String>,
    /// What stands before the parameters: `self`.
    pub(super) bound: Option<&'a str>,
    pub(super) parameters: String,
    pub(super) returns: String,
    pub(super) doc: &'a str,
    pub(super) indent: usize,
}

impl Stub<'_> {
    /// A function of the module.
    pub(super) fn function(&mut self, function: &Value) {
        let definition = Definition {
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
            // What is given by position only is so from the first on.
            Some(bound) => format!("{bound}, {parameters}"),
            None => parameters,
        };
        let head = format!("{space}def {name}({parameters}) -> {returns}:");
        if doc.is_empty() {
            self.body.push_str(&format!("{head} ...\n"));
        } else {
            self.body
                .push_str(&format!("{head}\n{}", docstring(doc, indent + 4)));
        }
    }
}

/// A docstring on lines of its own.
pub(super) fn docstring(doc: &str, indent: usize) -> String {
    let space = " ".repeat(indent);
    // Of each three quotes in a row the last is escaped, however long the row is.
    let escaped = doc.replace('\\', "\\\\").replace("\"\"\"", "\"\"\\\"");
    let first = doc.lines().next().unwrap_or_default();
    let last_quotes = first.len() - first.trim_end_matches('"').len();
    let mut lines = escaped.lines();
    let mut written = format!("{space}\"\"\"{}", lines.next().unwrap_or_default());
    let mut is_long = false;
    for line in lines {
        is_long = true;
        written.push('\n');
        if !line.is_empty() {
            written.push_str(&space);
            written.push_str(line);
        }
    }
    if is_long {
        written.push('\n');
        written.push_str(&space);
    } else if !last_quotes.is_multiple_of(3) {
        // The quote would be one of the closing three.
        written.pop();
        written.push_str("\\\"");
    }
    written.push_str("\"\"\"\n");
    written
}

/// Text as Python writes it.
pub(super) fn literal(text: &str) -> String {
    let mut written = String::from("'");
    for one in text.chars() {
        match one {
            '\'' | '\\' => written.extend(['\\', one]),
            '\n' => written.push_str("\\n"),
            one if one.is_control() => written.push_str(&format!("\\x{:02x}", u32::from(one))),
            one => written.push(one),
        }
    }
    written.push('\'');
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docstrings_are_on_lines_of_their_own() {
        assert_eq!(docstring("One.", 2), "  \"\"\"One.\"\"\"\n");
        assert_eq!(docstring("Say \"it\"", 0), "\"\"\"Say \"it\\\"\"\"\"\n");
        assert_eq!(
            docstring("One\n\ntwo \\ \"\"\"", 2),
            "  \"\"\"One\n\n  two \\\\ \"\"\\\"\n  \"\"\"\n"
        );
        assert_eq!(docstring("\"it\"\n", 0), "\"\"\"\"it\\\"\"\"\"\n");
        // Rows of quotes of any length, where none of three ends it.
        for (count, expected) in [
            (2, r#""\""#),
            (3, r#"""\""#),
            (4, r#"""\"\""#),
            (5, r#"""\""\""#),
            (6, r#"""\"""\""#),
        ] {
            let quotes = "\"".repeat(count);
            assert_eq!(docstring(&quotes, 0), format!("\"\"\"{expected}\"\"\"\n"));
        }
    }

    #[test]
    fn text_is_quoted_as_python_quotes_it() {
        assert_eq!(literal("it's\n\u{1}"), r"'it\'s\n\x01'");
    }
}
