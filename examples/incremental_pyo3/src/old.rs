//! The extension as it was before: nothing here knows of hpy. Only `submodule` is new. It leaves
//! out the symbol that the import looks for.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Words of a text.
#[pyclass]
pub struct Words {
    pub words: Vec<String>,
}

#[pymethods]
impl Words {
    #[new]
    fn new(text: &str) -> Self {
        let words = text.split_whitespace().map(str::to_owned).collect();
        Words { words }
    }

    fn add(&mut self, word: String) {
        self.words.push(word);
    }

    /// Calls a function while nobody else may look at the words.
    fn while_in_use(&mut self, function: &Bound<'_, PyAny>) -> PyResult<()> {
        function.call0()?;
        Ok(())
    }

    fn __repr__(&self) -> String {
        format!("Words({:?})", self.words.join(" "))
    }
}

/// All that there was.
#[pymodule(submodule)]
pub mod words_old {
    #[pymodule_export]
    use super::{Words, count, joined, longest, upper};
}

/// What is left in the end.
#[pymodule(submodule)]
pub mod words_left {
    #[pymodule_export]
    use super::{Words, joined};
}

/// How many words there are.
#[pyfunction]
#[pyo3(signature = (words, /))]
fn count(words: PyRef<'_, Words>) -> usize {
    words.words.len()
}

/// The longest word; ValueError if there is none.
#[pyfunction]
#[pyo3(signature = (words, /))]
fn longest(words: PyRef<'_, Words>) -> PyResult<String> {
    let longest = words.words.iter().max_by_key(|word| word.len());
    longest
        .cloned()
        .ok_or_else(|| PyValueError::new_err("there are no words"))
}

/// The same words in capitals.
#[pyfunction]
#[pyo3(signature = (words, /))]
fn upper(words: PyRef<'_, Words>) -> Words {
    let words = words.words.iter().map(|word| word.to_uppercase()).collect();
    Words { words }
}

/// The words with something between them.
#[pyfunction]
#[pyo3(signature = (words, between = " "))]
fn joined(words: PyRef<'_, Words>, between: &str) -> String {
    words.words.join(between)
}
