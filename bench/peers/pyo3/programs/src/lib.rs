//! The nodes and arrays of the benchmark's programs with PyO3, as a user would write them.

use pyo3::prelude::*;

/// The nodes and arrays of the benchmark's programs.
#[pymodule]
mod programs_pyo3 {
    use super::*;
    use pyo3::exceptions::{PyIndexError, PyValueError};
    use pyo3::{PyTraverseError, PyVisit};

    /// A node of a binary tree.
    #[pyclass]
    struct Node {
        /// On the left, or None.
        #[pyo3(get)]
        left: Option<Py<PyAny>>,
        /// On the right, or None.
        #[pyo3(get)]
        right: Option<Py<PyAny>>,
    }

    #[pymethods]
    impl Node {
        #[new]
        fn new(left: Option<Py<PyAny>>, right: Option<Py<PyAny>>) -> Self {
            Node { left, right }
        }

        fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
            visit.call(&self.left)?;
            visit.call(&self.right)
        }

        fn __clear__(&mut self) {
            self.left = None;
            self.right = None;
        }
    }

    /// A row of floats.
    #[pyclass]
    struct Array {
        data: Vec<f64>,
    }

    #[pymethods]
    impl Array {
        fn __len__(&self) -> usize {
            self.data.len()
        }

        fn __getitem__(&self, index: usize) -> PyResult<f64> {
            self.data.get(index).copied().ok_or_else(out_of_range)
        }

        fn __setitem__(&mut self, index: usize, value: f64) -> PyResult<()> {
            *self.data.get_mut(index).ok_or_else(out_of_range)? = value;
            Ok(())
        }

        fn __add__(&self, other: PyRef<'_, Array>) -> PyResult<Array> {
            if self.data.len() != other.data.len() {
                return Err(PyValueError::new_err("the arrays have other lengths"));
            }
            let pairs = self.data.iter().zip(&other.data);
            Ok(Array {
                data: pairs.map(|(a, b)| a + b).collect(),
            })
        }

        fn __mul__(&self, factor: f64) -> Array {
            Array {
                data: self.data.iter().map(|a| a * factor).collect(),
            }
        }
    }

    #[cold]
    fn out_of_range() -> PyErr {
        PyIndexError::new_err("index out of range")
    }

    /// An array of so many zeros.
    #[pyfunction]
    #[pyo3(signature = (count, /))]
    fn zeros(count: u32) -> Array {
        Array {
            data: vec![0.0; count as usize],
        }
    }
}
