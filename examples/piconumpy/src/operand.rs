//! What may stand beside an array in a calculation, and the loops over both.

use crate::array::Array;
use hpy::buffer::{Buffer, Memory, ReadOnlyCell};
use hpy::ensure;
use hpy::exceptions::{ValueError, ZeroDivisionError};
use hpy::prelude::*;

/// An array, a number, or any object with memory of floats in one dimension: numpy's arrays,
/// Python's `array.array("d")`, memory views.
pub enum Operand<'a, 'ctx> {
    Number(f64),
    Array(Ref<'a, Array>),
    Buffer(Buffer<'ctx, f64>),
    /// Of memory whose floats lie at odd addresses, as other things lie between or before them.
    Copy(Vec<f64>),
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Operand<'a, 'ctx> {
    /// TypeError for anything else, which lets an operator ask the other side.
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if handle.is_instance_of::<Array>() {
            return Ok(Operand::Array(handle.downcast::<Array>()?.borrow()?));
        }
        if handle.is_instance_of::<Float>() || handle.is_instance_of::<Int>() {
            return handle.extract().map(Operand::Number);
        }
        match handle.buffer() {
            Ok(buffer) if buffer.ndim() == 1 && buffer.as_slice().is_ok() => {
                Ok(Operand::Buffer(buffer))
            }
            Ok(buffer) if buffer.ndim() == 1 => buffer.to_vec().map(Operand::Copy),
            _ => handle.extract().map(Operand::Number),
        }
    }
}

/// Where a loop takes its floats from.
#[derive(Clone, Copy)]
pub enum Side<'a> {
    /// The same one each time.
    Number(f64),
    Items(&'a [f64]),
    /// Memory that others see, too, and may write.
    Shared(&'a Memory<f64>),
    Cells(&'a [ReadOnlyCell<f64>]),
}

impl Operand<'_, '_> {
    /// Its floats.
    pub fn side(&self) -> Result<Side<'_>> {
        Ok(match self {
            Operand::Number(number) => Side::Number(*number),
            Operand::Array(array) => array.side(),
            Operand::Copy(items) => Side::Items(items),
            Operand::Buffer(buffer) => match buffer.as_immutable() {
                Some(items) => Side::Items(items),
                None => Side::Cells(buffer.as_slice()?),
            },
        })
    }
}

/// Evaluates `$body` with an iterator over the floats of a side. It stands once for each kind of
/// side, so that each loop is one over plain memory.
macro_rules! with {
    ($side:expr, |$floats:ident| $body:expr) => {
        match $side {
            Side::Number(number) => {
                let $floats = std::iter::repeat(number);
                $body
            }
            Side::Items(items) => {
                let $floats = items.iter().copied();
                $body
            }
            Side::Shared(memory) => {
                let $floats = memory.iter();
                $body
            }
            Side::Cells(cells) => {
                let $floats = cells.iter().map(|cell| cell.get());
                $body
            }
        }
    };
}

/// `+ - * /`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Sub,
    Mul,
    Div,
}

impl Side<'_> {
    /// How many there are; None of a number, which fits everywhere.
    fn len(self) -> Option<usize> {
        match self {
            Side::Number(_) => None,
            Side::Items(items) => Some(items.len()),
            Side::Shared(memory) => Some(memory.len()),
            Side::Cells(cells) => Some(cells.len()),
        }
    }

    /// A copy, for the array whose length is this.
    pub fn to_vec(self, len: usize) -> Result<Vec<f64>> {
        self.fits(len)?;
        Ok(with!(self, |floats| floats.take(len).collect()))
    }

    /// What the operator makes of each pair.
    ///
    /// # Errors
    /// ValueError if one side has more items than the other, ZeroDivisionError as Python has it.
    pub fn calculate(self, operator: Operator, right: Side<'_>) -> Result<Vec<f64>> {
        let len = self.len().or(right.len()).unwrap_or(1);
        self.fits(len)?;
        right.fits(len)?;
        if operator == Operator::Div {
            let divides_by_zero = with!(right, |floats| floats.take(len).any(|item| item == 0.0));
            ensure!(!divides_by_zero, ZeroDivisionError, "division by zero");
        }
        Ok(match operator {
            Operator::Add => self.zip(right, len, |a, b| a + b),
            Operator::Sub => self.zip(right, len, |a, b| a - b),
            Operator::Mul => self.zip(right, len, |a, b| a * b),
            Operator::Div => self.zip(right, len, |a, b| a / b),
        })
    }

    fn fits(self, len: usize) -> Result<()> {
        let own = self.len().unwrap_or(len);
        ensure!(
            own == len,
            ValueError,
            "arrays of {len} and of {own} floats do not fit together"
        );
        Ok(())
    }

    fn zip(self, right: Side<'_>, len: usize, function: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        with!(self, |left| with!(right, |right| {
            left.zip(right)
                .take(len)
                .map(|(a, b)| function(a, b))
                .collect()
        }))
    }

    /// The sum of the products. From the first one to the last, as a loop in Python would.
    pub fn dot(self, right: Side<'_>) -> Result<f64> {
        let len = self.len().or(right.len()).unwrap_or(1);
        self.fits(len)?;
        right.fits(len)?;
        Ok(with!(self, |left| with!(right, |right| {
            let pairs = left.zip(right).take(len);
            pairs.fold(0.0, |sum, (a, b)| sum + a * b)
        })))
    }

    /// The sum, in order.
    pub fn sum(self) -> f64 {
        let len = self.len().unwrap_or(1);
        with!(self, |floats| floats
            .take(len)
            .fold(0.0, |sum, item| sum + item))
    }
}
