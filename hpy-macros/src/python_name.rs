//! Which names Python code can write.

use proc_macro2::Ident;

/// Python's reserved words (the soft ones, `match`, `case`, `type` and `_`, are ordinary names).
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

/// Names of Rust's primitive types: a type of the same name would hide them.
const PRIMITIVES: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// The name of a Rust identifier without `r#`.
pub fn of_ident(ident: &Ident) -> String {
    let name = ident.to_string();
    match name.strip_prefix("r#") {
        Some(plain) => plain.to_owned(),
        None => name,
    }
}

/// Why `name` is not a valid name in Python.
pub fn problem(name: &str) -> Option<String> {
    if KEYWORDS.contains(&name) {
        return Some(format!("`{name}` is a keyword of Python"));
    }
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c == '_' || c.is_alphabetic());
    if !starts || !chars.all(|c| c == '_' || c.is_alphanumeric()) {
        return Some(format!(
            "`{}` is not an identifier of Python",
            name.escape_debug()
        ));
    }
    None
}

/// Whether Rust has a primitive type of this name.
pub fn is_rust_primitive(name: &str) -> bool {
    PRIMITIVES.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::format_ident;

    #[test]
    fn keywords_and_odd_spellings_are_refused() {
        for name in ["add", "_", "_x1", "match", "type", "größe"] {
            assert_eq!(problem(name), None, "{name}");
        }
        assert_eq!(
            problem("lambda").unwrap(),
            "`lambda` is a keyword of Python"
        );
        for name in ["", "1a", "a-b", "a b", "a.b"] {
            assert_eq!(
                problem(name).unwrap(),
                format!("`{name}` is not an identifier of Python")
            );
        }
        assert_eq!(
            problem("a\0").unwrap(),
            "`a\\0` is not an identifier of Python"
        );
    }

    #[test]
    fn raw_identifiers_lose_their_prefix() {
        assert_eq!(of_ident(&format_ident!("r#type")), "type");
        assert_eq!(of_ident(&format_ident!("add")), "add");
    }
}
