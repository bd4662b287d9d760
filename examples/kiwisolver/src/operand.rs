//! What may stand on either side of an operator.

use crate::expression::Expression;
use crate::number::Number;
use crate::term::Term;
use crate::variable::Variable;
use hpy::prelude::*;

pub enum Operand<'a, 'ctx> {
    Variable(&'a Handle<'ctx, Variable>),
    Term(&'a Handle<'ctx, Term>),
    Expression(&'a Handle<'ctx, Expression>),
    Number(f64),
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Operand<'a, 'ctx> {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if handle.is_instance_of::<Expression>() {
            handle.downcast().map(Operand::Expression)
        } else if handle.is_instance_of::<Term>() {
            handle.downcast().map(Operand::Term)
        } else if handle.is_instance_of::<Variable>() {
            handle.downcast().map(Operand::Variable)
        } else {
            Number::from_handle(handle).map(|Number(number)| Operand::Number(number))
        }
    }
}

/// The type's name, as errors say it.
pub fn type_name(handle: &Handle<'_>) -> String {
    match Operand::from_handle(handle) {
        Ok(Operand::Variable(_)) => "kiwisolver.Variable".to_owned(),
        Ok(Operand::Term(_)) => "kiwisolver.Term".to_owned(),
        Ok(Operand::Expression(_)) => "kiwisolver.Expression".to_owned(),
        _ => handle.type_name(),
    }
}
