//! Terms: multiples of a variable.

use crate::constraint::Constraint;
use crate::expression::Expression;
use crate::number::Number;
use crate::operand::Operand;
use crate::simplex::Relation;
use crate::sum::Part;
use crate::symbolic::{Symbolic, quotient, refused, relation, sum, symbolic_methods};
use crate::variable::Variable;
use hpy::prelude::*;

/// A variable times a number.
#[hpy_type(frozen, subclass)]
pub struct Term {
    pub part: Part,
}

impl Symbolic for Term {
    type Product = Term;

    fn operand<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> Operand<'a, 'ctx> {
        Operand::Term(this)
    }

    fn times(this: &Handle<'_, Self>, factor: f64) -> Result<Term> {
        Ok(Term {
            part: this.get()?.part.times(this.ctx(), factor)?,
        })
    }
}

symbolic_methods! {
    impl Term {
        #[new]
        #[hpy(signature = (variable, coefficient = Number(1.0)))]
        fn new(variable: &Handle<'_, Variable>, coefficient: Number) -> Result<Self> {
            Ok(Term {
                part: Part::new(variable, coefficient.0)?,
            })
        }

        /// The variable.
        fn variable<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Variable>> {
            self.part.variable(ctx)
        }

        /// The number.
        fn coefficient(&self) -> f64 {
            self.part.coefficient
        }

        /// The variable's value times the number.
        fn value(&self, ctx: Context<'_>) -> Result<f64> {
            self.part.value(ctx)
        }

        fn __repr__(&self, ctx: Context<'_>) -> Result<String> {
            let mut text = String::new();
            self.part.show(ctx, &mut text)?;
            Ok(text)
        }
    }
}
