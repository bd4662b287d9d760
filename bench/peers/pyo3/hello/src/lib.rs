//! The example hello with PyO3: to compare the time of a cold build, and the size.

use pyo3::exceptions::{PyOverflowError, PyValueError, PyZeroDivisionError};
use pyo3::prelude::*;

/// How often `greet` greets at most.
const MOST: i64 = 1000;

/// The four calling conventions.
#[pymodule]
mod hello_pyo3 {
    use super::*;

    /// The shortest greeting.
    #[pyfunction]
    fn hello() -> &'static str {
        "Hello!"
    }

    /// Twice the integer.
    #[pyfunction]
    #[pyo3(signature = (x, /))]
    fn double(x: i64) -> PyResult<i64> {
        x.checked_mul(2)
            .ok_or_else(|| PyOverflowError::new_err("the double does not fit 64 bits"))
    }

    /// a / b, of floats.
    #[pyfunction]
    #[pyo3(signature = (a, b, /))]
    fn divide(a: f64, b: f64) -> PyResult<f64> {
        if b == 0.0 {
            return Err(PyZeroDivisionError::new_err("division by zero"));
        }
        Ok(a / b)
    }

    /// Greets, once or more often.
    #[pyfunction]
    #[pyo3(signature = (name, /, times = 1, *, end = "!"))]
    fn greet(name: &str, times: i64, end: &str) -> PyResult<String> {
        if !(0..=MOST).contains(&times) {
            return Err(PyValueError::new_err(format!(
                "times must be 0 to {MOST}, not {times}"
            )));
        }
        let greeting = format!("Hello, {name}{end}");
        Ok(vec![greeting; times as usize].join(" "))
    }

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("MOST", MOST)
    }
}
