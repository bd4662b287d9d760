//! Jaccard's index: how much of what two sets have together they share.

use std::collections::HashSet;
use std::hash::Hash;

use hpy::ensure;
use hpy::exceptions::ValueError;
use hpy::prelude::*;

pub fn of_words(a: &str, b: &str) -> f64 {
    index(a.split_whitespace(), b.split_whitespace())
}

/// Of parts of so many characters, each beginning where the one before it ends.
pub fn of_parts(a: &str, b: &str, size: usize) -> Result<f64> {
    ensure!(size > 0, ValueError, "ngram_size must be positive");
    if a.is_ascii() && b.is_ascii() {
        return Ok(index(a.as_bytes().chunks(size), b.as_bytes().chunks(size)));
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    Ok(index(a.chunks(size), b.chunks(size)))
}

fn index<T: Eq + Hash>(a: impl Iterator<Item = T>, b: impl Iterator<Item = T>) -> f64 {
    let (a, b) = (a.collect::<HashSet<T>>(), b.collect::<HashSet<T>>());
    let shared = a.intersection(&b).count();
    match a.len() + b.len() - shared {
        0 => 0.0,
        together => shared as f64 / together as f64,
    }
}
