//! Sums of multiples of variables: what expressions consist of, and what the operators compute.

use crate::digits::Digits;
use crate::operand::Operand;
use crate::variable::Variable;
use pyo3::prelude::*;
use pyo3::{PyTraverseError, PyVisit};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write;

/// A multiple of a variable.
pub struct Part {
    pub variable: Py<Variable>,
    /// The variable's, so that one needs not ask it.
    pub id: u64,
    pub coefficient: f64,
}

impl Part {
    pub fn new(variable: &Bound<'_, Variable>, coefficient: f64) -> PyResult<Self> {
        Ok(Part {
            variable: variable.clone().unbind(),
            id: variable.try_borrow()?.shared.id,
            coefficient,
        })
    }

    /// As much of it as the factor says.
    pub fn times(&self, py: Python<'_>, factor: f64) -> Self {
        Part {
            variable: self.variable.clone_ref(py),
            id: self.id,
            coefficient: self.coefficient * factor,
        }
    }

    pub fn value(&self, py: Python<'_>) -> PyResult<f64> {
        Ok(self.coefficient * self.variable.try_borrow(py)?.value())
    }

    /// `2 * x`, for the end of a text.
    pub fn show(&self, py: Python<'_>, text: &mut String) -> PyResult<()> {
        let name = self.variable.try_borrow(py)?.name();
        // A string takes all that is written to it.
        let _ = write!(text, "{} * {name}", Digits(self.coefficient));
        Ok(())
    }
}

/// Parts, and a number.
pub struct Sum {
    pub parts: Vec<Part>,
    pub constant: f64,
}

impl Sum {
    /// `first + sign * second`. Where only one is an expression, its terms come first.
    pub fn of<'py>(
        py: Python<'py>,
        first: Operand<'py>,
        sign: f64,
        second: Operand<'py>,
    ) -> PyResult<Self> {
        let mut sum = Sum {
            parts: Vec::with_capacity(parts(&first) + parts(&second)),
            constant: 0.0,
        };
        let is_reversed =
            !matches!(first, Operand::Expression(_)) && matches!(second, Operand::Expression(_));
        let mut operands = [(first, 1.0), (second, sign)];
        if is_reversed {
            operands.reverse();
        }
        for (operand, factor) in operands {
            sum.add(py, operand, factor)?;
        }
        Ok(sum)
    }

    fn add<'py>(&mut self, py: Python<'py>, operand: Operand<'py>, factor: f64) -> PyResult<()> {
        match operand {
            Operand::Variable(variable) => self.parts.push(Part::new(&variable, factor)?),
            Operand::Term(term) => self.parts.push(term.get().part.times(py, factor)),
            Operand::Expression(expression) => {
                let sum = &expression.get().sum;
                let parts = sum.parts.iter().map(|part| part.times(py, factor));
                self.parts.extend(parts);
                self.constant += sum.constant * factor;
            }
            Operand::Number(number) => self.constant += number.0? * factor,
        }
        Ok(())
    }

    pub fn times(&self, py: Python<'_>, factor: f64) -> Self {
        let parts = self.parts.iter().map(|part| part.times(py, factor));
        Sum {
            parts: parts.collect(),
            constant: self.constant * factor,
        }
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

    pub fn value(&self, py: Python<'_>) -> PyResult<f64> {
        let mut value = self.constant;
        for part in &self.parts {
            value += part.value(py)?;
        }
        Ok(value)
    }

    /// `2 * x + 1 * y + 3`
    pub fn show(&self, py: Python<'_>) -> PyResult<String> {
        let mut text = String::new();
        for part in &self.parts {
            part.show(py, &mut text)?;
            text.push_str(" + ");
        }
        let _ = write!(text, "{}", Digits(self.constant));
        Ok(text)
    }

    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.parts
            .iter()
            .try_for_each(|part| visit.call(&part.variable))
    }
}

/// How many an operand has.
fn parts(operand: &Operand<'_>) -> usize {
    match operand {
        Operand::Number(_) => 0,
        Operand::Variable(_) | Operand::Term(_) => 1,
        Operand::Expression(expression) => expression.get().sum.parts.len(),
    }
}
