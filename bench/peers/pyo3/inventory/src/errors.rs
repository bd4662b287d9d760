//! What the module raises, and what its Rust code reports.

use crate::amount::Currency;
use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyOverflowError, PyValueError};
use pyo3::prelude::*;
use std::fmt;

create_exception!(
    inventory,
    InventoryError,
    PyException,
    "What is wrong with a stock of goods."
);
create_exception!(
    inventory,
    CurrencyMismatch,
    InventoryError,
    "Amounts of different currencies do not go together."
);
create_exception!(
    inventory,
    UnknownItem,
    InventoryError,
    "A warehouse does not have such an item."
);
create_exception!(
    inventory,
    OutOfStock,
    InventoryError,
    "There is not enough of an item: attributes `sku`, `wanted` and `available`."
);

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

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> PyErr {
        let message = failure.to_string();
        match failure {
            Failure::Overflow => PyOverflowError::new_err(message),
            Failure::Mismatch(..) => CurrencyMismatch::new_err(message),
            Failure::UnknownItem(_) => UnknownItem::new_err(message),
            _ => PyValueError::new_err(message),
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
    pub fn into_error(self, py: Python<'_>) -> PyErr {
        self.with_attributes(py).unwrap_or_else(|error| error)
    }

    fn with_attributes(self, py: Python<'_>) -> PyResult<PyErr> {
        let (wanted, available) = (self.wanted, self.available);
        let error = OutOfStock::new_err(format!(
            "{wanted} of {:?} wanted, {available} available",
            self.sku
        ));
        let value = error.value(py);
        value.setattr("sku", self.sku)?;
        value.setattr("wanted", wanted)?;
        value.setattr("available", available)?;
        Ok(error)
    }
}
