//! Linear constraints, added and removed one at a time. The algorithm is that of Badros, Borning
//! and Stuckey ("The Cassowary linear arithmetic constraint solving algorithm", 2001): a simplex
//! method whose tableau is kept.
//!
//! The same calls have the same results: rows are sorted, symbols are numbered as they are made,
//! and of several choices the lowest number is taken (Bland's rule). In exact arithmetic no tableau
//! comes twice. Rounding can still lead astray, so the number of steps has a limit.

mod pivot;
mod row;
mod show;
mod symbol;

use pivot::Goal;
use row::{Row, is_near_zero};
use symbol::{Kind, Symbol, Symbols};

/// How an expression is compared with zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Relation {
    AtMost,
    Equal,
    AtLeast,
}

/// The strength of what must not be violated. None is greater.
pub const REQUIRED: f64 = 1_001_001_000.0;

/// A constraint, its variables by their numbers.
#[derive(Clone, Debug)]
pub struct Linear {
    pub terms: Vec<(usize, f64)>,
    pub constant: f64,
    pub relation: Relation,
    pub strength: f64,
}

/// The symbols that came with a constraint.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    marker: Symbol,
    other: Option<Symbol>,
    strength: f64,
}

/// Why a constraint was not added, or something else not done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// It contradicts what is required. All is as it was.
    Unsatisfiable,
    /// Rounding has led astray: the tableau is of no use any more.
    Astray,
}

/// A symbol that the tableau is solved for, and what it is equal to.
struct Basic {
    symbol: Symbol,
    row: Row,
}

/// The tableau.
#[derive(Default)]
pub struct Simplex {
    symbols: Symbols,
    /// By the variables' numbers.
    externals: Vec<Option<Symbol>>,
    rows: Vec<Basic>,
    /// Where `rows` has a symbol, by its index.
    places: Vec<Option<u32>>,
    objective: Row,
    /// What is minimised while a constraint is added that nothing in it can be solved for.
    artificial: Option<Row>,
    /// Symbols that may have become negative.
    infeasible: Vec<Symbol>,
    work: pivot::Work,
}

impl Simplex {
    /// The value of a variable: zero, if nothing is said about it.
    pub fn value(&self, variable: usize) -> f64 {
        let symbol = self.externals.get(variable).copied().flatten();
        symbol
            .and_then(|symbol| self.place(symbol))
            .map_or(0.0, |place| self.rows[place].row.constant)
    }

    /// Adds a constraint.
    pub fn add(&mut self, constraint: &Linear) -> Result<Mark, Trouble> {
        let (mut row, mark) = self.row_of(constraint)?;
        let subject = subject(&row, mark).or_else(|| {
            // Required equations of what is fixed already: one too many, or a contradiction.
            let is_redundant = is_near_zero(row.constant);
            (is_redundant && row.cells.iter().all(|cell| cell.symbol.is_dummy()))
                .then_some(mark.marker)
        });
        match subject {
            Some(subject) => {
                row.solve_for(subject);
                // What came with the constraint is in the objective at most.
                let is_new = subject == mark.marker || Some(subject) == mark.other;
                self.substitute_everywhere(subject, &row, is_new);
                self.insert(subject, row);
            }
            None => {
                if !self.add_artificial(row, mark)? {
                    self.forget(mark);
                    self.settle()?;
                    return Err(Trouble::Unsatisfiable);
                }
            }
        }
        self.settle()?;
        Ok(mark)
    }

    /// Takes a constraint away.
    pub fn remove(&mut self, mark: Mark) -> Result<(), Trouble> {
        for symbol in [Some(mark.marker), mark.other].into_iter().flatten() {
            if symbol.kind() == Kind::Error {
                match self.place(symbol) {
                    Some(place) => {
                        let row = &self.rows[place].row;
                        self.objective
                            .add_row(row, -mark.strength, &mut self.work.spare);
                    }
                    None => self.objective.add(symbol, -mark.strength),
                }
            }
        }
        // The one is the other's opposite: where the one is solved for, no other row has the other.
        let solved = [Some(mark.marker), mark.other]
            .into_iter()
            .flatten()
            .find_map(|symbol| self.place(symbol));
        match solved {
            Some(place) => {
                self.take(place);
            }
            None => {
                let place = self.leaving_for(mark.marker).ok_or(Trouble::Astray)?;
                self.pivot(place, mark.marker);
                self.take(place);
            }
        }
        self.forget(mark);
        self.settle()
    }

    /// Moves the number that an equation is about, which is not required.
    pub fn shift(&mut self, mark: Mark, delta: f64) -> Result<(), Trouble> {
        let cost = self.objective.coefficient(mark.marker);
        self.objective.constant += delta * (cost - mark.strength);
        if let Some(place) = self.place(mark.marker) {
            self.move_constant(place, -delta);
        } else if let Some(place) = mark.other.and_then(|other| self.place(other)) {
            self.move_constant(place, delta);
        } else {
            for place in 0..self.rows.len() {
                let coefficient = self.rows[place].row.coefficient(mark.marker);
                if coefficient != 0.0 {
                    self.move_constant(place, delta * coefficient);
                }
            }
            self.infeasible.sort_unstable();
        }
        self.make_feasible()
    }

    fn move_constant(&mut self, place: usize, delta: f64) {
        self.rows[place].row.constant += delta;
        self.note_if_infeasible(place);
    }

