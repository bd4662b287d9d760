//! A stock of goods: money, items, warehouses, orders and reports, with PyO3.
//!
//! `bench/peers/inventory` is the same module with hpy. One test passes with both.

#![forbid(unsafe_code)]

mod amount;
mod errors;
mod history;
mod item;
mod iterators;
mod money;
mod order;
mod report;
mod warehouse;

use pyo3::prelude::*;

/// A stock of goods.
#[pymodule]
mod inventory {
    use super::*;

    #[pymodule_export]
    use crate::errors::{CurrencyMismatch, InventoryError, OutOfStock, UnknownItem};
    #[pymodule_export]
    use crate::history::{Event, History};
    #[pymodule_export]
    use crate::item::{Item, Perishable};
    #[pymodule_export]
    use crate::iterators::{Entries, Keys};
    #[pymodule_export]
    use crate::money::Money;
    #[pymodule_export]
    use crate::order::{Line, Order};
    #[pymodule_export]
    use crate::report::{add_up, checksum, reorder, report, statistics};
    #[pymodule_export]
    use crate::warehouse::Warehouse;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        module.add("DIGITS", amount::DIGITS.to_vec())
    }
}
