//! kasuari's solver, and what it takes to go on after it has failed.
//!
//! Rounding can bring it into a state that it cannot go on from ("the objective is unbounded"), as it can kiwi, which ends the process
//! then; and after a constraint that cannot be satisfied neither is what it was before. So what was added is noted here, and added
//! to a new solver in both cases.

use kasuari::{
    AddConstraintError, Constraint, RemoveConstraintError, Solver, Strength, SuggestValueError,
    Variable,
};
use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

pub struct Tableau {
    solver: Solver,
    /// Each with a number that is higher the later it came.
    constraints: HashMap<Constraint, u64>,
    added: u64,
    edits: BTreeMap<Variable, Edit>,
    /// The solver does not have what it should.
    is_broken: bool,
}

#[derive(Clone, Copy)]
struct Edit {
    strength: Strength,
    suggested: f64,
}

/// Why something was not done.
pub enum Refusal {
    /// It is there already.
    Duplicate,
    /// It is not there.
    Unknown,
    /// It contradicts others that are required.
    Unsatisfiable,
    /// No edit variable is required.
    Required,
    /// The numbers are too far apart for the solver.
    Failed,
}

/// How often a new solver is tried: each has its tables in another order.
const ATTEMPTS: usize = 4;

impl Tableau {
    pub fn new() -> Self {
        Tableau {
            solver: Solver::new(),
            constraints: HashMap::new(),
            added: 0,
            edits: BTreeMap::new(),
            is_broken: false,
        }
    }

    pub fn has(&self, constraint: &Constraint) -> bool {
        self.constraints.contains_key(constraint)
    }

    pub fn is_edited(&self, variable: Variable) -> bool {
        self.edits.contains_key(&variable)
    }

    pub fn value(&self, variable: Variable) -> f64 {
        self.solver.get_value(variable)
    }

    /// In the order in which they came.
    pub fn constraints(&self) -> Vec<&Constraint> {
        let mut constraints: Vec<_> = self.constraints.iter().collect();
        constraints.sort_unstable_by_key(|(_, number)| **number);
        constraints
            .into_iter()
            .map(|(constraint, _)| constraint)
            .collect()
    }

    pub fn edited(&self) -> impl Iterator<Item = Variable> {
        self.edits.keys().copied()
    }

    pub fn add(&mut self, constraint: &Constraint) -> Result<(), Refusal> {
        if self.has(constraint) {
            return Err(Refusal::Duplicate);
        }
        self.mend()?;
        let added = self.solver.add_constraint(constraint.clone());
        if let Err(AddConstraintError::UnsatisfiableConstraint) = added {
            // What was satisfiable before can be so again.
            let _ = self.renew();
            return Err(Refusal::Unsatisfiable);
        }
        self.added += 1;
        self.constraints.insert(constraint.clone(), self.added);
        if added.is_err()
            && let Err(refusal) = self.renew()
        {
            self.constraints.remove(constraint);
            let _ = self.renew();
            return Err(refusal);
        }
        Ok(())
    }

    pub fn remove(&mut self, constraint: &Constraint) -> Result<(), Refusal> {
        if self.constraints.remove(constraint).is_none() {
            return Err(Refusal::Unknown);
        }
        match self.solver.remove_constraint(constraint) {
            Ok(()) if !self.is_broken => Ok(()),
            Ok(()) | Err(RemoveConstraintError::UnknownConstraint) => self.renew(),
            Err(RemoveConstraintError::InternalSolverError(_)) => self.renew(),
        }
    }

    pub fn add_edit(&mut self, variable: Variable, strength: Strength) -> Result<(), Refusal> {
        if self.is_edited(variable) {
            return Err(Refusal::Duplicate);
        }
        if strength == Strength::REQUIRED {
            return Err(Refusal::Required);
        }
        self.mend()?;
        let edit = Edit {
            strength,
            suggested: 0.0,
        };
        self.edits.insert(variable, edit);
        if add_edit(&mut self.solver, variable, edit).is_err()
            && let Err(refusal) = self.renew()
        {
            self.edits.remove(&variable);
            let _ = self.renew();
            return Err(refusal);
        }
        Ok(())
    }

    pub fn remove_edit(&mut self, variable: Variable) -> Result<(), Refusal> {
        if self.edits.remove(&variable).is_none() {
            return Err(Refusal::Unknown);
        }
        if self.solver.remove_edit_variable(variable).is_err() || self.is_broken {
            return self.renew();
        }
        Ok(())
    }

    pub fn suggest(&mut self, variable: Variable, value: f64) -> Result<(), Refusal> {
        let Some(edit) = self.edits.get_mut(&variable) else {
            return Err(Refusal::Unknown);
        };
        let before = std::mem::replace(&mut edit.suggested, value);
        if self.is_broken {
            return self.renew();
        }
        if before == value {
            // As it is when a window becomes wider, not higher.
            return Ok(());
        }
        match self.solver.suggest_value(variable, value) {
            Ok(()) => Ok(()),
            Err(SuggestValueError::UnknownEditVariable) => self.renew(),
            Err(SuggestValueError::InternalSolverError(_)) => self.renew(),
        }
    }

    pub fn reset(&mut self) {
        self.solver.reset();
        self.constraints.clear();
        self.edits.clear();
        self.is_broken = false;
    }

    fn mend(&mut self) -> Result<(), Refusal> {
        if self.is_broken { self.renew() } else { Ok(()) }
    }

    /// Puts all that was added into a new solver: what matters most first, which rounding harms least.
    #[cold]
    fn renew(&mut self) -> Result<(), Refusal> {
        let mut constraints = self.constraints();
        constraints.sort_by(|a, b| b.strength().value().total_cmp(&a.strength().value()));
        let mut result = Err(Refusal::Failed);
        for _ in 0..ATTEMPTS {
            match filled(&constraints, &self.edits) {
                Ok(solver) => {
                    self.solver = solver;
                    self.is_broken = false;
                    return Ok(());
                }
                Err(refusal) => result = Err(refusal),
            }
        }
        self.is_broken = true;
        result
    }
}

fn filled(
    constraints: &[&Constraint],
    edits: &BTreeMap<Variable, Edit>,
) -> Result<Solver, Refusal> {
    let mut solver = Solver::new();
    for &constraint in constraints {
        match solver.add_constraint(constraint.clone()) {
            Ok(()) => {}
            Err(AddConstraintError::UnsatisfiableConstraint) => return Err(Refusal::Unsatisfiable),
            Err(_) => return Err(Refusal::Failed),
        }
    }
    for (&variable, &edit) in edits {
        add_edit(&mut solver, variable, edit)?;
    }
    Ok(solver)
}

/// kasuari panics where it could return an error.
fn add_edit(solver: &mut Solver, variable: Variable, edit: Edit) -> Result<(), Refusal> {
    let added = catch_unwind(AssertUnwindSafe(|| {
        solver.add_edit_variable(variable, edit.strength)
    }));
    match added {
        Ok(Ok(())) if edit.suggested == 0.0 => Ok(()),
        Ok(Ok(())) => solver
            .suggest_value(variable, edit.suggested)
            .map_err(|_| Refusal::Failed),
        _ => Err(Refusal::Failed),
    }
}
