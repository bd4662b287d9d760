//! Distances that count edits.

use std::collections::BTreeMap;

use crate::symbols::{Measure, Symbol};

/// Insertions, deletions and replacements.
pub struct Levenshtein;

impl Measure for Levenshtein {
    type Result = usize;

    fn of<S: Symbol>(a: &[S], b: &[S]) -> usize {
        let (a, b) = without_common_ends(a, b);
        let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
        if short.is_empty() {
            long.len()
        } else if short.len() <= 64 && long.iter().all(|symbol| (*symbol).into() < 128) {
            in_one_word(short, long)
        } else {
            by_rows(short, long)
        }
    }
}

/// Equal symbols at both ends cost nothing.
fn without_common_ends<'a, S: Symbol>(a: &'a [S], b: &'a [S]) -> (&'a [S], &'a [S]) {
    let same = |(a, b): &(&S, &S)| a == b;
    let start = a.iter().zip(b).take_while(same).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(same).count();
    (&a[..a.len() - end], &b[..b.len() - end])
}

/// Myers' algorithm: a column of differences is two words of bits. `short` has 1 to 64 symbols.
fn in_one_word<S: Symbol>(short: &[S], long: &[S]) -> usize {
    let mut places = [0u64; 128];
    for (place, symbol) in short.iter().enumerate() {
        // What is not in the table is not in `long` either.
        if let Some(places) = places.get_mut((*symbol).into() as usize) {
            *places |= 1 << place;
        }
    }
    let last = 1 << (short.len() - 1);
    let (mut up, mut down) = (u64::MAX, 0u64);
    let mut distance = short.len();
    for symbol in long {
        let equal = places[(*symbol).into() as usize];
        let diagonal = (((equal & up).wrapping_add(up)) ^ up) | equal | down;
        let (right, left) = (down | !(diagonal | up), up & diagonal);
        distance += usize::from(right & last != 0);
        distance -= usize::from(left & last != 0);
        let right = (right << 1) | 1;
        down = right & diagonal;
        up = (left << 1) | !(diagonal | right);
    }
    distance
}

/// Wagner's and Fischer's algorithm, one row at a time.
fn by_rows<S: Symbol>(short: &[S], long: &[S]) -> usize {
    let mut row: Vec<usize> = (0..=short.len()).collect();
    for (above, wanted) in long.iter().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        row[0] = left;
        for (cell, symbol) in row[1..].iter_mut().zip(short) {
            let replaced = diagonal + usize::from(symbol != wanted);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row[short.len()]
}

/// Swaps of neighbours too, whatever is done to them after it.
pub struct Damerau;

impl Measure for Damerau {
    type Result = usize;

    fn of<S: Symbol>(a: &[S], b: &[S]) -> usize {
        let (a, b) = without_common_ends(a, b);
        if a.is_empty() || b.is_empty() {
            return a.len() + b.len();
        }
        if b.iter().all(|symbol| (*symbol).into() < 128) {
            return swaps(a, b, LastRows::Few([0; 128]));
        }
        swaps(a, b, LastRows::Many(BTreeMap::new()))
    }
}

/// The last row, counted from 1, that had a symbol.
// It is made once in a call, on the stack.
#[allow(clippy::large_enum_variant)]
enum LastRows {
    Few([usize; 128]),
    Many(BTreeMap<u32, usize>),
}

impl LastRows {
    fn get(&self, symbol: u32) -> usize {
        match self {
            Self::Few(rows) => rows[symbol as usize],
            Self::Many(rows) => rows.get(&symbol).copied().unwrap_or(0),
        }
    }

    fn set(&mut self, symbol: u32, row: usize) {
        match self {
            // Nobody asks for what is not in the table.
            Self::Few(rows) => {
                if let Some(place) = rows.get_mut(symbol as usize) {
                    *place = row;
                }
            }
            Self::Many(rows) => {
                rows.insert(symbol, row);
            }
        }
    }
}

/// Lowrance's and Wagner's algorithm. The table has a border of what is never the least.
fn swaps<S: Symbol>(a: &[S], b: &[S], mut last_rows: LastRows) -> usize {
    let width = b.len() + 2;
    let never = a.len() + b.len();
    let mut table = vec![never; (a.len() + 2) * width];
    for (column, cell) in table[width + 1..2 * width].iter_mut().enumerate() {
        *cell = column;
    }
    for (row, wanted) in (1..).zip(a) {
        let start = (row + 1) * width;
        table[start + 1] = row;
        let mut last_column = 0;
        for (column, symbol) in (1..).zip(b) {
            let place = start + column + 1;
            let (above, diagonal) = (table[place - width], table[place - width - 1]);
            let is_equal = symbol == wanted;
            let mut best = (diagonal + usize::from(!is_equal))
                .min(above + 1)
                .min(table[place - 1] + 1);
            let last_row = last_rows.get((*symbol).into());
            if last_row > 0 && last_column > 0 {
                let between = (row - last_row - 1) + (column - last_column - 1);
                best = best.min(table[last_row * width + last_column] + between + 1);
            }
            table[place] = best;
            if is_equal {
                last_column = column;
            }
        }
        last_rows.set((*wanted).into(), row);
    }
    table[table.len() - 1]
}
