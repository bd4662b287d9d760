use hpy::exceptions::ValueError;
use hpy::prelude::*;
use std::collections::HashMap;
use std::thread::{self, Builder, ScopedJoinHandle};

/// Words and how often each occurs, borrowed from the text.
type Counts<'a> = HashMap<&'a str, usize>;

/// The words of a text: letters, digits and `_` in a row.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
}

fn count_words(text: &str) -> Counts<'_> {
    let mut counts = Counts::new();
    for word in words(text) {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// About `parts` pieces of equal size, none of which begins or ends within a word.
fn pieces(text: &str, parts: usize) -> Vec<&str> {
    let size = text.len().div_ceil(parts).max(1);
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest
            .char_indices()
            .find(|(place, letter)| *place >= size && letter.is_whitespace())
            .map_or(rest.len(), |(place, _)| place);
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// How often each word occurs.
#[hpy_method]
fn count(text: &str) -> Counts<'_> {
    count_words(text)
}

/// The same, with threads of its own, while other threads use Python.
#[hpy_method(signature = (text, /, *, threads = 2))]
fn count_parallel<'a>(ctx: Context<'_>, text: &'a str, threads: usize) -> Result<Counts<'a>> {
    if !(1..=64).contains(&threads) {
        return Err(ValueError::new(format!(
            "threads must be 1 to 64, not {threads}"
        )));
    }
    // What comes back can't borrow from the text: it goes as words' places.
    let totals = ctx.detach_with(text, move |text| {
        thread::scope(|scope| {
            let workers: Vec<_> = pieces(text, threads)
                .into_iter()
                .map(|piece| {
                    let count = move || count_words(piece);
                    // Where the system has no thread left, the piece is counted here.
                    Builder::new()
                        .spawn_scoped(scope, count)
                        .map_err(|_| count())
                })
                .collect();
            let mut totals = Counts::new();
            for worker in workers {
                let counts = match worker.map(ScopedJoinHandle::join) {
                    Ok(Ok(counts)) | Err(counts) => counts,
                    Ok(Err(panic)) => std::panic::resume_unwind(panic),
                };
                for (word, count) in counts {
                    *totals.entry(word).or_default() += count;
                }
            }
            let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
            let places = totals
                .into_iter()
                .map(|(word, count)| (place(word), word.len(), count));
            places.collect::<Vec<_>>()
        })
    });
    Ok(totals
        .into_iter()
        .map(|(start, len, count)| (&text[start..start + len], count))
        .collect())
}

/// Counts the words while other threads use Python. The text goes along and is not kept.
#[hpy_method]
fn total(ctx: Context<'_>, text: String) -> usize {
    ctx.detach(move || words(&text).count())
}

hpy_module! {
    /// Counts words, also in parallel.
    name: wordcount,
    methods: [count, count_parallel, total],
}
