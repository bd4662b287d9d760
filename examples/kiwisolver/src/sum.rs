//! Sums of multiples of variables: what expressions consist of, and what the operators compute.

use crate::digits::Digits;
use crate::operand::Operand;
use crate::variable::Variable;
use hpy::Traverse;
use hpy::exceptions::ReferenceError;
use hpy::prelude::*;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write;

/// A multiple of a variable.
#[derive(Traverse)]
pub struct Part {
    pub variable: Field<Variable>,
    /// The variable's, so that one needs not ask it.
    pub id: u64,
    pub coefficient: f64,
}

impl Part {
    pub fn new(variable: &Handle<'_, Variable>, coefficient: f64) -> Result<Self> {
        Ok(Part {
            variable: Field::new(variable)?,
            id: variable.borrow()?.shared.id,
            coefficient,
        })
    }

    /// As much of it as the factor says.
    pub fn times(&self, ctx: Context<'_>, factor: f64) -> Result<Self> {
        Ok(Part {
            variable: self.variable.dup(ctx)?,
            id: self.id,
            coefficient: self.coefficient * factor,
        })
    }

    pub fn variable<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Variable>> {
        // It was there when the part was made; only the end of its object can empty it.
        self.variable
            .load(ctx)?
            .ok_or_else(|| ReferenceError::new("the variable is gone"))
    }

    pub fn value(&self, ctx: Context<'_>) -> Result<f64> {
        Ok(self.coefficient * self.variable(ctx)?.borrow()?.value())
    }

    /// `2 * x`, for the end of a text.
    pub fn show(&self, ctx: Context<'_>, text: &mut String) -> Result<()> {
        let variable = self.variable(ctx)?;
        let variable = variable.borrow()?;
        write!(text, "{} * {}", Digits(self.coefficient), variable.name())?;
        Ok(())
    }
}

/// Parts, and a number.
#[derive(Traverse)]
pub struct Sum {
    pub parts: Vec<Part>,
    pub constant: f64,
}

impl Sum {
    /// `first + sign * second`. Where only one is an expression, its terms come first.
    pub fn of<'ctx>(
        ctx: Context<'ctx>,
        first: &Operand<'_, 'ctx>,
        sign: f64,
        second: &Operand<'_, 'ctx>,
    ) -> Result<Self> {
        let mut sum = Sum {
            parts: Vec::with_capacity(parts(first)? + parts(second)?),
            constant: 0.0,
        };
        let mut operands = [(first, 1.0), (second, sign)];
        if !matches!(first, Operand::Expression(_)) && matches!(second, Operand::Expression(_)) {
            operands.reverse();
        }
        for (operand, factor) in operands {
            sum.add(ctx, operand, factor)?;
        }
        Ok(sum)
    }

    fn add<'ctx>(
        &mut self,
        ctx: Context<'ctx>,
        operand: &Operand<'_, 'ctx>,
        factor: f64,
    ) -> Result<()> {
        match operand {
            Operand::Variable(variable) => self.parts.push(Part::new(variable, factor)?),
            Operand::Term(term) => self.parts.push(term.get()?.part.times(ctx, factor)?),
            Operand::Expression(expression) => {
                let sum = &expression.get()?.sum;
                for part in &sum.parts {
                    self.parts.push(part.times(ctx, factor)?);
                }
                self.constant += sum.constant * factor;
            }
            Operand::Number(number) => self.constant += number * factor,
        }
        Ok(())
    }

    pub fn times(&self, ctx: Context<'_>, factor: f64) -> Result<Self> {
        let parts = self.parts.iter().map(|part| part.times(ctx, factor));
        Ok(Sum {
            parts: parts.collect::<Result<_>>()?,
            constant: self.constant * factor,
        })
    }

    /// With one part for each variable.
    pub fn reduced(mut self) -> Self {
        let mut kept = 0;
        if self.parts.len() <= 8 {
            for next in 0..self.parts.len() {
                let (before, after) = self.parts.split_at_mut(next);
                let Some(part) = after.first_mut() else { break };
                match before[..kept].iter_mut().find(|other| other.id == part.id) {
                    Some(other) => other.coefficient += part.coefficient,
                    None => {
                        self.parts.swap(kept, next);
                        kept += 1;
                    }
                }
            }
        } else {
            let mut places = HashMap::with_capacity(self.parts.len());
            for next in 0..self.parts.len() {
                match places.entry(self.parts[next].id) {
                    Entry::Occupied(place) => {
                        let place: usize = *place.get();
                        self.parts[place].coefficient += self.parts[next].coefficient;
                    }
                    Entry::Vacant(place) => {
                        place.insert(kept);
                        self.parts.swap(kept, next);
                        kept += 1;
                    }
                }
            }
        }
        self.parts.truncate(kept);
        self
    }

    pub fn value(&self, ctx: Context<'_>) -> Result<f64> {
        let mut value = self.constant;
        for part in &self.parts {
            value += part.value(ctx)?;
        }
        Ok(value)
    }

    /// `2 * x + 1 * y + 3`
    pub fn show(&self, ctx: Context<'_>) -> Result<String> {
        let mut text = String::new();
        for part in &self.parts {
            part.show(ctx, &mut text)?;
            text.push_str(" + ");
        }
        write!(text, "{}", Digits(self.constant))?;
        Ok(text)
    }
}

/// How many an operand has.
fn parts(operand: &Operand<'_, '_>) -> Result<usize> {
    Ok(match operand {
        Operand::Number(_) => 0,
        Operand::Variable(_) | Operand::Term(_) => 1,
        Operand::Expression(expression) => expression.get()?.sum.parts.len(),
    })
}
