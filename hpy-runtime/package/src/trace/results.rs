//! What was counted, for Python.

use super::counters::{self, Block, COUNTERS, FIRST};
use super::{clock, context, functions};
use hpy::prelude::*;
use hpy::sys::{WORDS, Word, WordKind};
use std::collections::BTreeMap;

/// Calls and nanoseconds of each word from [`FIRST`] on.
type Sums = Vec<(u64, u64)>;

/// For each of an extension's functions: its name, its calls, its nanoseconds, and those of the
/// words that it called: name, calls, nanoseconds.
type OfFunction = (String, u64, u64, Vec<(&'static str, u64, u64)>);

/// Calls and nanoseconds of every word, in the order of `_function_names`.
#[hpy_method(name = "_trace_totals")]
pub(crate) fn trace_totals() -> Vec<(u64, u64)> {
    let mut sums = vec![(0, 0); COUNTERS];
    for block in counters::all() {
        add(&mut sums, block);
    }
    let calls = WORDS.iter().filter(|word| is_function(word));
    calls
        .map(|word| in_time(sums[word.index - FIRST]))
        .collect()
}

/// Each extension that was loaded in trace mode: its name, its path, and its functions. The times
/// of words are without the clock's own.
#[hpy_method(name = "_trace_results")]
pub(crate) fn trace_results() -> Vec<(String, String, Vec<OfFunction>)> {
    let mut by_function: BTreeMap<(usize, String), (u64, u64, Sums)> = BTreeMap::new();
    for block in counters::all() {
        let key = (block.key.extension, functions::name(block.key));
        let known = by_function.entry(key);
        let sums = known.or_insert_with(|| (0, 0, vec![(0, 0); COUNTERS]));
        let (calls, ticks) = block.own.read();
        sums.0 += calls;
        sums.1 += ticks;
        add(&mut sums.2, block);
    }
    let mut extensions: Vec<_> = context::extensions()
        .into_iter()
        .map(|(name, path)| (name, path, Vec::new()))
        .collect();
    for ((extension, name), (calls, ticks, sums)) in by_function {
        let words = WORDS.iter().filter(|word| is_function(word));
        let words = words.filter_map(|word| {
            let (calls, ticks) = sums[word.index - FIRST];
            let time = clock::nanoseconds(clock::without_cost(calls, ticks));
            (calls > 0).then_some((word.name, calls, time))
        });
        let function = (name, calls, clock::nanoseconds(ticks), words.collect());
        // Each context that counts is among the extensions.
        if let Some((_, _, functions)) = extensions.get_mut(extension) {
            functions.push(function);
        }
    }
    extensions
}

/// How many times a second the clock ticks, and how many nanoseconds of a call's time are its own.
#[hpy_method(name = "_trace_clock")]
pub(crate) fn trace_clock() -> (u64, u64) {
    (
        clock::frequency(),
        clock::nanoseconds(clock::cost().round() as u64),
    )
}

fn is_function(word: &Word) -> bool {
    !matches!(word.kind, WordKind::data | WordKind::new_data)
}

fn in_time((calls, ticks): (u64, u64)) -> (u64, u64) {
    (calls, clock::nanoseconds(ticks))
}

fn add(sums: &mut Sums, block: &Block) {
    for (word, (calls, ticks)) in block.words() {
        let sum = &mut sums[word - FIRST];
        sum.0 += calls;
        sum.1 += ticks;
    }
}
