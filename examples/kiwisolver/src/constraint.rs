//! Constraints: what a solver shall see to.

use crate::digits::Digits;
use crate::expression::Expression;
use crate::simplex::Relation;
use crate::strength::Level;
use crate::sum::Sum;
use hpy::bail;
use hpy::exceptions::{ReferenceError, ValueError};
use hpy::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// An expression that shall be zero, or at least or at most zero.
#[hpy_type(frozen, subclass)]
pub struct Constraint {
    expression: Field<Expression>,
    /// No other constraint has it.
    pub id: u64,
    pub relation: Relation,
    pub strength: Level,
}

impl Constraint {
    pub fn of(ctx: Context<'_>, sum: Sum, relation: Relation, strength: Level) -> Result<Self> {
        let sum = sum.reduced();
        let expression = Field::new(&ctx.instance(Expression { sum })?)?;
        Ok(Constraint::new_with(expression, relation, strength))
    }

    fn new_with(expression: Field<Expression>, relation: Relation, strength: Level) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Constraint {
            expression,
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            relation,
            strength,
        }
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Relation {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Ok(match handle.extract()? {
            "==" => Relation::Equal,
            "<=" => Relation::AtMost,
            ">=" => Relation::AtLeast,
            other => bail!(
                ValueError,
                "{other:?} is no relational operator: it is '==', '<=' or '>='"
            ),
        })
    }
}

#[hpy_methods]
impl Constraint {
    #[new]
    #[hpy(signature = (expression, op, strength = Level::REQUIRED))]
    fn new(expression: &Handle<'_, Expression>, op: Relation, strength: Level) -> Result<Self> {
        let ctx = expression.ctx();
        let sum = expression.get()?.sum.times(ctx, 1.0)?;
        Constraint::of(ctx, sum, op, strength)
    }

    /// What is compared with zero.
    pub fn expression<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Expression>> {
        self.expression
            .load(ctx)?
            .ok_or_else(|| ReferenceError::new("the expression is gone"))
    }

    /// How it is compared: `==`, `<=` or `>=`.
    fn op(&self) -> &'static str {
        self.relation.name()
    }

    /// How much it matters.
    fn strength(&self) -> f64 {
        self.strength.0
    }

    /// Whether the variables' values contradict it.
    fn violated(&self, ctx: Context<'_>) -> Result<bool> {
        let value = self.expression(ctx)?.get()?.sum.value(ctx)?;
        Ok(match self.relation {
            Relation::Equal => value.is_nan() || value.abs() >= 1e-8,
            Relation::AtMost => value > 0.0,
            Relation::AtLeast => value < 0.0,
        })
    }

    /// The same with another strength.
    fn __or__(&self, ctx: Context<'_>, strength: Level) -> Result<Self> {
        let expression = self.expression.dup(ctx)?;
        Ok(Constraint::new_with(expression, self.relation, strength))
    }

    fn __ror__(&self, ctx: Context<'_>, strength: Level) -> Result<Self> {
        self.__or__(ctx, strength)
    }

    fn __repr__(&self, ctx: Context<'_>) -> Result<String> {
        let expression = self.expression(ctx)?.get()?.sum.show(ctx)?;
        let (op, strength) = (self.op(), Digits(self.strength.0));
        let violated = if self.violated(ctx)? {
            " (VIOLATED)"
        } else {
            ""
        };
        Ok(format!(
            "{expression} {op} 0 | strength = {strength}{violated}"
        ))
    }
}
