//! The operators that variables, terms and expressions have in common.

use crate::constraint::Constraint;
use crate::expression::Expression;
use crate::operand::{Operand, type_name};
use crate::simplex::{REQUIRED, Relation};
use crate::sum::Sum;
use pyo3::PyClass;
use pyo3::exceptions::{PyTypeError, PyZeroDivisionError};
use pyo3::prelude::*;

/// What can be added, and multiplied by a number.
pub trait Symbolic: PyClass {
    /// A multiple of it.
    type Product;

    fn operand<'py>(this: &Bound<'py, Self>) -> Operand<'py>;

    fn times(this: &Bound<'_, Self>, factor: f64) -> PyResult<Self::Product>;
}

/// `first + sign * second`
pub fn sum<'py>(
    py: Python<'py>,
    first: Operand<'py>,
    sign: f64,
    second: Operand<'py>,
) -> PyResult<Expression> {
    Sum::of(py, first, sign, second).map(Expression::new_sum)
}

pub fn quotient<T: Symbolic>(this: &Bound<'_, T>, divisor: f64) -> PyResult<T::Product> {
    if divisor == 0.0 {
        return Err(PyZeroDivisionError::new_err("float division by zero"));
    }
    T::times(this, 1.0 / divisor)
}

/// The constraint that `first <= second` is, for one.
pub fn relation<'py>(
    py: Python<'py>,
    first: Operand<'py>,
    relation: Relation,
    second: Operand<'py>,
) -> PyResult<Constraint> {
    let difference = Sum::of(py, first, -1.0, second)?;
    Constraint::of(py, difference, relation, REQUIRED)
}

/// Comparisons that make no constraint.
#[cold]
pub fn refused<T: PyClass>(
    this: &Bound<'_, T>,
    operator: &str,
    other: &Bound<'_, PyAny>,
) -> PyResult<bool> {
    let (this, other) = (type_name(this.as_any())?, type_name(other)?);
    Err(PyTypeError::new_err(format!(
        "unsupported operand type(s) for {operator}: '{this}' and '{other}'"
    )))
}

/// The methods of such a type: its own, and the operators.
macro_rules! symbolic_methods {
    (impl $type:ident { $($own:tt)* }) => {
        #[pymethods]
        impl $type {
            $($own)*

            fn __neg__(slf: &Bound<'_, Self>) -> PyResult<<Self as Symbolic>::Product> {
                Self::times(slf, -1.0)
            }

            fn __mul__(
                slf: &Bound<'_, Self>,
                factor: Number,
            ) -> PyResult<<Self as Symbolic>::Product> {
                Self::times(slf, factor.0?)
            }

            fn __rmul__(
                slf: &Bound<'_, Self>,
                factor: Number,
            ) -> PyResult<<Self as Symbolic>::Product> {
                Self::times(slf, factor.0?)
            }

            fn __truediv__(
                slf: &Bound<'_, Self>,
                divisor: Number,
            ) -> PyResult<<Self as Symbolic>::Product> {
                quotient(slf, divisor.0?)
            }

            fn __add__<'py>(slf: &Bound<'py, Self>, other: Operand<'py>) -> PyResult<Expression> {
                sum(slf.py(), Self::operand(slf), 1.0, other)
            }

            fn __radd__<'py>(slf: &Bound<'py, Self>, other: Operand<'py>) -> PyResult<Expression> {
                sum(slf.py(), other, 1.0, Self::operand(slf))
            }

            fn __sub__<'py>(slf: &Bound<'py, Self>, other: Operand<'py>) -> PyResult<Expression> {
                sum(slf.py(), Self::operand(slf), -1.0, other)
            }

            fn __rsub__<'py>(slf: &Bound<'py, Self>, other: Operand<'py>) -> PyResult<Expression> {
                sum(slf.py(), other, -1.0, Self::operand(slf))
            }

            fn __eq__<'py>(slf: &Bound<'py, Self>, other: Operand<'py>) -> PyResult<Constraint> {
                relation(slf.py(), Self::operand(slf), Relation::Equal, other)
            }

            fn __le__<'py>(slf: &Bound<'py, Self>, other: Operand<'py>) -> PyResult<Constraint> {
                relation(slf.py(), Self::operand(slf), Relation::AtMost, other)
            }

            fn __ge__<'py>(slf: &Bound<'py, Self>, other: Operand<'py>) -> PyResult<Constraint> {
                relation(slf.py(), Self::operand(slf), Relation::AtLeast, other)
            }

            fn __ne__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
                refused(slf, "!=", other)
            }

            fn __lt__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
                refused(slf, "<", other)
            }

            fn __gt__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
                refused(slf, ">", other)
            }
        }
    };
}
pub(crate) use symbolic_methods;
