//! The simplex tableau with names for what is in it, and the way out of errors by rounding.
//!
//! kiwi ends the process then ("the objective is unbounded"). Here everything added is noted, and
//! added again to a new tableau.

use crate::simplex::{Linear, Mark, REQUIRED, Relation, Simplex, Trouble};
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Tableau {
    simplex: Simplex,
    /// By the constraints' numbers.
    constraints: BTreeMap<u64, Added>,
    /// How many constraints were added ever.
    added: u64,
    /// By the variables' numbers.
    edits: BTreeMap<usize, Edit>,
    /// The simplex does not have what it should.
    is_broken: bool,
}

struct Added {
    linear: Linear,
    /// Higher the later it came.
    turn: u64,
    /// None until the simplex has it.
    mark: Option<Mark>,
}

struct Edit {
    strength: f64,
    suggested: f64,
    mark: Option<Mark>,
}

impl Edit {
    /// That the variable has the suggested value.
    fn linear(&self, variable: usize) -> Linear {
        Linear {
            terms: vec![(variable, 1.0)],
            constant: -self.suggested,
            relation: Relation::Equal,
            strength: self.strength,
        }
    }
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

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unsatisfiable => Refusal::Unsatisfiable,
            Trouble::Astray => Refusal::Failed,
        }
    }
}

impl Tableau {
    pub fn has(&self, constraint: u64) -> bool {
        self.constraints.contains_key(&constraint)
    }

    pub fn is_edited(&self, variable: usize) -> bool {
        self.edits.contains_key(&variable)
    }

    pub fn value(&self, variable: usize) -> f64 {
        self.simplex.value(variable)
    }

    pub fn simplex(&self) -> &Simplex {
        &self.simplex
    }

    /// In the order in which they came.
    pub fn constraints(&self) -> impl Iterator<Item = &Linear> {
        let mut added: Vec<_> = self.constraints.values().collect();
        added.sort_unstable_by_key(|added| added.turn);
        added.into_iter().map(|added| &added.linear)
    }

    pub fn edited(&self) -> impl Iterator<Item = usize> {
        self.edits.keys().copied()
    }

    pub fn add(&mut self, constraint: u64, linear: Linear) -> Result<(), Refusal> {
        if self.has(constraint) {
            return Err(Refusal::Duplicate);
        }
        self.mend()?;
        let mark = unless_astray(self.simplex.add(&linear))?;
        let turn = self.added;
        self.added += 1;
        let added = Added { linear, turn, mark };
        self.constraints.insert(constraint, added);
        if mark.is_none()
            && let Err(refusal) = self.renew()
        {
            self.constraints.remove(&constraint);
            let _ = self.renew();
            return Err(refusal);
        }
        Ok(())
    }

    pub fn remove(&mut self, constraint: u64) -> Result<(), Refusal> {
        match self.constraints.remove(&constraint) {
            Some(added) => self.drop(added.mark),
            None => Err(Refusal::Unknown),
        }
    }

    pub fn add_edit(&mut self, variable: usize, strength: f64) -> Result<(), Refusal> {
        if self.is_edited(variable) {
            return Err(Refusal::Duplicate);
        }
        if strength >= REQUIRED {
            return Err(Refusal::Required);
        }
        self.mend()?;
        let mut edit = Edit {
            strength,
            suggested: 0.0,
            mark: None,
        };
        edit.mark = unless_astray(self.simplex.add(&edit.linear(variable)))?;
        let is_astray = edit.mark.is_none();
        self.edits.insert(variable, edit);
        if is_astray && let Err(refusal) = self.renew() {
            self.edits.remove(&variable);
            let _ = self.renew();
            return Err(refusal);
        }
        Ok(())
    }

    pub fn remove_edit(&mut self, variable: usize) -> Result<(), Refusal> {
        match self.edits.remove(&variable) {
            Some(edit) => self.drop(edit.mark),
            None => Err(Refusal::Unknown),
        }
    }

    pub fn suggest(&mut self, variable: usize, value: f64) -> Result<(), Refusal> {
        let Some(edit) = self.edits.get_mut(&variable) else {
            return Err(Refusal::Unknown);
        };
        let before = std::mem::replace(&mut edit.suggested, value);
        match edit.mark {
            Some(mark) if !self.is_broken => {
                // As it is when a window becomes wider, not higher.
                if before == value || self.simplex.shift(mark, value - before).is_ok() {
                    return Ok(());
                }
                self.renew()
            }
            _ => self.renew(),
        }
    }

    pub fn reset(&mut self) {
        *self = Tableau::default();
    }

    fn drop(&mut self, mark: Option<Mark>) -> Result<(), Refusal> {
        match mark {
            Some(mark) if !self.is_broken && self.simplex.remove(mark).is_ok() => Ok(()),
            _ => self.renew(),
        }
    }

    fn mend(&mut self) -> Result<(), Refusal> {
        if self.is_broken { self.renew() } else { Ok(()) }
    }

    /// Puts all that was added into a new simplex, what matters most first.
    #[cold]
    fn renew(&mut self) -> Result<(), Refusal> {
        self.is_broken = true;
        let mut simplex = Simplex::default();
        let mut constraints: Vec<_> = self.constraints.values_mut().collect();
        constraints.sort_unstable_by(|a, b| {
            let by_strength = b.linear.strength.total_cmp(&a.linear.strength);
            by_strength.then(a.turn.cmp(&b.turn))
        });
        for added in constraints {
            added.mark = Some(simplex.add(&added.linear)?);
        }
        for (&variable, edit) in &mut self.edits {
            edit.mark = Some(simplex.add(&edit.linear(variable))?);
        }
        self.simplex = simplex;
        self.is_broken = false;
        Ok(())
    }
}

/// None where rounding has led astray, which a new simplex may mend.
fn unless_astray(added: Result<Mark, Trouble>) -> Result<Option<Mark>, Refusal> {
    match added {
        Ok(mark) => Ok(Some(mark)),
        Err(Trouble::Astray) => Ok(None),
        Err(trouble) => Err(trouble.into()),
    }
}
