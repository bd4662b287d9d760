//! Numbers as kiwisolver takes them: floats and ints, and nothing that could be made one.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt};

/// A float or an int. An array of numpy's has `__float__` too, and is left to its own operators.
///
/// An operator takes an argument that cannot be extracted for one that it does not support. An int
/// that is too large is an error, so it is kept until the number is needed.
pub struct Number(pub PyResult<f64>);

impl<'py> FromPyObject<'_, 'py> for Number {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if object.is_instance_of::<PyFloat>() || object.is_instance_of::<PyInt>() {
            return Ok(Number(object.extract()));
        }
        Err(PyTypeError::new_err(format!(
            "must be float or int, not {}",
            object.get_type().name()?
        )))
    }
}
