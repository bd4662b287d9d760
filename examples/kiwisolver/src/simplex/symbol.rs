//! The variables of the tableau: those of the layout, and those that come with constraints.

use std::collections::VecDeque;

/// A variable of the tableau. Rows have them in order: the older ones first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Symbol(u32);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A variable of the layout, which may be negative. No other kind may.
    External,
    /// What an inequality leaves room for.
    Slack,
    /// How far something that is not required is violated.
    Error,
    /// Nothing: it marks an equation that is required.
    Dummy,
}

impl Symbol {
    pub fn kind(self) -> Kind {
        match self.0 & 3 {
            0 => Kind::External,
            1 => Kind::Slack,
            2 => Kind::Error,
            _ => Kind::Dummy,
        }
    }

    pub fn is_external(self) -> bool {
        self.kind() == Kind::External
    }

    pub fn is_dummy(self) -> bool {
        self.kind() == Kind::Dummy
    }

    /// A slack or an error, which can always be solved for.
    pub fn is_pivotable(self) -> bool {
        matches!(self.kind(), Kind::Slack | Kind::Error)
    }

    /// Where tables have what belongs to it.
    pub fn index(self) -> usize {
        (self.0 >> 2) as usize
    }
}

/// Makes symbols, in ascending order. Symbols that were given back are used again once they are
/// many, so that tables do not grow for ever.
#[derive(Default)]
pub struct Symbols {
    free: VecDeque<u32>,
    next: u32,
}

impl Symbols {
    /// None if there are a thousand million already.
    pub fn make(&mut self, kind: Kind) -> Option<Symbol> {
        let used = self.next as usize - self.free.len();
        let again = (self.free.len() > 1000 + 3 * used).then(|| self.free.pop_front());
        let index = match again.flatten() {
            Some(index) => index,
            None if self.next > u32::MAX >> 2 => return None,
            None => {
                self.next += 1;
                self.next - 1
            }
        };
        Some(Symbol(index << 2 | kind as u32))
    }

    pub fn give_back(&mut self, symbol: Symbol) {
        self.free.push_back(symbol.0 >> 2);
    }
}
