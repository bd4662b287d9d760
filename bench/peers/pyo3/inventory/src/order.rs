//! What a customer wants.

use crate::amount::Rounding;
use crate::errors::Shortage;
use crate::item::Item;
use crate::money::Money;
use crate::warehouse::{Warehouse, take};
use pyo3::exceptions::{PyIndexError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList};
use pyo3::{PyTraverseError, PyVisit};

/// A line of an order.
#[pyclass(module = "inventory", frozen)]
pub struct Line {
    /// What is wanted.
    #[pyo3(get)]
    pub item: Py<Item>,
    /// How many.
    #[pyo3(get)]
    pub quantity: u32,
    /// The part of the price that is not asked for.
    #[pyo3(get)]
    pub discount: f64,
}

/// How far an order has come.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Status {
    Draft,
    Placed,
    Fulfilled,
    Cancelled,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Placed => "placed",
            Status::Fulfilled => "fulfilled",
            Status::Cancelled => "cancelled",
        }
    }
}

/// What a customer wants. As a context manager it is placed at the end, or cancelled.
#[pyclass(module = "inventory")]
pub struct Order {
    customer: String,
    status: Status,
    note: Option<String>,
    pub lines: Vec<Py<Line>>,
}

#[pymethods]
impl Line {
    /// What it costs.
    fn total(&self, py: Python<'_>) -> PyResult<Money> {
        let item = self.item.bind(py).try_borrow()?;
        item.cost(self.quantity, self.discount)
    }

    /// The SKU and the quantity.
    fn pair(&self, py: Python<'_>) -> PyResult<(String, u32)> {
        let item = self.item.bind(py).try_borrow()?;
        Ok((item.sku.clone(), self.quantity))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (sku, quantity) = self.pair(py)?;
        Ok(format!("<Line {quantity} x {sku}>"))
    }
}

impl Order {
    fn empty(customer: String) -> Self {
        Order {
            customer,
            status: Status::Draft,
            note: None,
            lines: Vec::new(),
        }
    }

    fn push(&mut self, item: &Bound<'_, Item>, quantity: u32, discount: f64) -> PyResult<()> {
        if self.status != Status::Draft {
            return Err(PyRuntimeError::new_err(format!(
                "the order is {}",
                self.status.name()
            )));
        }
        if quantity == 0 {
            return Err(PyValueError::new_err("none is not a quantity"));
        }
        let line = Line {
            item: item.clone().unbind(),
            quantity,
            discount,
        };
        self.lines.push(Py::new(item.py(), line)?);
        Ok(())
    }

    fn index(&self, index: isize) -> PyResult<usize> {
        let len = self.lines.len();
        let found = match index {
            0.. => Some(index.unsigned_abs()).filter(|index| *index < len),
            _ => len.checked_sub(index.unsigned_abs()),
        };
        found.ok_or_else(|| PyIndexError::new_err(format!("no line {index} in an order of {len}")))
    }

    /// The SKUs and quantities.
    fn pairs(&self, py: Python<'_>) -> PyResult<Vec<(String, u32)>> {
        let lines = self.lines.iter();
        lines.map(|line| line.get().pair(py)).collect()
    }
}

#[pymethods]
impl Order {
    #[new]
    #[pyo3(signature = (customer, lines = Vec::new(), *, note = None))]
    fn new<'py>(
        customer: String,
        lines: Vec<(Bound<'py, Item>, u32)>,
        note: Option<String>,
    ) -> PyResult<Self> {
        let mut order = Order::empty(String::new());
        order.set_customer(customer)?;
        order.note = note;
        for (item, quantity) in lines {
            order.push(&item, quantity, 0.0)?;
        }
        Ok(order)
    }

    #[getter]
    fn customer(&self) -> &str {
        &self.customer
    }

    #[setter]
    fn set_customer(&mut self, customer: String) -> PyResult<()> {
        if customer.is_empty() {
            return Err(PyValueError::new_err("who is the customer?"));
        }
        self.customer = customer;
        Ok(())
    }

    #[getter]
    fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    #[setter]
    fn set_note(&mut self, note: Option<String>) {
        self.note = note;
    }

    #[deleter]
    fn delete_note(&mut self) {
        self.note = None;
    }

