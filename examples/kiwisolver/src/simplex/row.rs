//! Rows of the tableau: a number, and multiples of symbols in the symbols' order.

use super::symbol::Symbol;

/// What is closer to zero is taken for zero, as kiwi does.
pub const NEAR_ZERO: f64 = 1e-8;

pub fn is_near_zero(value: f64) -> bool {
    value.abs() < NEAR_ZERO
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cell {
    pub symbol: Symbol,
    pub value: f64,
}

#[derive(Clone, Default, PartialEq, Debug)]
pub struct Row {
    pub cells: Vec<Cell>,
    pub constant: f64,
}

impl Row {
    pub fn new(constant: f64) -> Self {
        Row {
            cells: Vec::new(),
            constant,
        }
    }

    pub fn place(&self, symbol: Symbol) -> Result<usize, usize> {
        self.cells.binary_search_by_key(&symbol, |cell| cell.symbol)
    }

    pub fn coefficient(&self, symbol: Symbol) -> f64 {
        self.place(symbol)
            .map_or(0.0, |place| self.cells[place].value)
    }

    /// Adds a multiple of a symbol.
    pub fn add(&mut self, symbol: Symbol, value: f64) {
        match self.place(symbol) {
            Ok(place) => {
                self.cells[place].value += value;
                if is_near_zero(self.cells[place].value) {
                    self.cells.remove(place);
                }
            }
            Err(_) if is_near_zero(value) => {}
            Err(place) => self.cells.insert(place, Cell { symbol, value }),
        }
    }

    /// Adds a multiple of another row. `spare` is memory to work in.
    pub fn add_row(&mut self, other: &Row, factor: f64, spare: &mut Vec<Cell>) {
        self.constant += other.constant * factor;
        if other.cells.len() * 8 < self.cells.len() {
            for cell in &other.cells {
                self.add(cell.symbol, cell.value * factor);
            }
        } else {
            merge(&self.cells, &other.cells, factor, spare);
            std::mem::swap(&mut self.cells, spare);
        }
    }

    /// Puts a row in the place of the symbol that it is equal to.
    pub fn substitute(&mut self, symbol: Symbol, row: &Row, spare: &mut Vec<Cell>) {
        if let Ok(place) = self.place(symbol) {
            self.substitute_at(place, row, spare);
        }
    }

    pub fn substitute_at(&mut self, place: usize, row: &Row, spare: &mut Vec<Cell>) {
        let factor = self.cells.remove(place).value;
        self.add_row(row, factor, spare);
    }

    pub fn remove(&mut self, symbol: Symbol) {
        if let Ok(place) = self.place(symbol) {
            self.cells.remove(place);
        }
    }

    pub fn negate(&mut self) {
        self.constant = -self.constant;
        for cell in &mut self.cells {
            cell.value = -cell.value;
        }
    }

    /// From `0 = row` to `symbol = row`. A row without the symbol stays as it is.
    pub fn solve_for(&mut self, symbol: Symbol) {
        let Ok(place) = self.place(symbol) else {
            return;
        };
        // Divided, not multiplied by the inverse: what should be one is one.
        let divisor = -self.cells.remove(place).value;
        self.constant /= divisor;
        for cell in &mut self.cells {
            cell.value /= divisor;
        }
    }

    /// From `basic = row` to `symbol = row`.
    pub fn exchange(&mut self, basic: Symbol, symbol: Symbol) {
        self.add(basic, -1.0);
        self.solve_for(symbol);
    }
}

/// `first + factor * second`, without what is near zero.
fn merge(first: &[Cell], second: &[Cell], factor: f64, into: &mut Vec<Cell>) {
    into.clear();
    into.reserve(first.len() + second.len());
    let (mut first, mut second) = (first, second);
    while let ([a, after_a @ ..], [b, after_b @ ..]) = (first, second) {
        let symbol = a.symbol.min(b.symbol);
        let mut value = 0.0;
        if a.symbol <= b.symbol {
            value = a.value;
            first = after_a;
        }
        if b.symbol <= a.symbol {
            value += b.value * factor;
            second = after_b;
        }
        if !is_near_zero(value) {
            into.push(Cell { symbol, value });
        }
    }
    into.extend_from_slice(first);
    into.extend(second.iter().filter_map(|cell| {
        let (symbol, value) = (cell.symbol, cell.value * factor);
        (!is_near_zero(value)).then_some(Cell { symbol, value })
    }));
}
