//! Constraints: what a solver shall see to.

use crate::digits::Digits;
use crate::expression::Expression;
use crate::strength::Level;
use crate::sum::Sum;
use hpy::prelude::*;
use kasuari::RelationalOperator;

/// An expression that shall be zero, or at least or at most zero.
#[hpy_type(frozen, subclass)]
pub struct Constraint {
    expression: Field<Expression>,
    pub inner: kasuari::Constraint,
}

impl Constraint {
    pub fn of(
        ctx: Context<'_>,
        sum: Sum,
        operator: RelationalOperator,
        strength: Level,
    ) -> Result<Self> {
        let sum = sum.reduced();
        let terms = sum
            .parts
            .iter()
            .map(|part| kasuari::Term::new(part.id, part.coefficient));
        let expression = kasuari::Expression::new(terms.collect(), sum.constant);
        Ok(Constraint {
            inner: kasuari::Constraint::new(expression, operator, strength.0),
            expression: Field::new(&ctx.instance(Expression { sum })?)?,
        })
    }
}

/// Python's name for a relation.
struct Relation(RelationalOperator);

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Relation {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        Ok(Relation(match handle.extract()? {
            "==" => RelationalOperator::Equal,
            "<=" => RelationalOperator::LessOrEqual,
            ">=" => RelationalOperator::GreaterOrEqual,
            other => bail!(
                ValueError,
                "{other:?} is no relational operator: it is '==', '<=' or '>='"
            ),
        }))
    }
}

pub fn relation_name(operator: RelationalOperator) -> &'static str {
    match operator {
        RelationalOperator::Equal => "==",
        RelationalOperator::LessOrEqual => "<=",
        RelationalOperator::GreaterOrEqual => ">=",
    }
}

#[hpy_methods]
impl Constraint {
    #[new]
    #[hpy(signature = (expression, op, strength = Level::REQUIRED))]
    fn new(expression: &Handle<'_, Expression>, op: Relation, strength: Level) -> Result<Self> {
        let ctx = expression.ctx();
        let sum = expression.get()?.sum.times(ctx, 1.0)?;
        Constraint::of(ctx, sum, op.0, strength)
    }

    /// What is compared with zero.
    pub fn expression<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Expression>> {
        self.expression
            .load(ctx)?
            .ok_or_else(|| ReferenceError::new("the expression is gone"))
    }

    /// How it is compared: `==`, `<=` or `>=`.
    fn op(&self) -> &'static str {
        relation_name(self.inner.op())
    }

    /// How much it matters.
    fn strength(&self) -> f64 {
        self.inner.strength().value()
    }

    /// Whether the variables' values contradict it.
    fn violated(&self, ctx: Context<'_>) -> Result<bool> {
        let value = self.expression(ctx)?.get()?.sum.value(ctx)?;
        Ok(match self.inner.op() {
            RelationalOperator::Equal => value.is_nan() || value.abs() >= 1e-8,
            RelationalOperator::LessOrEqual => value > 0.0,
            RelationalOperator::GreaterOrEqual => value < 0.0,
        })
    }

    /// The same with another strength.
    fn __or__(&self, ctx: Context<'_>, strength: Level) -> Result<Self> {
        let (expression, operator) = (self.inner.expr().clone(), self.inner.op());
        Ok(Constraint {
            expression: self.expression.dup(ctx)?,
            inner: kasuari::Constraint::new(expression, operator, strength.0),
        })
    }

    fn __ror__(&self, ctx: Context<'_>, strength: Level) -> Result<Self> {
        self.__or__(ctx, strength)
    }

    fn __repr__(&self, ctx: Context<'_>) -> Result<String> {
        let expression = self.expression(ctx)?.get()?.sum.show(ctx)?;
        let (op, strength) = (self.op(), Digits(self.strength()));
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
