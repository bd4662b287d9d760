//! Steps from one solution to the next: what the tableau is solved for is exchanged.

use super::row::{Cell, NEAR_ZERO, Row};
use super::symbol::Symbol;
use super::{Simplex, Trouble};

/// What is minimised.
#[derive(Clone, Copy)]
pub enum Goal {
    Objective,
    Artificial,
}

/// Memory that is used again.
#[derive(Default)]
pub struct Work {
    pub spare: Vec<Cell>,
    column: Vec<Occurrence>,
}

/// That a row has a symbol.
struct Occurrence {
    /// Which row.
    place: usize,
    /// Which of its cells.
    cell: usize,
}

impl Simplex {
    /// Makes the solution the best one after the tableau was changed.
    pub fn settle(&mut self) -> Result<(), Trouble> {
        self.minimise(Goal::Objective)?;
        // What rounding has made negative is mended where it can be, and harmless where not.
        let _ = self.make_feasible();
        Ok(())
    }

    /// Minimises by exchanging what has a negative cost, while all values are feasible.
    pub fn minimise(&mut self, goal: Goal) -> Result<(), Trouble> {
        for _ in 0..self.limit() {
            let objective = self.goal(goal);
            let negative = |cell: &&Cell| cell.value < 0.0 && !cell.symbol.is_dummy();
            let Some(entering) = objective.cells.iter().find(negative) else {
                return Ok(());
            };
            let entering = entering.symbol;
            self.find(entering);
            match self.leaving() {
                Some(place) => self.exchange(place, entering),
                // Costs have a least value: this one is rounding.
                None => self.goal(goal).remove(entering),
            }
        }
        Err(Trouble::Astray)
    }

    /// Makes negative values feasible again, while the solution stays the best.
    pub fn make_feasible(&mut self) -> Result<(), Trouble> {
        for _ in 0..self.limit() {
            let Some(symbol) = self.infeasible.pop() else {
                return Ok(());
            };
            let Some(place) = self.place(symbol) else {
                continue;
            };
            if self.rows[place].row.constant < -NEAR_ZERO {
                let entering = self.entering_for(place);
                let Some(entering) = entering else {
                    self.infeasible.clear();
                    return Err(Trouble::Astray);
                };
                self.pivot(place, entering);
            }
        }
        self.infeasible.clear();
        Err(Trouble::Astray)
    }

    /// Solves a row for one of its symbols.
    pub fn pivot(&mut self, place: usize, entering: Symbol) {
        self.find(entering);
        self.exchange(place, entering);
    }

    /// Puts a row that is no row of the tableau yet into all that are, and into the objective.
    pub fn substitute_everywhere(&mut self, symbol: Symbol, row: &Row, is_new: bool) {
        if is_new {
            self.work.column.clear();
        } else {
            self.find(symbol);
        }
        self.substitute_found(symbol, row, None);
    }

    /// The row to solve for a removed constraint's marker. It keeps the others feasible.
    pub fn leaving_for(&mut self, marker: Symbol) -> Option<usize> {
        self.find(marker);
        let mut best: [Option<(f64, Symbol, usize)>; 2] = [None, None];
        let mut external: Option<(Symbol, usize)> = None;
        for found in &self.work.column {
            let basic = &self.rows[found.place];
            if basic.symbol.is_external() {
                external = external.max(Some((basic.symbol, found.place)));
                continue;
            }
            let coefficient = basic.row.cells[found.cell].value;
            let ratio = basic.row.constant / coefficient.abs();
            note_least(
                &mut best[usize::from(coefficient > 0.0)],
                ratio,
                basic.symbol,
                found.place,
            );
        }
        let [shrinking, growing] = best.map(|best| best.map(|(_, _, place)| place));
        shrinking.or(growing).or(external.map(|(_, place)| place))
    }

