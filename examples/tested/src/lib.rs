//! An extension with tests in Rust that run in a Python interpreter: `cargo test`.

use hpy::exceptions::ValueError;
use hpy::prelude::*;

/// The words of a text that are no stop words, in lower case. `is_stop` is asked for each.
#[hpy_method(signature = (text, is_stop = None))]
fn words<'ctx>(text: &str, is_stop: Option<&Handle<'ctx>>) -> Result<Vec<String>> {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let word = word.to_lowercase();
        let stops = match is_stop {
            Some(is_stop) => is_stop.call1((word.as_str(),))?.is_truthy()?,
            None => false,
        };
        if !stops {
            words.push(word);
        }
    }
    Ok(words)
}

/// How long the words of a list are on average.
#[hpy_method]
fn mean_length(words: Vec<String>) -> Result<f64> {
    if words.is_empty() {
        return Err(ValueError::new("there are no words"));
    }
    let letters: usize = words.iter().map(|word| word.chars().count()).sum();
    Ok(letters as f64 / words.len() as f64)
}

hpy_module! {
    /// Statistics of words.
    name: tested,
    methods: [words, mean_length],
}

#[cfg(test)]
mod tests;
