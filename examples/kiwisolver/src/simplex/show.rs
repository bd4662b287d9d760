//! The inside of the solver as a text, laid out as kiwi does.

use super::row::Row;
use super::symbol::{Kind, Symbol};
use super::{Linear, Relation, Simplex};
use crate::digits::Digits;
use std::fmt::{self, Write};

impl Relation {
    /// Python's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Relation::AtMost => "<=",
            Relation::Equal => "==",
            Relation::AtLeast => ">=",
        }
    }
}

impl Linear {
    pub fn show(&self, names: &dyn Fn(usize) -> String, text: &mut String) -> fmt::Result {
        for &(variable, coefficient) in &self.terms {
            write!(text, "{} * {} + ", Digits(coefficient), names(variable))?;
        }
        let (constant, strength) = (Digits(self.constant), Digits(self.strength));
        let relation = self.relation.name();
        writeln!(text, "{constant} {relation} 0 | strength = {strength}")
    }
}

impl Simplex {
    pub fn show_objective(
        &self,
        names: &dyn Fn(usize) -> String,
        text: &mut String,
    ) -> fmt::Result {
        self.show_row(&self.objective, names, text)
    }

    pub fn show_tableau(&self, names: &dyn Fn(usize) -> String, text: &mut String) -> fmt::Result {
        for basic in &self.rows {
            self.show_symbol(basic.symbol, names, text)?;
            text.push_str(" | ");
            self.show_row(&basic.row, names, text)?;
        }
        Ok(())
    }

    pub fn show_infeasible(
        &self,
        names: &dyn Fn(usize) -> String,
        text: &mut String,
    ) -> fmt::Result {
        for symbol in &self.infeasible {
            self.show_symbol(*symbol, names, text)?;
            text.push('\n');
        }
        Ok(())
    }

    fn show_row(
        &self,
        row: &Row,
        names: &dyn Fn(usize) -> String,
        text: &mut String,
    ) -> fmt::Result {
        write!(text, "{}", Digits(row.constant))?;
        for cell in &row.cells {
            write!(text, " + {} * ", Digits(cell.value))?;
            self.show_symbol(cell.symbol, names, text)?;
        }
        text.push('\n');
        Ok(())
    }

    fn show_symbol(
        &self,
        symbol: Symbol,
        names: &dyn Fn(usize) -> String,
        text: &mut String,
    ) -> fmt::Result {
        let letter = match symbol.kind() {
            Kind::External => {
                let mut externals = self.externals.iter();
                let variable = externals.position(|other| *other == Some(symbol));
                text.push_str(&variable.map_or_else(String::new, names));
                return Ok(());
            }
            Kind::Slack => 's',
            Kind::Error => 'e',
            Kind::Dummy => 'd',
        };
        write!(text, "{letter}{}", symbol.index())
    }
}
