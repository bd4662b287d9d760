//! The rows of the benchmark with PyO3, as a user would write them.

use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySequence};

/// The rows of the benchmark.
#[pymodule]
mod rows_pyo3 {
    use super::*;

    /// Nothing.
    #[pyfunction]
    fn noargs() {}

    /// The argument.
    #[pyfunction]
    #[pyo3(signature = (x, /))]
    fn identity<'py>(x: Bound<'py, PyAny>) -> Bound<'py, PyAny> {
        x
    }

    /// a + b.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn add<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        a.add(b)
    }

    /// The sum of two integers of 64 bits.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn add_ints(a: i64, b: i64) -> PyResult<i64> {
        a.checked_add(b)
            .ok_or_else(|| PyOverflowError::new_err("the sum does not fit 64 bits"))
    }

    /// a + b + c.
    #[pyfunction]
    #[pyo3(signature = (a, b = 10, *, c = 20))]
    fn keywords(a: i64, b: i64, c: i64) -> i64 {
        a.wrapping_add(b).wrapping_add(c)
    }

    /// The number of bytes in UTF-8.
    #[pyfunction]
    #[pyo3(signature = (text, /))]
    fn str_len(text: &str) -> usize {
        text.len()
    }

    /// A text.
    #[pyfunction]
    fn str_made() -> &'static str {
        "a text of some thirty letters"
    }

    /// The sum of a list of integers.
    #[pyfunction]
    #[pyo3(signature = (items, /))]
    fn list_sum(items: &Bound<'_, PyList>) -> PyResult<i64> {
        let mut sum = 0i64;
        for item in items.iter() {
            sum = sum.wrapping_add(item.extract()?);
        }
        Ok(sum)
    }

    /// The sum of a sequence of integers.
    #[pyfunction]
    #[pyo3(signature = (items, /))]
    fn sequence_sum(items: &Bound<'_, PySequence>) -> PyResult<i64> {
        let mut sum = 0i64;
        for index in 0..items.len()? {
            sum = sum.wrapping_add(items.get_item(index)?.extract()?);
        }
        Ok(sum)
    }

    /// x.real, by a name that is kept.
    #[pyfunction]
    #[pyo3(signature = (x, /))]
    fn attribute<'py>(x: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        x.getattr(pyo3::intern!(x.py(), "real"))
    }

    /// A dict of so many ints.
    #[pyfunction]
    #[pyo3(signature = (count, /))]
    fn dict_made(py: Python<'_>, count: i64) -> PyResult<Bound<'_, PyDict>> {
        let dict = PyDict::new(py);
        for key in 0..count {
            dict.set_item(key, key + 1000)?;
        }
        Ok(dict)
    }

    /// function(x).
    #[pyfunction]
    #[pyo3(signature = (function, x, /))]
    fn call_back<'py>(
        function: &Bound<'py, PyAny>,
        x: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        function.call1((x,))
    }
}
