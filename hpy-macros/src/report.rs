//! Collects the errors of one macro call, so that the user sees all of them at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::parse::ParseStream;

/// The errors found so far.
#[derive(Default)]
pub struct Report {
    errors: Vec<syn::Error>,
}

impl Report {
    /// An error that underlines `tokens`.
    pub fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    /// An error at a span, for things without tokens.
    pub fn at_span(&mut self, span: Span, message: impl std::fmt::Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// Adds an error that a parser returned.
    pub fn take(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// Adds all errors of another report.
    pub fn merge(&mut self, other: Self) {
        self.errors.extend(other.errors);
    }

    /// Whether nothing was reported.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// How many were reported.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// One `compile_error!` per error, in the order they were found.
    pub fn into_tokens(self) -> TokenStream {
        self.errors
            .iter()
            .map(syn::Error::to_compile_error)
            .collect()
    }

    /// The messages, for tests.
    #[cfg(test)]
    pub fn messages(&self) -> Vec<String> {
        self.errors
            .iter()
            .flat_map(|error| error.clone().into_iter())
            .map(|error| error.to_string())
            .collect()
    }
}

/// An error at the next token, or at the end of the brackets if none is left.
pub fn error_here(input: ParseStream, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new(input.span(), message)
}

/// The entry of `known` that is most similar to `word`, if any is similar enough. For "did you
/// mean".
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let tolerance = word.chars().count() / 3 + 1;
    known
        .into_iter()
        .map(|candidate| (edits(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of characters to insert, remove or replace to turn `a` into `b`.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// `a`, `b` and `c`, each in backquotes.
pub fn quoted_list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_keep_their_order() {
        let mut report = Report::default();
        assert!(report.is_empty());
        report.at_span(Span::call_site(), "one");
        report.take(syn::Error::new(Span::call_site(), "two"));
        assert_eq!(report.messages(), ["one", "two"]);
        let tokens = report.into_tokens().to_string();
        assert!(tokens.find("one") < tokens.find("two"), "{tokens}");
        assert_eq!(tokens.matches("compile_error").count(), 2);
    }

    #[test]
    fn the_nearest_word_is_offered_only_when_near() {
        let keys = ["name", "methods", "constants"];
        assert_eq!(nearest("nmae", keys), Some("name"));
        assert_eq!(nearest("method", keys), Some("methods"));
        assert_eq!(nearest("zzz", keys), None);
    }

    #[test]
    fn lists_read_as_a_sentence() {
        assert_eq!(quoted_list([]), "");
        assert_eq!(quoted_list(["a"]), "`a`");
        assert_eq!(quoted_list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
