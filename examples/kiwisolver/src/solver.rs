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
use hpy::exceptions::ArithmeticError;
use hpy::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// Finds values that satisfy constraints, the stronger ones first.
#[hpy_type(subclass)]
pub struct Solver {
    tableau: Tableau,
    /// All that there were in it since the beginning, by the solver's numbers for them.
    variables: Vec<Arc<Shared>>,
    /// The solver's numbers by the variables' own.
    numbers: BTreeMap<u64, usize>,
}

#[hpy_methods]
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
    #[hpy(name = "addConstraint")]
    fn add_constraint(&mut self, constraint: &Handle<'_, Constraint>) -> Result<()> {
        let (ctx, data) = (constraint.ctx(), constraint.get()?);
        let before = self.variables.len();
        let linear = Linear {
            terms: self.terms(ctx, &data.expression(ctx)?.get()?.sum)?,
            constant: data.expression(ctx)?.get()?.sum.constant,
            relation: data.relation,
            strength: data.strength.0,
        };
        self.tableau.add(data.id, linear).or_else(|refusal| {
            self.forget(before);
            Err(refused(refusal, constraint)?)
        })
    }

    /// Takes a constraint away.
    #[hpy(name = "removeConstraint")]
    fn remove_constraint(&mut self, constraint: &Handle<'_, Constraint>) -> Result<()> {
        match self.tableau.remove(constraint.get()?.id) {
            Ok(()) => Ok(()),
            Err(refusal) => Err(refused(refusal, constraint)?),
        }
    }

    /// Whether the solver has the constraint.
    #[hpy(name = "hasConstraint")]
    fn has_constraint(&self, constraint: &Handle<'_, Constraint>) -> Result<bool> {
        Ok(self.tableau.has(constraint.get()?.id))
    }

    /// Adds a variable that values can be suggested for.
    #[hpy(name = "addEditVariable")]
    fn add_edit_variable(
        &mut self,
        variable: &Handle<'_, Variable>,
        strength: Level,
    ) -> Result<()> {
        let before = self.variables.len();
        let number = self.number(&variable.borrow()?.shared);
        self.tableau
            .add_edit(number, strength.0)
            .or_else(|refusal| {
                self.forget(before);
                Err(refused_edit(refusal, variable)?)
            })
    }

    /// Takes an edit variable away.
    #[hpy(name = "removeEditVariable")]
    fn remove_edit_variable(&mut self, variable: &Handle<'_, Variable>) -> Result<()> {
        let known = self.known(variable)?;
        match known.map_or(Err(Refusal::Unknown), |number| {
            self.tableau.remove_edit(number)
        }) {
            Ok(()) => Ok(()),
            Err(refusal) => Err(refused_edit(refusal, variable)?),
        }
    }

    /// Whether values can be suggested for the variable.
    #[hpy(name = "hasEditVariable")]
    fn has_edit_variable(&self, variable: &Handle<'_, Variable>) -> Result<bool> {
        let known = self.known(variable)?;
        Ok(known.is_some_and(|number| self.tableau.is_edited(number)))
    }

    /// Suggests a value for an edit variable.
    #[hpy(name = "suggestValue")]
    fn suggest_value(&mut self, variable: &Handle<'_, Variable>, value: Number) -> Result<()> {
        let known = self.known(variable)?;
        match known.map_or(Err(Refusal::Unknown), |number| {
            self.tableau.suggest(number, value.0)
        }) {
            Ok(()) => Ok(()),
            Err(refusal) => Err(refused_edit(refusal, variable)?),
        }
    }

    /// Gives the variables their values.
    #[hpy(name = "updateVariables")]
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
    fn dump(&self, ctx: Context<'_>) -> Result<()> {
        let print = ctx.builtins().get_item("print")?;
        print.call1((self.dumps()?,)).map(drop)
    }

    /// A text about what is in the solver.
    fn dumps(&self) -> Result<String> {
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
}

impl Solver {
    /// The terms of a sum, with the solver's numbers for the variables.
    fn terms(&mut self, ctx: Context<'_>, sum: &Sum) -> Result<Vec<(usize, f64)>> {
        let mut terms = Vec::with_capacity(sum.parts.len());
        for part in &sum.parts {
            let number = match self.numbers.get(&part.id) {
                Some(number) => *number,
                None => self.number(&part.variable(ctx)?.borrow()?.shared),
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

    fn known(&self, variable: &Handle<'_, Variable>) -> Result<Option<usize>> {
        let id = variable.borrow()?.shared.id;
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

fn head(text: &mut String, title: &str) -> Result<()> {
    writeln!(text, "{title}\n{}", "-".repeat(title.trim().len()))?;
    Ok(())
}

#[cold]
fn refused(refusal: Refusal, constraint: &Handle<'_, Constraint>) -> Result<Error> {
    let ctx = constraint.ctx();
    let class = match refusal {
        Refusal::Duplicate => DuplicateConstraint::type_object(ctx)?,
        Refusal::Unknown => UnknownConstraint::type_object(ctx)?,
        Refusal::Unsatisfiable => UnsatisfiableConstraint::type_object(ctx)?,
        Refusal::Required | Refusal::Failed => return Ok(failed()),
    };
    Ok(Error::from_type(&class, (constraint,)))
}

#[cold]
fn refused_edit(refusal: Refusal, variable: &Handle<'_, Variable>) -> Result<Error> {
    let ctx = variable.ctx();
    let class = match refusal {
        Refusal::Duplicate => DuplicateEditVariable::type_object(ctx)?,
        Refusal::Unknown => UnknownEditVariable::type_object(ctx)?,
        Refusal::Required => {
            return Ok(BadRequiredStrength::new(
                "an edit variable cannot be required",
            ));
        }
        Refusal::Unsatisfiable | Refusal::Failed => return Ok(failed()),
    };
    Ok(Error::from_type(&class, (variable,)))
}

fn failed() -> Error {
    ArithmeticError::new("the solver found no way on: the numbers are too far apart")
}
