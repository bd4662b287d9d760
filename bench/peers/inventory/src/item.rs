//! What is stored: items, and those that do not keep.

use crate::money::Money;
use hpy::exceptions::{KeyError, ValueError};
use hpy::prelude::*;
use hpy::{bail, ensure};
use std::collections::{BTreeMap, BTreeSet};

/// An item of the catalogue.
#[hpy_type(subclass, eq)]
#[derive(Debug, PartialEq)]
pub struct Item {
    /// What it is known by.
    #[hpy(get)]
    pub sku: String,
    /// What it is called.
    pub name: String,
    /// What one of it costs.
    pub price: Money,
    /// In kilograms, if it is known.
    #[hpy(get, set)]
    pub weight: Option<f64>,
    pub tags: BTreeSet<String>,
    attributes: BTreeMap<String, String>,
}

/// An item that does not keep for ever.
#[hpy_type(base = Item)]
pub struct Perishable {
    /// How many days it keeps.
    #[hpy(get, set)]
    days: u32,
}

/// A name without the space around it, if there is one.
fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    ensure!(!name.is_empty(), ValueError, "an item needs a name");
    Ok(name.to_owned())
}

fn checked_price(price: &Money) -> Result<Money> {
    ensure!(
        price.minor >= 0,
        ValueError,
        "the price is negative: {price}"
    );
    Ok(*price)
}

#[hpy_methods]
impl Item {
    /// How long an SKU may be.
    #[classattr]
    const MAX_SKU: usize = 16;

    #[new]
    #[hpy(signature = (sku, name, price, *, weight = None, tags = Vec::new(), **attributes))]
    fn new(
        sku: String,
        name: &str,
        price: &Money,
        weight: Option<f64>,
        tags: Vec<String>,
        attributes: Option<Handle<'_, Dict>>,
    ) -> Result<Self> {
        ensure!(
            (1..=Item::MAX_SKU).contains(&sku.len()),
            ValueError,
            "not an SKU: {sku:?}"
        );
        Ok(Item {
            sku,
            name: checked_name(name)?,
            price: checked_price(price)?,
            weight,
            tags: tags.into_iter().collect(),
            attributes: match attributes {
                Some(attributes) => attributes.extract()?,
                None => BTreeMap::new(),
            },
        })
    }

    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    #[setter]
    fn set_name(&mut self, name: &str) -> Result<()> {
        self.name = checked_name(name)?;
        Ok(())
    }

    #[getter]
    fn price(&self) -> Money {
        self.price
    }

    #[setter]
    fn set_price(&mut self, price: &Money) -> Result<()> {
        self.price = checked_price(price)?;
        Ok(())
    }

    /// The tags in order.
    #[getter]
    fn tags(&self) -> Vec<String> {
        self.tags.iter().cloned().collect()
    }

    #[setter]
    fn set_tags(&mut self, tags: Vec<String>) {
        self.tags = tags.into_iter().collect();
    }

    #[deleter]
    fn delete_tags(&mut self) {
        self.tags.clear();
    }

    /// What a number of it costs.
    #[hpy(signature = (quantity, *, discount = 0.0))]
    pub fn cost(&self, quantity: u32, discount: f64) -> Result<Money> {
        ensure!(
            (0.0..=1.0).contains(&discount),
            ValueError,
            "not a discount: {discount}"
        );
        let full = self.price.times(i64::from(quantity))?;
        Ok(full.scaled(1.0 - discount, crate::amount::Rounding::HalfEven)?)
    }

    /// An attribute.
    fn __getitem__(&self, name: &str) -> Result<String> {
        match self.attributes.get(name) {
            Some(value) => Ok(value.clone()),
            None => bail!(KeyError, "{name}"),
        }
    }

    fn __setitem__(&mut self, name: String, value: String) {
        self.attributes.insert(name, value);
    }

    fn __repr__(this: &Handle<'_, Self>) -> Result<String> {
        let (class, item) = (this.type_().name()?, this.borrow()?);
        Ok(format!(
            "{class}({:?}, {:?}, {})",
            item.sku, item.name, item.price
        ))
    }
}

#[hpy_methods]
impl Perishable {
    #[new]
    #[hpy(signature = (sku, name, price, days = 7, *, tags = Vec::new()))]
    fn new(
        sku: String,
        name: &str,
        price: &Money,
        days: u32,
        tags: Vec<String>,
    ) -> Result<(Self, Item)> {
        let item = Item::new(sku, name, price, None, tags, None)?;
        Ok((Perishable { days }, item))
    }

    /// Whether it is too old.
    fn is_expired(&self, age: u32) -> bool {
        age > self.days
    }

    /// What it costs at an age: the price falls to half on its last day, and then to nothing.
    #[hpy(signature = (age, *, floor = None))]
    fn price_at(this: &Handle<'_, Self>, age: u32, floor: Option<&Money>) -> Result<Money> {
        let days = this.borrow()?.days;
        let price = this.as_super().borrow()?.price;
        let factor = match age <= days {
            true => 1.0 - 0.5 * f64::from(age) / f64::from(days.max(1)),
            false => 0.0,
        };
        let reduced = price.scaled(factor, crate::amount::Rounding::HalfEven)?;
        Ok(match floor {
            Some(floor) if reduced.minor < floor.minor => *floor,
            _ => reduced,
        })
    }
}
