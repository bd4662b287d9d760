//! How much a constraint matters.

use crate::number::Number;
use crate::simplex::REQUIRED;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// The strength of a constraint: a number, or one of four names. A wrong name is an error and no
/// reason for another operator, like a number that is too large.
pub struct Level(pub PyResult<f64>);

const STRONG: f64 = 1_000_000.0;
const MEDIUM: f64 = 1_000.0;
const WEAK: f64 = 1.0;

impl Level {
    fn of(number: f64) -> f64 {
        // What is no number at all counts as too large.
        if number.is_nan() {
            REQUIRED
        } else {
            number.clamp(0.0, REQUIRED)
        }
    }

    fn named(name: &str) -> PyResult<f64> {
        match name {
            "required" => Ok(REQUIRED),
            "strong" => Ok(STRONG),
            "medium" => Ok(MEDIUM),
            "weak" => Ok(WEAK),
            other => Err(PyValueError::new_err(format!(
                "{other:?} is no strength: it is 'required', 'strong', 'medium' or 'weak'"
            ))),
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for Level {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Level(match object.cast::<PyString>() {
            Ok(name) => name.to_str().and_then(Level::named),
            Err(_) => object.extract::<Number>()?.0.map(Level::of),
        }))
    }
}

/// The strengths that have names, and how others are made.
#[pyclass(frozen, module = "kiwisolver")]
pub struct Strength;

#[pymethods]
impl Strength {
    /// The weakest that has a name.
    #[getter]
    fn weak(&self) -> f64 {
        WEAK
    }

    #[getter]
    fn medium(&self) -> f64 {
        MEDIUM
    }

    #[getter]
    fn strong(&self) -> f64 {
        STRONG
    }

    /// Not to be violated.
    #[getter]
    fn required(&self) -> f64 {
        REQUIRED
    }

    /// A strength of so many strong, medium and weak ones, times a weight.
    #[pyo3(signature = (a, b, c, weight = Number(Ok(1.0)), /))]
    fn create(&self, a: Number, b: Number, c: Number, weight: Number) -> PyResult<f64> {
        let weight = weight.0?;
        let up_to_a_thousand = |count: f64| (count * weight).clamp(0.0, 1000.0);
        Ok(up_to_a_thousand(a.0?) * self.strong()
            + up_to_a_thousand(b.0?) * self.medium()
            + up_to_a_thousand(c.0?) * self.weak())
    }
}
