//! The operators that variables, terms and expressions have in common.

use crate::constraint::Constraint;
use crate::expression::Expression;
use crate::operand::{Operand, type_name};
use crate::simplex::Relation;
use crate::strength::Level;
use crate::sum::Sum;
use hpy::PyClass;
use hpy::exceptions::{TypeError, ZeroDivisionError};
use hpy::prelude::*;
use hpy::{bail, ensure};

/// What can be added, and multiplied by a number.
pub trait Symbolic: PyClass {
    /// A multiple of it.
    type Product;

    fn operand<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> Operand<'a, 'ctx>;

    fn times(this: &Handle<'_, Self>, factor: f64) -> Result<Self::Product>;
}

/// `first + sign * second`
pub fn sum<'ctx>(
    ctx: Context<'ctx>,
    first: &Operand<'_, 'ctx>,
    sign: f64,
    second: &Operand<'_, 'ctx>,
) -> Result<Expression> {
    Sum::of(ctx, first, sign, second).map(Expression::new_sum)
}

pub fn quotient<T: Symbolic>(this: &Handle<'_, T>, divisor: f64) -> Result<T::Product> {
    ensure!(divisor != 0.0, ZeroDivisionError, "float division by zero");
    T::times(this, 1.0 / divisor)
}

/// The constraint that `first <= second` is, for one.
pub fn relation<'ctx>(
    ctx: Context<'ctx>,
    first: &Operand<'_, 'ctx>,
    relation: Relation,
    second: &Operand<'_, 'ctx>,
) -> Result<Constraint> {
    let difference = Sum::of(ctx, first, -1.0, second)?;
    Constraint::of(ctx, difference, relation, Level::REQUIRED)
}

/// Comparisons that make no constraint.
#[cold]
pub fn refused<'ctx, T: PyClass>(
    this: &Handle<'ctx, T>,
    operator: &str,
    other: &Handle<'ctx>,
) -> Result<bool> {
    let (this, other) = (type_name(this.as_object()), type_name(other));
    bail!(
        TypeError,
        "unsupported operand type(s) for {operator}: '{this}' and '{other}'"
    )
}

/// The methods of such a type: its own, and the operators.
macro_rules! symbolic_methods {
    (impl $type:ident { $($own:tt)* }) => {
        #[hpy_methods]
        impl $type {
            $($own)*

            fn __neg__(this: &Handle<'_, Self>) -> Result<<Self as Symbolic>::Product> {
                Self::times(this, -1.0)
            }

            fn __mul__(
                this: &Handle<'_, Self>,
                factor: Number,
            ) -> Result<<Self as Symbolic>::Product> {
                Self::times(this, factor.0)
            }

            fn __rmul__(
                this: &Handle<'_, Self>,
                factor: Number,
            ) -> Result<<Self as Symbolic>::Product> {
                Self::times(this, factor.0)
            }

            fn __truediv__(
                this: &Handle<'_, Self>,
                divisor: Number,
            ) -> Result<<Self as Symbolic>::Product> {
                quotient(this, divisor.0)
            }

            fn __add__<'ctx>(
                this: &Handle<'ctx, Self>,
                other: Operand<'_, 'ctx>,
            ) -> Result<Expression> {
                sum(this.ctx(), &Self::operand(this), 1.0, &other)
            }

            fn __radd__<'ctx>(
                this: &Handle<'ctx, Self>,
                other: Operand<'_, 'ctx>,
            ) -> Result<Expression> {
                sum(this.ctx(), &other, 1.0, &Self::operand(this))
            }

            fn __sub__<'ctx>(
                this: &Handle<'ctx, Self>,
                other: Operand<'_, 'ctx>,
            ) -> Result<Expression> {
                sum(this.ctx(), &Self::operand(this), -1.0, &other)
            }

            fn __rsub__<'ctx>(
                this: &Handle<'ctx, Self>,
                other: Operand<'_, 'ctx>,
            ) -> Result<Expression> {
                sum(this.ctx(), &other, -1.0, &Self::operand(this))
            }

            fn __eq__<'ctx>(
                this: &Handle<'ctx, Self>,
                other: Operand<'_, 'ctx>,
            ) -> Result<Constraint> {
                relation(this.ctx(), &Self::operand(this), Relation::Equal, &other)
            }

            fn __le__<'ctx>(
                this: &Handle<'ctx, Self>,
                other: Operand<'_, 'ctx>,
            ) -> Result<Constraint> {
                relation(this.ctx(), &Self::operand(this), Relation::AtMost, &other)
            }

            fn __ge__<'ctx>(
                this: &Handle<'ctx, Self>,
                other: Operand<'_, 'ctx>,
            ) -> Result<Constraint> {
                relation(this.ctx(), &Self::operand(this), Relation::AtLeast, &other)
            }

            fn __ne__<'ctx>(this: &Handle<'ctx, Self>, other: &Handle<'ctx>) -> Result<bool> {
                refused(this, "!=", other)
            }

            fn __lt__<'ctx>(this: &Handle<'ctx, Self>, other: &Handle<'ctx>) -> Result<bool> {
                refused(this, "<", other)
            }

            fn __gt__<'ctx>(this: &Handle<'ctx, Self>, other: &Handle<'ctx>) -> Result<bool> {
                refused(this, ">", other)
            }
        }
    };
}
pub(crate) use symbolic_methods;
