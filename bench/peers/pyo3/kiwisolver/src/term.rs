//! Terms: multiples of a variable.

use crate::constraint::Constraint;
use crate::expression::Expression;
use crate::number::Number;
use crate::operand::Operand;
use crate::simplex::Relation;
use crate::sum::Part;
use crate::symbolic::{Symbolic, quotient, refused, relation, sum, symbolic_methods};
use crate::variable::Variable;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};

/// A variable times a number.
#[pyclass(frozen, subclass, module = "kiwisolver")]
pub struct Term {
    pub part: Part,
}

impl Symbolic for Term {
    type Product = Term;

    fn operand<'py>(this: &Bound<'py, Self>) -> Operand<'py> {
        Operand::Term(this.clone())
    }

    fn times(this: &Bound<'_, Self>, factor: f64) -> PyResult<Term> {
        Ok(Term {
            part: this.get().part.times(this.py(), factor),
        })
    }
}

symbolic_methods! {
    impl Term {
        #[new]
        #[pyo3(signature = (variable, coefficient = Number(Ok(1.0))))]
        fn new(variable: &Bound<'_, Variable>, coefficient: Number) -> PyResult<Self> {
            Ok(Term {
                part: Part::new(variable, coefficient.0?)?,
            })
        }

        /// The variable.
        fn variable(&self, py: Python<'_>) -> Py<Variable> {
            self.part.variable.clone_ref(py)
        }

        /// The number.
        fn coefficient(&self) -> f64 {
            self.part.coefficient
        }

        /// The variable's value times the number.
        fn value(&self, py: Python<'_>) -> PyResult<f64> {
            self.part.value(py)
        }

        fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
            let mut text = String::new();
            self.part.show(py, &mut text)?;
            Ok(text)
        }

        fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
            visit.call(&self.part.variable)
        }
    }
}
