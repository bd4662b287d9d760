//! What has happened in a warehouse.

use crate::warehouse::Warehouse;
use pyo3::prelude::*;

/// A change of a quantity.
#[pyclass(module = "inventory", frozen, eq, hash)]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    /// `added`, `set`, `taken`, `moved` or `removed`.
    #[pyo3(get)]
    pub kind: &'static str,
    /// The item's.
    #[pyo3(get)]
    pub sku: String,
    /// How many there were.
    #[pyo3(get)]
    pub before: u32,
    /// How many there are now.
    #[pyo3(get)]
    pub after: u32,
}

/// Goes through the events of a warehouse, and through those that happen meanwhile.
#[pyclass(module = "inventory")]
pub struct History {
    warehouse: Py<Warehouse>,
    kind: Option<String>,
    next: usize,
}

#[pymethods]
impl Event {
    /// By how much the quantity has changed.
    #[getter]
    fn change(&self) -> i64 {
        i64::from(self.after) - i64::from(self.before)
    }

    fn __repr__(&self) -> String {
        format!("<{} {:?}: {:+}>", self.kind, self.sku, self.change())
    }
}

impl History {
    pub fn of(warehouse: &Bound<'_, Warehouse>, kind: Option<String>, next: usize) -> Self {
        History {
            warehouse: warehouse.clone().unbind(),
            kind,
            next,
        }
    }
}

#[pymethods]
impl History {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<Event>> {
        let warehouse = self.warehouse.bind(py).try_borrow()?;
        let fits = |event: &&Event| match &self.kind {
            Some(kind) => event.kind == kind,
            None => true,
        };
        let left = warehouse.events.iter().skip(self.next);
        let Some((passed, event)) = left.enumerate().find(|(_, event)| fits(event)) else {
            return Ok(None);
        };
        self.next += passed + 1;
        Ok(Some(event.clone()))
    }

    /// Passes over some events, of whatever kind.
    fn skip(&mut self, count: usize) {
        self.next = self.next.saturating_add(count);
    }

    /// How many events it has passed.
    #[getter]
    fn position(&self) -> usize {
        self.next
    }
}
