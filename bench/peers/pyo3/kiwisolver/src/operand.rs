//! What may stand on either side of an operator.

use crate::expression::Expression;
use crate::number::Number;
use crate::term::Term;
use crate::variable::Variable;
use pyo3::prelude::*;

#[derive(FromPyObject)]
pub enum Operand<'py> {
    Expression(Bound<'py, Expression>),
    Term(Bound<'py, Term>),
    Variable(Bound<'py, Variable>),
    Number(Number),
}

/// The type's name, as errors say it.
pub fn type_name(object: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(match object.extract() {
        Ok(Operand::Variable(_)) => "kiwisolver.Variable".to_owned(),
        Ok(Operand::Term(_)) => "kiwisolver.Term".to_owned(),
        Ok(Operand::Expression(_)) => "kiwisolver.Expression".to_owned(),
        _ => object.get_type().name()?.to_string(),
    })
}
