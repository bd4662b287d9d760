//! Jaro's similarity, and Winkler's changes to it.

use crate::symbols::{Measure, Symbol};

pub struct Jaro;
pub struct Winkler;
pub struct TolerantWinkler;

impl Measure for Jaro {
    type Result = f64;

    fn of<S: Symbol>(a: &[S], b: &[S]) -> f64 {
        jaro(a, b).0
    }
}

impl Measure for Winkler {
    type Result = f64;

    fn of<S: Symbol>(a: &[S], b: &[S]) -> f64 {
        winkler(a, b, false)
    }
}

impl Measure for TolerantWinkler {
    type Result = f64;

    fn of<S: Symbol>(a: &[S], b: &[S]) -> f64 {
        winkler(a, b, true)
    }
}

/// The similarity, and how many symbols are common.
fn jaro<S: Symbol>(a: &[S], b: &[S]) -> (f64, usize) {
    if a.is_empty() || b.is_empty() {
        return (0.0, 0);
    }
    let (common, differing) = if b.len() <= 64 {
        common_in_one_word(a, b)
    } else {
        common(a, b)
    };
    if common == 0 {
        return (0.0, 0);
    }
    let transpositions = (differing / 2) as f64;
    let count = common as f64;
    let shares = count / a.len() as f64 + count / b.len() as f64 + (count - transpositions) / count;
    (shares / 3.0, common)
}

/// How far from each other equal symbols are common.
fn reach(a: usize, b: usize) -> usize {
    (a.max(b) / 2).saturating_sub(1)
}

/// How many symbols are common, and how many of them are others in the other order. `b` has at most
/// 64 symbols.
fn common_in_one_word<S: Symbol>(a: &[S], b: &[S]) -> (usize, usize) {
    let reach = reach(a.len(), b.len());
    let mut taken = 0u64;
    let mut found = [None; 64];
    let mut count = 0;
    for (place, symbol) in a.iter().enumerate() {
        let start = place.saturating_sub(reach);
        let end = (place + reach + 1).min(b.len());
        let Some(window) = b.get(start..end) else {
            break;
        };
        let free = |(other, candidate): (usize, &S)| {
            candidate == symbol && taken & (1 << (start + other)) == 0
        };
        if let Some(other) = window.iter().enumerate().position(free) {
            taken |= 1 << (start + other);
            found[count] = Some(*symbol);
            count += 1;
        }
    }
    let others = b
        .iter()
        .enumerate()
        .filter(|(place, _)| taken & (1 << place) != 0);
    let differing = others.zip(&found).filter(|((_, b), a)| Some(**b) != **a);
    (count, differing.count())
}

/// The same for any length.
fn common<S: Symbol>(a: &[S], b: &[S]) -> (usize, usize) {
    let reach = reach(a.len(), b.len());
    let mut taken = vec![false; b.len()];
    let mut found = Vec::with_capacity(b.len());
    for (place, symbol) in a.iter().enumerate() {
        let start = place.saturating_sub(reach);
        let end = (place + reach + 1).min(b.len());
        let Some(window) = b.get(start..end) else {
            break;
        };
        let mut candidates = window.iter().zip(&mut taken[start..end]);
        if let Some((_, taken)) = candidates.find(|(other, taken)| *other == symbol && !**taken) {
            *taken = true;
            found.push(*symbol);
        }
    }
    let others = b.iter().zip(&taken).filter(|(_, taken)| **taken);
    let differing = others.zip(&found).filter(|((b, _), a)| b != a);
    (found.len(), differing.count())
}

/// As in Winkler's strcmp95: from 0.7 on, each of up to four equal symbols at the start takes a
/// tenth of what is missing.
fn winkler<S: Symbol>(a: &[S], b: &[S], is_tolerant: bool) -> f64 {
    let (weight, common) = jaro(a, b);
    if weight <= 0.7 {
        return weight;
    }
    let same = a.iter().zip(b).take(4).take_while(|(a, b)| a == b).count();
    let weight = weight + same as f64 * 0.1 * (1.0 - weight);
    let shorter = a.len().min(b.len());
    let is_long = shorter > 4 && common > same + 1 && 2 * common >= shorter + same;
    if !(is_tolerant && is_long) {
        return weight;
    }
    let rest = (common - same - 1) as f64 / (a.len() + b.len() - 2 * same + 2) as f64;
    weight + (1.0 - weight) * rest
}
