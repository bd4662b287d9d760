//! Constraints: what a solver shall see to.

use crate::digits::Digits;
use crate::expression::Expression;
use crate::simplex::{REQUIRED, Relation};
use crate::strength::Level;
use crate::sum::Sum;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::sync::atomic::{AtomicU64, Ordering};

/// An expression that shall be zero, or at least or at most zero.
#[pyclass(frozen, subclass, module = "kiwisolver")]
pub struct Constraint {
    pub expression: Py<Expression>,
    /// No other constraint has it.
    pub id: u64,
    pub relation: Relation,
    pub strength: f64,
}

impl Constraint {
    pub fn of(py: Python<'_>, sum: Sum, relation: Relation, strength: f64) -> PyResult<Self> {
        let sum = sum.reduced();
        let expression = Py::new(py, Expression { sum })?;
        Ok(Constraint::new_with(expression, relation, strength))
    }

    fn new_with(expression: Py<Expression>, relation: Relation, strength: f64) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Constraint {
            expression,
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            relation,
            strength,
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for Relation {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(match object.extract()? {
            "==" => Relation::Equal,
            "<=" => Relation::AtMost,
            ">=" => Relation::AtLeast,
            other => {
                return Err(PyValueError::new_err(format!(
                    "{other:?} is no relational operator: it is '==', '<=' or '>='"
                )));
            }
        })
    }
}

#[pymethods]
impl Constraint {
    #[new]
    #[pyo3(signature = (expression, op, strength = Level(Ok(REQUIRED))))]
    fn new(expression: &Bound<'_, Expression>, op: Relation, strength: Level) -> PyResult<Self> {
        let py = expression.py();
        let sum = expression.get().sum.times(py, 1.0);
        Constraint::of(py, sum, op, strength.0?)
    }

    /// What is compared with zero.
    fn expression(&self, py: Python<'_>) -> Py<Expression> {
        self.expression.clone_ref(py)
    }

    /// How it is compared: `==`, `<=` or `>=`.
    fn op(&self) -> &'static str {
        self.relation.name()
    }

    /// How much it matters.
    fn strength(&self) -> f64 {
        self.strength
    }

    /// Whether the variables' values contradict it.
    fn violated(&self, py: Python<'_>) -> PyResult<bool> {
        let value = self.expression.get().sum.value(py)?;
        Ok(match self.relation {
            Relation::Equal => value.is_nan() || value.abs() >= 1e-8,
            Relation::AtMost => value > 0.0,
            Relation::AtLeast => value < 0.0,
        })
    }

    /// The same with another strength.
    fn __or__(&self, py: Python<'_>, strength: Level) -> PyResult<Self> {
        let expression = self.expression.clone_ref(py);
        Ok(Constraint::new_with(expression, self.relation, strength.0?))
    }

    fn __ror__(&self, py: Python<'_>, strength: Level) -> PyResult<Self> {
        self.__or__(py, strength)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let expression = self.expression.get().sum.show(py)?;
        let (op, strength) = (self.op(), Digits(self.strength));
        let violated = if self.violated(py)? {
            " (VIOLATED)"
        } else {
            ""
        };
        Ok(format!(
            "{expression} {op} 0 | strength = {strength}{violated}"
        ))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.expression)
    }
}
