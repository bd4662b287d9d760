//! Where items are: a mapping of SKUs to quantities.

use crate::amount::Currency;
use crate::errors::{Failure, Shortage};
use crate::history::{Event, History};
use crate::item::Item;
use crate::iterators::{Entries, Keys};
use crate::money::Money;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{PyTraverseError, PyVisit};
use std::collections::{BTreeMap, HashMap};

/// How many there are of an item.
pub struct Stock {
    pub item: Py<Item>,
    pub quantity: u32,
}

/// Items and how many there are of each.
#[pyclass(module = "inventory", subclass)]
pub struct Warehouse {
    /// What it is called.
    #[pyo3(get, set)]
    pub name: String,
    pub stock: BTreeMap<String, Stock>,
    pub events: Vec<Event>,
    on_change: Option<Py<PyAny>>,
}

impl Warehouse {
    fn stock(&self, sku: &str) -> Result<&Stock, Failure> {
        let stock = self.stock.get(sku);
        stock.ok_or_else(|| Failure::UnknownItem(sku.to_owned()))
    }

    /// Takes an item in, whose SKU must not be another's.
    fn adopt(&mut self, item: &Bound<'_, Item>) -> PyResult<String> {
        let sku = item.try_borrow()?.sku.clone();
        if let Some(stock) = self.stock.get(&sku) {
            if !stock.item.is(item) {
                return Err(PyValueError::new_err(format!(
                    "another item has the SKU {sku:?}"
                )));
            }
        } else {
            let item = item.clone().unbind();
            self.stock.insert(sku.clone(), Stock { item, quantity: 0 });
        }
        Ok(sku)
    }
}

/// Changes a quantity, and tells of it with nothing borrowed: the callback may use the warehouse.
fn change(
    slf: &Bound<'_, Warehouse>,
    kind: &'static str,
    sku: &str,
    quantity: impl FnOnce(u32) -> PyResult<u32>,
) -> PyResult<u32> {
    let mut guard = slf.try_borrow_mut()?;
    let warehouse = &mut *guard;
    let Some(stock) = warehouse.stock.get_mut(sku) else {
        return Err(Failure::UnknownItem(sku.to_owned()).into());
    };
    let before = stock.quantity;
    let after = quantity(before)?;
    stock.quantity = after;
    warehouse.events.push(Event {
        kind,
        sku: sku.to_owned(),
        before,
        after,
    });
    let callback = warehouse
        .on_change
        .as_ref()
        .map(|callback| callback.clone_ref(slf.py()));
    drop(guard);
    if let Some(callback) = callback {
        callback.call1(slf.py(), (sku, before, after))?;
    }
    Ok(after)
}

fn more(by: u32) -> impl FnOnce(u32) -> PyResult<u32> {
    move |quantity| Ok(quantity.checked_add(by).ok_or(Failure::Overflow)?)
}

/// Takes some away, if there are as many.
pub fn take(
    slf: &Bound<'_, Warehouse>,
    kind: &'static str,
    sku: &str,
    wanted: u32,
) -> PyResult<u32> {
    change(slf, kind, sku, |available| {
        available.checked_sub(wanted).ok_or_else(|| {
            let sku = sku.to_owned();
            let shortage = Shortage {
                sku,
                wanted,
                available,
            };
            shortage.into_error(slf.py())
        })
    })
}

#[pymethods]
impl Warehouse {
    #[new]
    #[pyo3(signature = (name, items = Vec::new(), *, on_change = None))]
    fn new<'py>(
        name: String,
        items: Vec<(Bound<'py, Item>, u32)>,
        on_change: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let mut warehouse = Warehouse {
            name,
            stock: BTreeMap::new(),
            events: Vec::new(),
            on_change: None,
        };
        for (item, quantity) in items {
            let sku = warehouse.adopt(&item)?;
            if let Some(stock) = warehouse.stock.get_mut(&sku) {
                stock.quantity = more(quantity)(stock.quantity)?;
            }
        }
        if let Some(callback) = on_change {
            warehouse.set_on_change(Some(callback))?;
        }
        Ok(warehouse)
    }

    /// What is called after each change with the SKU and both quantities, or None.
    #[getter]
    fn on_change(&self) -> Option<&Py<PyAny>> {
        self.on_change.as_ref()
    }

    #[setter]
    fn set_on_change(&mut self, callback: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        if callback.is_some_and(|callback| !callback.is_callable()) {
            return Err(PyTypeError::new_err("on_change must be callable"));
        }
        self.on_change = callback.map(|callback| callback.clone().unbind());
        Ok(())
    }

    /// Takes in some of an item, and returns how many there are now.
    #[pyo3(signature = (item, quantity = 1))]
    fn add(slf: &Bound<'_, Self>, item: &Bound<'_, Item>, quantity: u32) -> PyResult<u32> {
        let sku = slf.try_borrow_mut()?.adopt(item)?;
        change(slf, "added", &sku, more(quantity))
    }

    /// Takes some of an item out, and returns how many are left.
    #[pyo3(signature = (sku, quantity = 1))]
    fn take(slf: &Bound<'_, Self>, sku: &str, quantity: u32) -> PyResult<u32> {
        take(slf, "taken", sku, quantity)
    }

