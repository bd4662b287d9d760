//! Expressions: sums of terms and a number.

use crate::constraint::Constraint;
use crate::number::Number;
use crate::operand::Operand;
use crate::simplex::Relation;
use crate::sum::Sum;
use crate::symbolic::{Symbolic, quotient, refused, relation, sum, symbolic_methods};
use crate::term::Term;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3::{PyTraverseError, PyVisit};

/// Terms, added to each other and to a number.
#[pyclass(frozen, subclass, module = "kiwisolver")]
pub struct Expression {
    pub sum: Sum,
}

impl Expression {
    pub fn new_sum(sum: Sum) -> Self {
        Expression { sum }
    }
}

impl Symbolic for Expression {
    type Product = Expression;

    fn operand<'py>(this: &Bound<'py, Self>) -> Operand<'py> {
        Operand::Expression(this.clone())
    }

    fn times(this: &Bound<'_, Self>, factor: f64) -> PyResult<Expression> {
        let sum = this.get().sum.times(this.py(), factor);
        Ok(Expression { sum })
    }
}

symbolic_methods! {
    impl Expression {
        #[new]
        #[pyo3(signature = (terms, constant = Number(Ok(0.0))))]
        fn new(terms: &Bound<'_, PyAny>, constant: Number) -> PyResult<Self> {
            let py = terms.py();
            let parts = terms.try_iter()?.map(|term| {
                let term = term?.cast_into::<Term>()?;
                Ok(term.get().part.times(py, 1.0))
            });
            Ok(Expression {
                sum: Sum {
                    parts: parts.collect::<PyResult<_>>()?,
                    constant: constant.0?,
                },
            })
        }

        /// The terms.
        fn terms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
            let terms = self.sum.parts.iter().map(|part| {
                let part = part.times(py, 1.0);
                Bound::new(py, Term { part })
            });
            PyTuple::new(py, terms.collect::<PyResult<Vec<_>>>()?)
        }

        /// The number.
        fn constant(&self) -> f64 {
            self.sum.constant
        }

        /// What the terms and the number add up to.
        fn value(&self, py: Python<'_>) -> PyResult<f64> {
            self.sum.value(py)
        }

        fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
            self.sum.show(py)
        }

        fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
            self.sum.traverse(&visit)
        }
    }
}
