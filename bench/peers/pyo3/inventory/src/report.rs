//! Functions on items and warehouses: reports and sums.

use crate::amount::Currency;
use crate::errors::Failure;
use crate::money::Money;
use crate::warehouse::Warehouse;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

/// A table of a warehouse's items.
#[pyfunction]
#[pyo3(signature = (
    warehouse,
    *,
    title = "Inventory",
    columns = None,
    width = 60,
    separator = " | ",
    sort_by = "sku",
    reverse = false,
    limit = None,
    min_quantity = 0,
    total = None,
    formatter = None,
))]
#[allow(clippy::too_many_arguments)]
pub fn report<'py>(
    warehouse: &Bound<'py, Warehouse>,
    title: &str,
    columns: Option<Vec<String>>,
    width: usize,
    separator: &str,
    sort_by: &str,
    reverse: bool,
    limit: Option<usize>,
    min_quantity: u32,
    total: Option<Currency>,
    formatter: Option<&Bound<'py, PyAny>>,
) -> PyResult<String> {
    if width < 10 {
        return Err(PyValueError::new_err("a report needs a width of 10"));
    }
    let py = warehouse.py();
    let mut rows = Vec::new();
    for stock in warehouse.try_borrow()?.stock.values() {
        if stock.quantity >= min_quantity {
            let handle = stock.item.bind(py).clone();
            let item = handle.try_borrow()?;
            let row = (
                item.sku.clone(),
                item.name.clone(),
                stock.quantity,
                item.price,
            );
            drop(item);
            rows.push((row, handle));
        }
    }
    match sort_by {
        "sku" => {}
        "name" => rows.sort_by(|first, second| first.0.1.cmp(&second.0.1)),
        "quantity" => rows.sort_by_key(|(row, _)| row.2),
        "price" => rows.sort_by_key(|(row, _)| row.3.minor),
        other => return Err(PyValueError::new_err(format!("no way to sort: {other:?}"))),
    }
    if reverse {
        rows.reverse();
    }
    rows.truncate(limit.unwrap_or(usize::MAX));
    let columns = columns.unwrap_or_else(|| ["sku", "quantity", "price"].map(String::from).into());
    let mut text = format!("{title:^width$}").trim_end().to_owned();
    for ((sku, name, quantity, price), item) in &rows {
        text.push('\n');
        if let Some(formatter) = formatter {
            let line = formatter.call1((item, *quantity))?;
            text.push_str(&line.extract::<String>()?);
            continue;
        }
        for (place, column) in columns.iter().enumerate() {
            if place > 0 {
                text.push_str(separator);
            }
            let _ = match column.as_str() {
                "sku" => write!(text, "{:<16}", sku),
                "name" => write!(text, "{:<20}", name),
                "quantity" => write!(text, "{:>6}", quantity),
                "price" => write!(text, "{:>12}", price.to_string()),
                other => return Err(PyValueError::new_err(format!("no column {other:?}"))),
            };
        }
    }
    if let Some(currency) = total {
        let mut sum = Money::of(0, currency);
        for ((_, _, quantity, price), _) in &rows {
            sum = sum.plus(price.times(i64::from(*quantity))?)?;
        }
        let _ = write!(text, "\n{:>width$}", format!("total {sum}"));
    }
    Ok(text)
}

/// What must be ordered to reach the levels, in whole packs.
#[pyfunction]
#[pyo3(signature = (warehouse, levels, *, pack = 1, at_most = None))]
pub fn reorder(
    warehouse: PyRef<'_, Warehouse>,
    levels: HashMap<String, u32>,
    pack: u32,
    at_most: Option<u32>,
) -> PyResult<Vec<(String, u32)>> {
    if pack == 0 {
        return Err(PyValueError::new_err("a pack of none"));
    }
    let mut wanted = Vec::new();
    for (sku, level) in levels.into_iter().collect::<BTreeMap<_, _>>() {
        let Some(stock) = warehouse.stock.get(&sku) else {
            return Err(Failure::UnknownItem(sku).into());
        };
        let missing = level.saturating_sub(stock.quantity);
        let packs = missing.div_ceil(pack).saturating_mul(pack);
        let number = packs.min(at_most.unwrap_or(u32::MAX));
        if number > 0 {
            wanted.push((sku, number));
        }
    }
    Ok(wanted)
}

/// The sum of many amounts, or the start where there are none.
#[pyfunction]
#[pyo3(signature = (amounts, *, start = None))]
pub fn add_up(amounts: Vec<Money>, start: Option<&Money>) -> PyResult<Option<Money>> {
    let mut sum = start.copied();
    for amount in amounts {
        sum = Some(match sum {
            Some(sum) => sum.plus(amount)?,
            None => amount,
        });
    }
    Ok(sum)
}

/// The mean, the standard deviation, and the median if there is one number at least.
#[pyfunction]
pub fn statistics(mut numbers: Vec<f64>) -> (f64, f64, Option<f64>) {
    let count = numbers.len().max(1) as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|x| (x - mean).powi(2)).sum();
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    let median = match numbers.len() {
        0 => None,
        even if even % 2 == 0 => Some((numbers[middle - 1] + numbers[middle]) / 2.0),
        _ => Some(numbers[middle]),
    };
    (mean, (squares / count).sqrt(), median)
}

/// Adler's sum of 32 bits.
#[pyfunction]
pub fn checksum(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    high << 16 | low
}