    /// How far it has come.
    #[getter]
    fn status(&self) -> &'static str {
        self.status.name()
    }

    /// Adds a line, and returns how many there are.
    #[pyo3(signature = (item, quantity = 1, *, discount = 0.0))]
    fn add(&mut self, item: &Bound<'_, Item>, quantity: u32, discount: f64) -> PyResult<usize> {
        self.push(item, quantity, discount)?;
        Ok(self.lines.len())
    }

    /// What it costs: the lines with a tax, and the shipping.
    #[pyo3(signature = (*, tax = 0.0, shipping = None, rounding = Rounding::HalfEven))]
    fn total(
        &self,
        py: Python<'_>,
        tax: f64,
        shipping: Option<&Money>,
        rounding: Rounding,
    ) -> PyResult<Option<Money>> {
        let mut total: Option<Money> = None;
        for line in &self.lines {
            let cost = line.get().total(py)?;
            total = Some(match total {
                Some(total) => total.plus(cost)?,
                None => cost,
            });
        }
        let Some(lines) = total else {
            return Ok(shipping.copied());
        };
        let taxed = lines.scaled(1.0 + tax, rounding)?;
        Ok(Some(match shipping {
            Some(shipping) => taxed.plus(*shipping)?,
            None => taxed,
        }))
    }

    /// Takes all lines out of a warehouse, and returns what is missing. Without `partial` anything
    /// missing is an OutOfStock, and nothing is taken.
    #[pyo3(signature = (warehouse, *, partial = false))]
    fn fulfil<'py>(
        slf: &Bound<'py, Self>,
        warehouse: &Bound<'py, Warehouse>,
        partial: bool,
    ) -> PyResult<Vec<(String, u32)>> {
        let py = slf.py();
        let pairs = slf.try_borrow()?.pairs(py)?;
        let (mut plan, mut missing) = (Vec::new(), Vec::new());
        for (sku, wanted) in pairs {
            let stock = warehouse.try_borrow()?;
            let available = stock.stock.get(&sku).map_or(0, |stock| stock.quantity);
            if available >= wanted {
                plan.push((sku, wanted));
                continue;
            }
            if !partial {
                let shortage = Shortage {
                    sku,
                    wanted,
                    available,
                };
                return Err(shortage.into_error(py));
            }
            missing.push((sku.clone(), wanted - available));
            plan.push((sku, available));
        }
        for (sku, quantity) in plan.iter().filter(|line| line.1 > 0) {
            take(warehouse, "taken", sku, *quantity)?;
        }
        slf.try_borrow_mut()?.status = Status::Fulfilled;
        Ok(missing)
    }

    fn __len__(&self) -> usize {
        self.lines.len()
    }

    fn __getitem__(&self, index: isize) -> PyResult<&Py<Line>> {
        Ok(&self.lines[self.index(index)?])
    }

    fn __delitem__(&mut self, index: isize) -> PyResult<()> {
        let index = self.index(index)?;
        self.lines.remove(index);
        Ok(())
    }

    /// An iterator of the lines that there are now.
    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyIterator>> {
        PyList::new(py, &self.lines)?.try_iter()
    }

    fn __iadd__(&mut self, line: (Bound<'_, Item>, u32)) -> PyResult<()> {
        self.push(&line.0, line.1, 0.0)
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (kind, value, traceback, /))]
    fn __exit__(
        &mut self,
        kind: &Bound<'_, PyAny>,
        value: Option<&Bound<'_, PyAny>>,
        traceback: &Bound<'_, PyAny>,
    ) -> bool {
        let _ = (kind, traceback);
        self.status = match value {
            Some(_) => Status::Cancelled,
            None => Status::Placed,
        };
        false
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let pairs = self.pairs(py)?;
        let lines: Vec<_> = pairs
            .iter()
            .map(|(sku, n)| format!("{n} x {sku}"))
            .collect();
        let lines = lines.join(", ");
        Ok(format!(
            "<Order of {:?}, {}: {lines}>",
            self.customer,
            self.status()
        ))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.lines.iter().try_for_each(|line| visit.call(line))
    }

    fn __clear__(&mut self) {
        self.lines.clear();
    }
}
