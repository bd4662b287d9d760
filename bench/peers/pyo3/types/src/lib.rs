//! PyO3's rows of the benchmark about types and lists of numbers, as a user would write them.

use pyo3::prelude::*;
use pyo3::types::PyList;

/// The rows of the benchmark about types.
#[pymodule]
mod types_pyo3 {
    use super::*;

    /// A point in the plane.
    #[pyclass(subclass)]
    struct Point {
        /// To the right.
        #[pyo3(get, set)]
        x: f64,
        /// Up.
        #[pyo3(get, set)]
        y: f64,
    }

    #[pymethods]
    impl Point {
        #[new]
        fn new(x: f64, y: f64) -> Self {
            Point { x, y }
        }

        /// The square of its distance.
        #[getter]
        fn squared(&self) -> f64 {
            self.x * self.x + self.y * self.y
        }

        /// The square of its distance.
        fn square(&self) -> f64 {
            self.squared()
        }

        /// The product with another.
        #[pyo3(signature = (other, /))]
        fn dot(&self, other: PyRef<'_, Point>) -> f64 {
            self.x * other.x + self.y * other.y
        }

        /// Moves it.
        #[pyo3(signature = (dx, dy, /))]
        fn shift(&mut self, dx: f64, dy: f64) {
            self.x += dx;
            self.y += dy;
        }

        fn __add__(&self, other: PyRef<'_, Point>) -> Point {
            Point {
                x: self.x + other.x,
                y: self.y + other.y,
            }
        }

        #[pyo3(signature = (x, /))]
        fn __call__(&self, x: f64) -> f64 {
            self.x * x + self.y
        }
    }

    /// The sum of a list of floats.
    #[pyfunction]
    #[pyo3(signature = (numbers, /))]
    fn sum_floats(numbers: Vec<f64>) -> f64 {
        numbers.iter().sum()
    }

    /// The sum of a list of ints.
    #[pyfunction]
    #[pyo3(signature = (numbers, /))]
    fn sum_ints(numbers: Vec<i64>) -> i64 {
        numbers.iter().fold(0, |sum, item| sum.wrapping_add(*item))
    }

    /// Changes the signs in a list of floats.
    #[pyfunction]
    #[pyo3(signature = (numbers, /))]
    fn negate(numbers: &Bound<'_, PyList>) -> PyResult<()> {
        let values: Vec<f64> = numbers.extract()?;
        for (index, value) in values.iter().enumerate() {
            numbers.set_item(index, -value)?;
        }
        Ok(())
    }
}
