//! What an editor reads in the emitted code: the user's names with their places, and doc comments.
//!
//! rust-analyzer takes a word of the source for every emitted word that has its place. So hover, go
//! to definition and completion are right if the words at a place are the user's own. Tried with
//! rust-analyzer itself, by hand: `docs/design/checks.md`.

use proc_macro2::{Ident, LineColumn, Span, TokenStream, TokenTree};
use std::collections::BTreeSet;

/// An expansion of source text.
struct Expansion {
    source: &'static str,
    emitted: TokenStream,
}

impl Expansion {
    fn of(source: &'static str, expand: impl FnOnce(TokenStream) -> TokenStream) -> Self {
        let tokens = source.parse().expect("it is Rust");
        let emitted = expand(tokens);
        Self { source, emitted }
    }

    /// The emitted words at the place of a word of the source, `nth` of its kind.
    fn words_at(&self, word: &str, nth: usize) -> BTreeSet<String> {
        let (at, _) = self
            .source
            .match_indices(word)
            .nth(nth)
            .expect("it is there");
        let before = &self.source[..at];
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count();
        let mut words = BTreeSet::new();
        collect(&self.emitted, LineColumn { line, column }, &mut words);
        words
    }

    /// The word itself is emitted at its place, and nothing else.
    #[track_caller]
    fn assert_alone(&self, word: &str, nth: usize) {
        assert_eq!(self.words_at(word, nth), BTreeSet::from([word.to_owned()]));
    }
}

fn collect(tokens: &TokenStream, at: LineColumn, words: &mut BTreeSet<String>) {
    for token in tokens.clone() {
        match token {
            TokenTree::Group(group) => collect(&group.stream(), at, words),
            TokenTree::Ident(word) if has_place(&word, at) => {
                words.insert(word.to_string());
            }
            _ => {}
        }
    }
}

fn has_place(word: &Ident, at: LineColumn) -> bool {
    // What the macros invent has no place of its own.
    let is_users = word.span().byte_range() != Span::call_site().byte_range();
    is_users && word.span().start() == at
}

const FUNCTION: &str = "
/// Adds.
#[cfg(unix)]
pub fn add(first: i64, second: i64) -> i64 {
    first.wrapping_add(second)
}
";

#[test]
fn a_function_keeps_its_places() {
    let expansion = Expansion::of(FUNCTION, |item| {
        crate::function::expand(TokenStream::new(), item)
    });
    expansion.assert_alone("add", 0);
    // Each parameter, and each use of one in the body.
    for nth in 0..2 {
        expansion.assert_alone("first", nth);
        expansion.assert_alone("second", nth);
    }
    expansion.assert_alone("wrapping_add", 0);
}

#[test]
fn a_functions_doc_comment_stands_at_what_modules_name() {
    let expansion = Expansion::of(FUNCTION, |item| {
        crate::function::expand(TokenStream::new(), item)
    });
    let emitted = expansion.emitted.to_string();
    let marker = emitted
        .find("struct add")
        .expect("the type of the function");
    let (function, of_marker) = emitted.split_at(emitted.find("pub fn add").unwrap_or_default());
    assert!(
        function.contains("Adds."),
        "above the function:\n{function}"
    );
    let of_marker = &of_marker[..marker - function.len()];
    assert!(of_marker.contains("Adds."), "above its type:\n{of_marker}");
}

#[test]
fn a_functions_keywords_keep_their_places() {
    let source = "mod functions {
        #[hpy_method]
        pub fn add(first: i64) -> i64 { first }
    }";
    let keywords = Ident::new("keywords", Span::call_site());
    let expansion = Expansion::of(source, |item| {
        crate::function::in_module::expand(&keywords, item).expect("it is in order")
    });
    for (word, nth) in [("functions", 0), ("add", 0), ("first", 0), ("first", 1)] {
        expansion.assert_alone(word, nth);
    }
}

#[test]
fn methods_and_fields_keep_their_places() {
    let source = "impl Point {
        /// How far it is.
        fn norm(&self, factor: f64) -> f64 {
            self.x.hypot(self.y) * factor
        }
        #[new]
        fn new(x: f64, y: f64) -> Self {
            Point { x, y }
        }
    }";
    let expansion = Expansion::of(source, |item| {
        crate::class::methods::expand(TokenStream::new(), item)
    });
    for word in ["norm", "factor", "hypot"] {
        expansion.assert_alone(word, 0);
    }
    // `self.x`: completion asks here.
    expansion.assert_alone("x", 0);
    assert!(expansion.emitted.to_string().contains("How far it is."));
}

#[test]
fn a_type_keeps_its_places() {
    let source = "
/// A point.
pub struct Point {
    /// To the right.
    #[hpy(get, set)]
    pub x: f64,
}";
    let expansion = Expansion::of(source, |item| {
        crate::class::expand(TokenStream::new(), item)
    });
    expansion.assert_alone("Point", 0);
    expansion.assert_alone("x", 0);
    let emitted = expansion.emitted.to_string();
    assert!(emitted.contains("A point.") && emitted.contains("To the right."));
}

#[test]
fn a_module_names_functions_and_types_alone() {
    let source = "name: shapes, types: [Point, inner::Line], methods: [area, inner::length]";
    let expansion = Expansion::of(source, crate::module::expand);
    // Other words at these places would be further definitions to go to, and would end completion.
    for word in ["Point", "Line", "area", "length"] {
        expansion.assert_alone(word, 0);
    }
}
