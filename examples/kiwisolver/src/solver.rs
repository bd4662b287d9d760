//! The solver.

use crate::constraint::{Constraint, relation_name};
use crate::digits::Digits;
use crate::exceptions::*;
use crate::number::Number;
use crate::strength::Level;
use crate::tableau::{Refusal, Tableau};
use crate::variable::{Shared, Variable};
use hpy::prelude::*;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;
use std::sync::Arc;

/// Finds values that satisfy constraints, the stronger ones first.
#[hpy_type(subclass)]
pub struct Solver {
    tableau: Tableau,
    /// All that there were in it since the beginning.
    variables: BTreeMap<kasuari::Variable, Arc<Shared>>,
}

#[hpy_methods]
impl Solver {
    #[new]
    fn new() -> Self {
        Solver {
            tableau: Tableau::new(),
            variables: BTreeMap::new(),
        }
    }

    /// Adds a constraint.
    #[hpy(name = "addConstraint")]
    fn add_constraint(&mut self, constraint: &Handle<'_, Constraint>) -> Result<()> {
        let (ctx, data) = (constraint.ctx(), constraint.get()?);
        match self.tableau.add(&data.inner) {
            Ok(()) => {}
            Err(refusal) => return Err(refused(refusal, constraint)?),
        }
        for part in &data.expression(ctx)?.get()?.sum.parts {
            if let Entry::Vacant(place) = self.variables.entry(part.id) {
                place.insert(part.variable(ctx)?.borrow()?.shared());
            }
        }
        Ok(())
    }

    /// Takes a constraint away.
    #[hpy(name = "removeConstraint")]
    fn remove_constraint(&mut self, constraint: &Handle<'_, Constraint>) -> Result<()> {
        match self.tableau.remove(&constraint.get()?.inner) {
            Ok(()) => Ok(()),
            Err(refusal) => Err(refused(refusal, constraint)?),
        }
    }

    /// Whether the solver has the constraint.
    #[hpy(name = "hasConstraint")]
    fn has_constraint(&self, constraint: &Handle<'_, Constraint>) -> Result<bool> {
        Ok(self.tableau.has(&constraint.get()?.inner))
    }

    /// Adds a variable that values can be suggested for.
    #[hpy(name = "addEditVariable")]
    fn add_edit_variable(
        &mut self,
        variable: &Handle<'_, Variable>,
        strength: Level,
    ) -> Result<()> {
        let shared = variable.borrow()?.shared();
        match self.tableau.add_edit(shared.id, strength.0) {
            Ok(()) => {
                self.variables.insert(shared.id, shared);
                Ok(())
            }
            Err(refusal) => Err(refused_edit(refusal, variable)?),
        }
    }

    /// Takes an edit variable away.
    #[hpy(name = "removeEditVariable")]
    fn remove_edit_variable(&mut self, variable: &Handle<'_, Variable>) -> Result<()> {
        match self.tableau.remove_edit(variable.borrow()?.id()) {
            Ok(()) => Ok(()),
            Err(refusal) => Err(refused_edit(refusal, variable)?),
        }
    }

    /// Whether values can be suggested for the variable.
    #[hpy(name = "hasEditVariable")]
    fn has_edit_variable(&self, variable: &Handle<'_, Variable>) -> Result<bool> {
        Ok(self.tableau.is_edited(variable.borrow()?.id()))
    }

    /// Suggests a value for an edit variable.
    #[hpy(name = "suggestValue")]
    fn suggest_value(&mut self, variable: &Handle<'_, Variable>, value: Number) -> Result<()> {
        match self.tableau.suggest(variable.borrow()?.id(), value.0) {
            Ok(()) => Ok(()),
            Err(refusal) => Err(refused_edit(refusal, variable)?),
        }
    }

    /// Gives the variables their values.
    #[hpy(name = "updateVariables")]
    fn update_variables(&self) {
        // All of them: another solver may have changed some that this one has not.
        for (id, variable) in &self.variables {
            variable.set_value(self.tableau.value(*id));
        }
    }

    /// Makes it as it was when it was new.
    fn reset(&mut self) {
        self.tableau.reset();
        self.variables.clear();
    }

    /// Prints what `dumps` returns.
    fn dump(&self, ctx: Context<'_>) -> Result<()> {
        let print = ctx.builtins().get_item("print")?;
        print.call1((self.dumps()?,)).map(drop)
    }

    /// A text about what is in the solver.
    fn dumps(&self) -> Result<String> {
        let mut text = String::new();
        // kasuari does not show them.
        for inside in ["Objective", "Tableau", "Infeasible"] {
            head(&mut text, inside)?;
            text.push_str("(inside kasuari)\n\n");
        }
        head(&mut text, "Variables")?;
        for (id, variable) in &self.variables {
            let value = Digits(self.tableau.value(*id));
            writeln!(text, "{} = {value}", variable.name())?;
        }
        text.push('\n');
        head(&mut text, "Edit Variables")?;
        for variable in self.tableau.edited() {
            writeln!(text, "{}", self.name(variable))?;
        }
        text.push('\n');
        head(&mut text, "Constraints")?;
        for constraint in self.tableau.constraints() {
            self.show(constraint, &mut text)?;
        }
        Ok(text)
    }
}

impl Solver {
    fn name(&self, id: kasuari::Variable) -> String {
        self.variables
            .get(&id)
            .map_or_else(String::new, |variable| variable.name())
    }

    fn show(&self, constraint: &kasuari::Constraint, text: &mut String) -> Result<()> {
        let expression = constraint.expr();
        for term in &expression.terms {
            let (coefficient, name) = (Digits(term.coefficient), self.name(term.variable));
            write!(text, "{coefficient} * {name} + ")?;
        }
        let op = relation_name(constraint.op());
        let (constant, strength) = (
            Digits(expression.constant),
            Digits(constraint.strength().value()),
        );
        writeln!(text, "{constant} {op} 0 | strength = {strength}")?;
        Ok(())
    }
}

fn head(text: &mut String, title: &str) -> Result<()> {
    writeln!(text, "{title}\n{}", "-".repeat(title.len()))?;
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
