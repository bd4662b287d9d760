//! The solver.

use crate::constraint::Constraint;
use crate::digits::Digits;
use crate::exceptions::*;
use crate::number::Number;
use crate::simplex::Linear;
use crate::strength::Level;
use crate::sum::Sum;
use crate::tableau::{Refusal, Tableau};
use crate::variable::{Shared, Variable};
use pyo3::exceptions::{PyArithmeticError, PyRuntimeError};
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::Arc;

/// Finds values that satisfy constraints, the stronger ones first.
#[pyclass(subclass, module = "kiwisolver")]
pub struct Solver {
    tableau: Tableau,
    /// All that there were in it since the beginning, by the solver's numbers for them.
    variables: Vec<Arc<Shared>>,
    /// The solver's numbers by the variables' own.
    numbers: BTreeMap<u64, usize>,
}

#[pymethods]
impl Solver {
    #[new]
    fn new() -> Self {
        Solver {
            tableau: Tableau::default(),
            variables: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }

    /// Adds a constraint.
    #[pyo3(name = "addConstraint")]
    fn add_constraint(&mut self, constraint: &Bound<'_, Constraint>) -> PyResult<()> {
        let (py, data) = (constraint.py(), constraint.get());
        let sum = &data.expression.get().sum;
        let before = self.variables.len();
        let linear = Linear {
            terms: self.terms(py, sum)?,
            constant: sum.constant,
            relation: data.relation,
            strength: data.strength,
        };
        self.tableau.add(data.id, linear).map_err(|refusal| {
            self.forget(before);
            refused(refusal, constraint)
        })
    }

    /// Takes a constraint away.
    #[pyo3(name = "removeConstraint")]
    fn remove_constraint(&mut self, constraint: &Bound<'_, Constraint>) -> PyResult<()> {
        self.tableau
            .remove(constraint.get().id)
            .map_err(|refusal| refused(refusal, constraint))
    }

    /// Whether the solver has the constraint.
    #[pyo3(name = "hasConstraint")]
    fn has_constraint(&self, constraint: &Bound<'_, Constraint>) -> bool {
        self.tableau.has(constraint.get().id)
    }

    /// Adds a variable that values can be suggested for.
    #[pyo3(name = "addEditVariable")]
    fn add_edit_variable(
        &mut self,
        variable: &Bound<'_, Variable>,
        strength: Level,
    ) -> PyResult<()> {
        let strength = strength.0?;
        let before = self.variables.len();
        let number = self.number(&variable.try_borrow()?.shared);
        self.tableau.add_edit(number, strength).map_err(|refusal| {
            self.forget(before);
            refused_edit(refusal, variable)
        })
    }

    /// Takes an edit variable away.
    #[pyo3(name = "removeEditVariable")]
    fn remove_edit_variable(&mut self, variable: &Bound<'_, Variable>) -> PyResult<()> {
        let known = self.known(variable)?;
        known
            .ok_or(Refusal::Unknown)
            .and_then(|number| self.tableau.remove_edit(number))
            .map_err(|refusal| refused_edit(refusal, variable))
    }

    /// Whether values can be suggested for the variable.
    #[pyo3(name = "hasEditVariable")]
    fn has_edit_variable(&self, variable: &Bound<'_, Variable>) -> PyResult<bool> {
        let known = self.known(variable)?;
        Ok(known.is_some_and(|number| self.tableau.is_edited(number)))
    }

    /// Suggests a value for an edit variable.
    #[pyo3(name = "suggestValue")]
    fn suggest_value(&mut self, variable: &Bound<'_, Variable>, value: Number) -> PyResult<()> {
        let (known, value) = (self.known(variable)?, value.0?);
        known
            .ok_or(Refusal::Unknown)
            .and_then(|number| self.tableau.suggest(number, value))
            .map_err(|refusal| refused_edit(refusal, variable))
    }

    /// Gives the variables their values.
    #[pyo3(name = "updateVariables")]
    fn update_variables(&self) {
        // All of them: another solver may have changed some that this one has not.
        for (number, variable) in self.variables.iter().enumerate() {
            variable.set_value(self.tableau.value(number));
        }
    }

    /// Makes it as it was when it was new.
    fn reset(&mut self) {
        self.tableau.reset();
        self.variables.clear();
        self.numbers.clear();
    }

    /// Prints what `dumps` returns.
    fn dump(&self, py: Python<'_>) -> PyResult<()> {
        let print = py.import("builtins")?.getattr("print")?;
        print.call1((self.dumps()?,))?;
        Ok(())
    }

    /// A text about what is in the solver.
    fn dumps(&self) -> PyResult<String> {
        self.text()
            .map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }
}

impl Solver {
    fn text(&self) -> Result<String, fmt::Error> {
        let (mut text, simplex) = (String::new(), self.tableau.simplex());
        let name = |number: usize| self.name(number);
        head(&mut text, "Objective")?;
        simplex.show_objective(&name, &mut text)?;
        head(&mut text, "\nTableau")?;
        simplex.show_tableau(&name, &mut text)?;
        head(&mut text, "\nInfeasible")?;
        simplex.show_infeasible(&name, &mut text)?;
        head(&mut text, "\nVariables")?;
        for &number in self.numbers.values() {
            let value = Digits(self.tableau.value(number));
            writeln!(text, "{} = {value}", self.name(number))?;
        }
        head(&mut text, "\nEdit Variables")?;
        for number in self.tableau.edited() {
            writeln!(text, "{}", self.name(number))?;
        }
        head(&mut text, "\nConstraints")?;
        for constraint in self.tableau.constraints() {
            constraint.show(&name, &mut text)?;
        }
        Ok(text)
    }

