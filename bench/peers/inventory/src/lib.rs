//! A stock of goods: money, items, warehouses, orders and reports. Nothing of it is timed: the
//! module has the size and the variety of a real one, so its builds and its binary are measured.
//!
//! `bench/peers/pyo3/inventory` is the same module with PyO3. One test passes with both.

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

use errors::{CurrencyMismatch, InventoryError, OutOfStock, UnknownItem};
use history::{Event, History};
use hpy::prelude::*;
use item::{Item, Perishable};
use iterators::{Entries, Keys};
use money::Money;
use order::{Line, Order};
use warehouse::Warehouse;

hpy_module! {
    /// A stock of goods.
    name: inventory,
    methods: [
        report::add_up,
        report::checksum,
        report::reorder,
        report::report,
        report::statistics,
    ],
    types: [
        Money, Item, Perishable, Warehouse, Line, Order, Event, History, Keys, Entries,
    ],
    exceptions: [InventoryError, CurrencyMismatch, UnknownItem, OutOfStock],
    constants: {
        __version__: env!("CARGO_PKG_VERSION"),
        DIGITS: amount::DIGITS.to_vec(),
    },
}