    pub fn note_if_infeasible(&mut self, place: usize) {
        let Some(basic) = self.rows.get(place) else {
            return;
        };
        if basic.row.constant < -NEAR_ZERO && !basic.symbol.is_external() {
            self.infeasible.push(basic.symbol);
        }
    }

    /// Far more steps than it should take.
    fn limit(&self) -> usize {
        1000 + 50 * (self.rows.len() + self.objective.cells.len())
    }

    fn goal(&mut self, goal: Goal) -> &mut Row {
        match (goal, &mut self.artificial) {
            (Goal::Artificial, Some(artificial)) => artificial,
            _ => &mut self.objective,
        }
    }

    /// Notes all rows that have the symbol.
    fn find(&mut self, symbol: Symbol) {
        self.work.column.clear();
        for (place, basic) in self.rows.iter().enumerate() {
            if let Ok(cell) = basic.row.place(symbol) {
                self.work.column.push(Occurrence { place, cell });
            }
        }
    }

    /// The row whose symbol is zero first when the one that was looked for grows.
    fn leaving(&self) -> Option<usize> {
        let mut best: Option<(f64, Symbol, usize)> = None;
        for found in &self.work.column {
            let basic = &self.rows[found.place];
            let coefficient = basic.row.cells[found.cell].value;
            if coefficient < 0.0 && !basic.symbol.is_external() {
                let ratio = -basic.row.constant / coefficient;
                note_least(&mut best, ratio, basic.symbol, found.place);
            }
        }
        best.map(|(_, _, place)| place)
    }

    /// The symbol that costs least for making a row's symbol feasible.
    fn entering_for(&self, place: usize) -> Option<Symbol> {
        let mut costs = self.objective.cells.iter().peekable();
        let mut best = (f64::INFINITY, None);
        for cell in &self.rows[place].row.cells {
            if cell.value > 0.0 && !cell.symbol.is_dummy() {
                while costs.next_if(|cost| cost.symbol < cell.symbol).is_some() {}
                let cost = match costs.peek() {
                    Some(cost) if cost.symbol == cell.symbol => cost.value,
                    _ => 0.0,
                };
                let ratio = cost / cell.value;
                if ratio < best.0 {
                    best = (ratio, Some(cell.symbol));
                }
            }
        }
        best.1
    }

    /// Solves a row for the symbol that was looked for.
    fn exchange(&mut self, place: usize, entering: Symbol) {
        let basic = &mut self.rows[place];
        let leaving = std::mem::replace(&mut basic.symbol, entering);
        let mut row = std::mem::take(&mut basic.row);
        self.places[leaving.index()] = None;
        self.places[entering.index()] = Some(place as u32);
        row.exchange(leaving, entering);
        self.substitute_found(entering, &row, Some(place));
        self.rows[place].row = row;
    }

    fn substitute_found(&mut self, symbol: Symbol, row: &Row, except: Option<usize>) {
        let (spare, before) = (&mut self.work.spare, self.infeasible.len());
        for found in &self.work.column {
            if Some(found.place) == except {
                continue;
            }
            let basic = &mut self.rows[found.place];
            basic.row.substitute_at(found.cell, row, spare);
            if basic.row.constant < -NEAR_ZERO && !basic.symbol.is_external() {
                self.infeasible.push(basic.symbol);
            }
        }
        // The last of them is the next: the same one wherever the rows are.
        self.infeasible[before..].sort_unstable();
        self.objective.substitute(symbol, row, spare);
        if let Some(artificial) = &mut self.artificial {
            artificial.substitute(symbol, row, spare);
        }
    }
}

/// The lowest ratio, of several such the one of the oldest symbol.
fn note_least(best: &mut Option<(f64, Symbol, usize)>, ratio: f64, symbol: Symbol, place: usize) {
    let is_better =
        best.is_none_or(|(least, other, _)| ratio < least || ratio == least && symbol < other);
    if is_better && ratio < f64::INFINITY {
        *best = Some((ratio, symbol, place));
    }
}
