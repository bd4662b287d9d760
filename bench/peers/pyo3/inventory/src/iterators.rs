//! What goes through a warehouse, which must not grow or shrink meanwhile.

use crate::warehouse::Warehouse;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::ops;

/// Where an iterator is.
struct Place {
    warehouse: Py<Warehouse>,
    size: usize,
    last: Option<String>,
}

/// Goes through the SKUs of a warehouse.
#[pyclass(module = "inventory")]
pub struct Keys {
    place: Place,
}

/// Goes through the SKUs and quantities of a warehouse.
#[pyclass(module = "inventory")]
pub struct Entries {
    place: Place,
}

impl Place {
    fn of(warehouse: &Bound<'_, Warehouse>) -> PyResult<Self> {
        Ok(Place {
            warehouse: warehouse.clone().unbind(),
            size: warehouse.try_borrow()?.stock.len(),
            last: None,
        })
    }

    fn next(&mut self, py: Python<'_>) -> PyResult<Option<(String, u32)>> {
        let warehouse = self.warehouse.bind(py).try_borrow()?;
        if warehouse.stock.len() != self.size {
            return Err(PyRuntimeError::new_err(
                "warehouse changed size during iteration",
            ));
        }
        let after = match &self.last {
            Some(last) => ops::Bound::Excluded(last.as_str()),
            None => ops::Bound::Unbounded,
        };
        let mut left = warehouse
            .stock
            .range::<str, _>((after, ops::Bound::Unbounded));
        let Some((sku, stock)) = left.next() else {
            return Ok(None);
        };
        self.last = Some(sku.clone());
        Ok(Some((sku.clone(), stock.quantity)))
    }
}

impl Keys {
    pub fn of(warehouse: &Bound<'_, Warehouse>) -> PyResult<Self> {
        let place = Place::of(warehouse)?;
        Ok(Keys { place })
    }
}

#[pymethods]
impl Keys {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<String>> {
        Ok(self.place.next(py)?.map(|(sku, _)| sku))
    }
}

impl Entries {
    pub fn of(warehouse: &Bound<'_, Warehouse>) -> PyResult<Self> {
        let place = Place::of(warehouse)?;
        Ok(Entries { place })
    }
}

#[pymethods]
impl Entries {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<(String, u32)>> {
        self.place.next(py)
    }
}