    /// Moves some of an item to another warehouse.
    #[pyo3(signature = (sku, target, *, quantity = 1))]
    fn move_to<'py>(
        slf: &Bound<'py, Self>,
        sku: &str,
        target: &Bound<'py, Warehouse>,
        quantity: u32,
    ) -> PyResult<()> {
        if slf.is(target) {
            return Err(PyValueError::new_err("it is there already"));
        }
        let item = slf.try_borrow()?.stock(sku)?.item.clone_ref(slf.py());
        target.try_borrow_mut()?.adopt(item.bind(slf.py()))?;
        take(slf, "moved", sku, quantity)?;
        change(target, "moved", sku, more(quantity))?;
        Ok(())
    }

    /// The item of an SKU.
    fn item(&self, py: Python<'_>, sku: &str) -> PyResult<Py<Item>> {
        Ok(self.stock(sku)?.item.clone_ref(py))
    }

    /// How many there are, or a default.
    #[pyo3(signature = (sku, default = None))]
    fn get<'py>(
        &self,
        py: Python<'py>,
        sku: &str,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self.stock.get(sku) {
            Some(stock) => Ok(Some(stock.quantity.into_pyobject(py)?.into_any())),
            None => Ok(default),
        }
    }

    /// Removes an item, and returns how many there were.
    fn pop(slf: &Bound<'_, Self>, sku: &str) -> PyResult<u32> {
        let before = slf.try_borrow()?.stock(sku)?.quantity;
        change(slf, "removed", sku, |_| Ok(0))?;
        slf.try_borrow_mut()?.stock.remove(sku);
        Ok(before)
    }

    /// Sets many quantities.
    #[pyo3(signature = (quantities = HashMap::new(), **more))]
    fn update(
        slf: &Bound<'_, Self>,
        quantities: HashMap<String, u32>,
        more: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<()> {
        let mut quantities: BTreeMap<_, _> = quantities.into_iter().collect();
        if let Some(more) = more {
            quantities.append(&mut more.extract()?);
        }
        for (sku, quantity) in quantities {
            change(slf, "set", &sku, |_| Ok(quantity))?;
        }
        Ok(())
    }

    fn keys(slf: &Bound<'_, Self>) -> PyResult<Keys> {
        Keys::of(slf)
    }

    /// The quantities.
    fn values(&self) -> Vec<u32> {
        self.stock.values().map(|stock| stock.quantity).collect()
    }

    fn items(slf: &Bound<'_, Self>) -> PyResult<Entries> {
        Entries::of(slf)
    }

    /// What has happened, or what has happened of one kind.
    #[pyo3(signature = (*, kind = None, since = 0))]
    fn history(slf: &Bound<'_, Self>, kind: Option<String>, since: usize) -> History {
        History::of(slf, kind, since)
    }

    /// What all of it costs.
    #[pyo3(signature = (currency = Currency::EUR))]
    fn total(&self, py: Python<'_>, currency: Currency) -> PyResult<Money> {
        let mut total = Money::of(0, currency);
        for stock in self.stock.values() {
            let price = stock.item.bind(py).try_borrow()?.price;
            total = total.plus(price.times(i64::from(stock.quantity))?)?;
        }
        Ok(total)
    }

    fn __len__(&self) -> usize {
        self.stock.len()
    }

    fn __bool__(&self) -> bool {
        self.stock.values().any(|stock| stock.quantity > 0)
    }

    fn __contains__(&self, sku: &str) -> bool {
        self.stock.contains_key(sku)
    }

    fn __getitem__(&self, sku: &str) -> PyResult<u32> {
        Ok(self.stock(sku)?.quantity)
    }

    fn __setitem__(slf: &Bound<'_, Self>, sku: &str, quantity: u32) -> PyResult<()> {
        change(slf, "set", sku, |_| Ok(quantity)).map(drop)
    }

    fn __delitem__(slf: &Bound<'_, Self>, sku: &str) -> PyResult<()> {
        Warehouse::pop(slf, sku).map(drop)
    }

    fn __iter__(slf: &Bound<'_, Self>) -> PyResult<Keys> {
        Keys::of(slf)
    }

    /// Takes in one of each.
    fn __iadd__(slf: &Bound<'_, Self>, items: Vec<Bound<'_, Item>>) -> PyResult<()> {
        for item in items {
            Warehouse::add(slf, &item, 1)?;
        }
        Ok(())
    }

    fn __repr__(&self) -> String {
        format!(
            "<Warehouse {:?} with {} items>",
            self.name,
            self.stock.len()
        )
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyTuple>> {
        let (py, warehouse) = (slf.py(), slf.try_borrow()?);
        let stock = warehouse.stock.values();
        let items: Vec<_> = stock.map(|stock| (&stock.item, stock.quantity)).collect();
        (slf.get_type(), (&warehouse.name, items)).into_pyobject(py)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        for stock in self.stock.values() {
            visit.call(&stock.item)?;
        }
        visit.call(&self.on_change)
    }

    fn __clear__(&mut self) {
        self.stock.clear();
        self.on_change = None;
    }
}
