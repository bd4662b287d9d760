//! A drop-in for PyPI's jellyfish: approximate and phonetic matching of strings.

#![forbid(unsafe_code)]

mod codes;
mod edits;
mod hamming;
mod jaccard;
mod jaro;
mod symbols;

use hpy::exceptions::ValueError;
use hpy::prelude::*;

/// How many insertions, deletions and replacements turn one string into the other.
#[hpy_method(keywords)]
fn levenshtein_distance(a: &str, b: &str) -> usize {
    symbols::compare::<edits::Levenshtein>(a, b)
}

/// The same, where a swap of two neighbours is one edit as well.
#[hpy_method(keywords)]
fn damerau_levenshtein_distance(a: &str, b: &str) -> usize {
    symbols::compare::<edits::Damerau>(a, b)
}

/// In how many places two strings differ. What the longer one has more counts too.
#[hpy_method(keywords)]
fn hamming_distance(a: &str, b: &str) -> usize {
    symbols::compare::<hamming::Hamming>(a, b)
}

/// The share of words that two strings have in common, or of parts of `ngram_size` letters.
#[hpy_method(signature = (a, b, ngram_size = None))]
fn jaccard_similarity(a: &str, b: &str, ngram_size: Option<usize>) -> Result<f64> {
    match ngram_size {
        Some(size) => jaccard::of_parts(a, b, size),
        None => Ok(jaccard::of_words(a, b)),
    }
}

/// From 0, for strings with nothing in common, to 1 for equal ones.
#[hpy_method(keywords)]
fn jaro_similarity(a: &str, b: &str) -> f64 {
    symbols::compare::<jaro::Jaro>(a, b)
}

/// Jaro's similarity, more for strings that begin alike, and for long ones if asked for.
#[hpy_method(signature = (a, b, long_tolerance = None))]
fn jaro_winkler_similarity(a: &str, b: &str, long_tolerance: Option<bool>) -> f64 {
    if long_tolerance == Some(true) {
        symbols::compare::<jaro::TolerantWinkler>(a, b)
    } else {
        symbols::compare::<jaro::Winkler>(a, b)
    }
}

/// The code of a name by the match rating approach.
#[hpy_method(keywords)]
fn match_rating_codex(a: &str) -> Result<String> {
    codes::match_rating::codex(a)
        .ok_or_else(|| ValueError::new("strings must only contain letters and spaces"))
}

/// Whether two names sound alike by the match rating approach. None if they cannot be compared.
#[hpy_method(keywords)]
fn match_rating_comparison(a: &str, b: &str) -> Option<bool> {
    codes::match_rating::comparison(a, b)
}

/// The code of a name by NYSIIS.
#[hpy_method(keywords)]
fn nysiis(a: &str) -> String {
    codes::nysiis::code(a)
}

/// The code of a name by American Soundex.
#[hpy_method(keywords)]
fn soundex(a: &str) -> String {
    codes::soundex::code(a)
}

/// The code of words by Metaphone.
#[hpy_method(keywords)]
fn metaphone(a: &str) -> String {
    codes::metaphone::code(a)
}

hpy_module! {
    /// The functions of jellyfish.
    name: _rustyfish,
    methods: [
        levenshtein_distance,
        damerau_levenshtein_distance,
        hamming_distance,
        jaccard_similarity,
        jaro_similarity,
        jaro_winkler_similarity,
        match_rating_codex,
        match_rating_comparison,
        nysiis,
        soundex,
        metaphone,
    ],
}
