//! What the module raises, and what its Rust code reports.

use crate::amount::Currency;
use hpy::exceptions::{Exception, OverflowError, ValueError};
use hpy::prelude::*;
use std::fmt;

exception! {
    /// What is wrong with a stock of goods.
    pub InventoryError: Exception
}
exception! {
    /// Amounts of different currencies do not go together.
    pub CurrencyMismatch: InventoryError
}
exception! {
    /// A warehouse does not have such an item.
    pub UnknownItem: InventoryError
}
exception! {
    /// There is not enough of an item: attributes `sku`, `wanted` and `available`.
    pub OutOfStock: InventoryError
}

/// What goes wrong where Python is not needed.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    Overflow,
    BadAmount(String),
    BadCurrency(String),
    BadRounding(String),
    Mismatch(Currency, Currency),
    UnknownItem(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Overflow => write!(f, "the amount is too large"),
            Failure::BadAmount(text) => write!(f, "not an amount: {text:?}"),
            Failure::BadCurrency(text) => write!(f, "not a currency: {text:?}"),
            Failure::BadRounding(text) => write!(f, "not a way to round: {text:?}"),
            Failure::Mismatch(first, second) => {
                write!(f, "{} and {} do not mix", first.as_str(), second.as_str())
            }
            Failure::UnknownItem(sku) => write!(f, "no item {sku:?}"),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Error {
        let message = failure.to_string();
        match failure {
            Failure::Overflow => OverflowError::new(message),
            Failure::Mismatch(..) => CurrencyMismatch::new(message),
            Failure::UnknownItem(_) => UnknownItem::new(message),
            _ => ValueError::new(message),
        }
    }
}

/// More is wanted of an item than there is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shortage {
    pub sku: String,
    pub wanted: u32,
    pub available: u32,
}

impl Shortage {
    /// The exception, with its attributes.
    pub fn into_error(self, ctx: Context<'_>) -> Error {
        self.with_attributes(ctx).unwrap_or_else(|error| error)
    }

    fn with_attributes(self, ctx: Context<'_>) -> Result<Error> {
        let (wanted, available) = (self.wanted, self.available);
        let error = err!(
            OutOfStock,
            "{wanted} of {:?} wanted, {available} available",
            self.sku
        );
        let value = error.into_value(ctx)?;
        value.setattr("sku", self.sku)?;
        value.setattr("wanted", wanted)?;
        value.setattr("available", available)?;
        Ok(Error::from_value(&value))
    }
}