    /// The constraint as a row that is zero, with the symbols that it takes.
    fn row_of(&mut self, constraint: &Linear) -> Result<(Row, Mark), Trouble> {
        let mut row = Row::new(constraint.constant);
        for &(variable, coefficient) in &constraint.terms {
            if is_near_zero(coefficient) {
                continue;
            }
            let symbol = self.external(variable)?;
            match self.place(symbol) {
                Some(place) => {
                    let basic = &self.rows[place].row;
                    row.add_row(basic, coefficient, &mut self.work.spare);
                }
                None => row.add(symbol, coefficient),
            }
        }
        let is_required = constraint.strength >= REQUIRED;
        let (marker, other) = if constraint.relation == Relation::Equal {
            if is_required {
                let dummy = self.symbol(Kind::Dummy)?;
                row.add(dummy, 1.0);
                (dummy, None)
            } else {
                let (above, below) = (self.symbol(Kind::Error)?, self.symbol(Kind::Error)?);
                row.add(above, -1.0);
                row.add(below, 1.0);
                (above, Some(below))
            }
        } else {
            let is_at_most = constraint.relation == Relation::AtMost;
            let sign = if is_at_most { 1.0 } else { -1.0 };
            let slack = self.symbol(Kind::Slack)?;
            row.add(slack, sign);
            if is_required {
                (slack, None)
            } else {
                let error = self.symbol(Kind::Error)?;
                row.add(error, -sign);
                (slack, Some(error))
            }
        };
        let mark = Mark {
            marker,
            other,
            strength: constraint.strength,
        };
        for symbol in [Some(marker), other].into_iter().flatten() {
            if symbol.kind() == Kind::Error {
                self.objective.add(symbol, constraint.strength);
            }
        }
        if row.constant < 0.0 {
            row.negate();
        }
        Ok((row, mark))
    }

    /// Adds a row none of whose symbols it can be solved for. False if there is no solution. The
    /// row is removed again then.
    fn add_artificial(&mut self, row: Row, mark: Mark) -> Result<bool, Trouble> {
        let artificial = self.symbol(Kind::Slack)?;
        self.artificial = Some(row.clone());
        self.insert(artificial, row);
        let done = self.minimise(Goal::Artificial);
        let rest = self.artificial.take().map_or(0.0, |row| row.constant);
        done?;
        let is_possible = is_near_zero(rest);
        if let Some(place) = self.place(artificial) {
            let entering = is_possible.then(|| self.for_artificial(place, mark.marker));
            match entering.flatten() {
                Some(entering) => {
                    self.pivot(place, entering);
                }
                None => {
                    // No other row has the new constraint in it.
                    let row = self.take(place);
                    if is_possible && !row.cells.is_empty() {
                        return Err(Trouble::Astray);
                    }
                }
            }
        }
        self.scrub(artificial);
        self.symbols.give_back(artificial);
        Ok(is_possible)
    }

    /// The symbol that takes the place of an artificial one that is zero.
    fn for_artificial(&self, place: usize, marker: Symbol) -> Option<Symbol> {
        let cells = &self.rows[place].row.cells;
        let mut best: Option<(Symbol, f64)> = None;
        for cell in cells.iter().filter(|cell| cell.symbol.is_pivotable()) {
            if best.is_none_or(|(_, size)| cell.value.abs() > size) {
                best = Some((cell.symbol, cell.value.abs()));
            }
        }
        best.map(|(symbol, _)| symbol)
            .or_else(|| cells.iter().map(|cell| cell.symbol).find(|s| *s == marker))
    }

    /// Gives the symbols of a constraint back that has no row any more.
    fn forget(&mut self, mark: Mark) {
        for symbol in [Some(mark.marker), mark.other].into_iter().flatten() {
            self.scrub(symbol);
            self.symbols.give_back(symbol);
        }
    }

    /// Removes what rounding may have left of a symbol.
    fn scrub(&mut self, symbol: Symbol) {
        if let Some(place) = self.place(symbol) {
            self.take(place);
        }
        for basic in &mut self.rows {
            basic.row.remove(symbol);
        }
        self.objective.remove(symbol);
    }

    fn external(&mut self, variable: usize) -> Result<Symbol, Trouble> {
        if variable >= self.externals.len() {
            self.externals.resize(variable + 1, None);
        }
        if let Some(symbol) = self.externals[variable] {
            return Ok(symbol);
        }
        let symbol = self.symbol(Kind::External)?;
        self.externals[variable] = Some(symbol);
        Ok(symbol)
    }

    fn symbol(&mut self, kind: Kind) -> Result<Symbol, Trouble> {
        let symbol = self.symbols.make(kind).ok_or(Trouble::Astray)?;
        if symbol.index() >= self.places.len() {
            self.places.resize(symbol.index() + 1, None);
        }
        Ok(symbol)
    }

    fn place(&self, symbol: Symbol) -> Option<usize> {
        self.places[symbol.index()].map(|place| place as usize)
    }

    fn insert(&mut self, symbol: Symbol, row: Row) {
        self.places[symbol.index()] = Some(self.rows.len() as u32);
        self.rows.push(Basic { symbol, row });
    }

    fn take(&mut self, place: usize) -> Row {
        let basic = self.rows.swap_remove(place);
        self.places[basic.symbol.index()] = None;
        if let Some(moved) = self.rows.get(place) {
            self.places[moved.symbol.index()] = Some(place as u32);
        }
        basic.row
    }
}

/// What a new row is solved for: a variable, or what came with it, if that is not negative then.
fn subject(row: &Row, mark: Mark) -> Option<Symbol> {
    let mut symbols = row.cells.iter().map(|cell| cell.symbol);
    symbols.find(|symbol| symbol.is_external()).or_else(|| {
        [Some(mark.marker), mark.other]
            .into_iter()
            .flatten()
            .find(|symbol| symbol.is_pivotable() && row.coefficient(*symbol) < 0.0)
    })
}
