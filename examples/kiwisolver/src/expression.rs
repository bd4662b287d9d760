//! Expressions: sums of terms and a number.

use crate::constraint::Constraint;
use crate::number::Number;
use crate::operand::Operand;
use crate::simplex::Relation;
use crate::sum::Sum;
use crate::symbolic::{Symbolic, quotient, refused, relation, sum, symbolic_methods};
use crate::term::Term;
use hpy::prelude::*;

/// Terms, added to each other and to a number.
#[hpy_type(frozen, subclass)]
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

    fn operand<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> Operand<'a, 'ctx> {
        Operand::Expression(this)
    }

    fn times(this: &Handle<'_, Self>, factor: f64) -> Result<Expression> {
        let sum = this.get()?.sum.times(this.ctx(), factor)?;
        Ok(Expression { sum })
    }
}

symbolic_methods! {
    impl Expression {
        #[new]
        #[hpy(signature = (terms, constant = Number(0.0)))]
        fn new<'ctx>(
            ctx: Context<'ctx>,
            terms: Vec<Handle<'ctx, Term>>,
            constant: Number,
        ) -> Result<Self> {
            let parts = terms.iter().map(|term| term.get()?.part.times(ctx, 1.0));
            Ok(Expression {
                sum: Sum {
                    parts: parts.collect::<Result<_>>()?,
                    constant: constant.0,
                },
            })
        }

        /// The terms.
        fn terms<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Tuple>> {
            let terms = self.sum.parts.iter().map(|part| {
                let part = part.times(ctx, 1.0)?;
                ctx.instance(Term { part })
            });
            let terms = terms.collect::<Result<Vec<_>>>()?;
            ctx.tuple(terms)
        }

        /// The number.
        fn constant(&self) -> f64 {
            self.sum.constant
        }

        /// What the terms and the number add up to.
        fn value(&self, ctx: Context<'_>) -> Result<f64> {
            self.sum.value(ctx)
        }

        fn __repr__(&self, ctx: Context<'_>) -> Result<String> {
            self.sum.show(ctx)
        }
    }
}
