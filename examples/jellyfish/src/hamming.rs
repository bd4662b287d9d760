//! Hamming's distance.

use crate::symbols::{Measure, Symbol};

pub struct Hamming;

impl Measure for Hamming {
    type Result = usize;

    fn of<S: Symbol>(a: &[S], b: &[S]) -> usize {
        let differing = a.iter().zip(b).filter(|(a, b)| a != b).count();
        differing + a.len().abs_diff(b.len())
    }
}