    /// The terms of a sum, with the solver's numbers for the variables.
    fn terms(&mut self, py: Python<'_>, sum: &Sum) -> PyResult<Vec<(usize, f64)>> {
        let mut terms = Vec::with_capacity(sum.parts.len());
        for part in &sum.parts {
            let number = match self.numbers.get(&part.id) {
                Some(number) => *number,
                None => self.number(&part.variable.try_borrow(py)?.shared),
            };
            terms.push((number, part.coefficient));
        }
        Ok(terms)
    }

    /// The number of a variable, which is a new one if need be.
    fn number(&mut self, variable: &Arc<Shared>) -> usize {
        let variables = &mut self.variables;
        *self.numbers.entry(variable.id).or_insert_with(|| {
            variables.push(variable.clone());
            variables.len() - 1
        })
    }

    fn known(&self, variable: &Bound<'_, Variable>) -> PyResult<Option<usize>> {
        let id = variable.try_borrow()?.shared.id;
        Ok(self.numbers.get(&id).copied())
    }

    /// Forgets variables that nothing was said about in the end.
    #[cold]
    fn forget(&mut self, from: usize) {
        for variable in self.variables.drain(from..) {
            self.numbers.remove(&variable.id);
        }
    }

    fn name(&self, number: usize) -> String {
        self.variables
            .get(number)
            .map_or_else(String::new, |variable| variable.name())
    }
}

fn head(text: &mut String, title: &str) -> fmt::Result {
    writeln!(text, "{title}\n{}", "-".repeat(title.trim().len()))
}

#[cold]
fn refused(refusal: Refusal, constraint: &Bound<'_, Constraint>) -> PyErr {
    let constraint = constraint.clone().unbind();
    match refusal {
        Refusal::Duplicate => DuplicateConstraint::new_err((constraint,)),
        Refusal::Unknown => UnknownConstraint::new_err((constraint,)),
        Refusal::Unsatisfiable => UnsatisfiableConstraint::new_err((constraint,)),
        Refusal::Required | Refusal::Failed => failed(),
    }
}

#[cold]
fn refused_edit(refusal: Refusal, variable: &Bound<'_, Variable>) -> PyErr {
    let variable = variable.clone().unbind();
    match refusal {
        Refusal::Duplicate => DuplicateEditVariable::new_err((variable,)),
        Refusal::Unknown => UnknownEditVariable::new_err((variable,)),
        Refusal::Required => BadRequiredStrength::new_err("an edit variable cannot be required"),
        Refusal::Unsatisfiable | Refusal::Failed => failed(),
    }
}

fn failed() -> PyErr {
    PyArithmeticError::new_err("the solver found no way on: the numbers are too far apart")
}
