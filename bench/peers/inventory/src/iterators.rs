//! What goes through a warehouse, which must not grow or shrink meanwhile.

use crate::warehouse::Warehouse;
use hpy::bail;
use hpy::exceptions::RuntimeError;
use hpy::prelude::*;
use std::ops::Bound;

/// Where an iterator is.
#[derive(Traverse)]
struct Place {
    warehouse: Field<Warehouse>,
    size: usize,
    last: Option<String>,
}

/// Goes through the SKUs of a warehouse.
#[hpy_type]
pub struct Keys {
    place: Place,
}

/// Goes through the SKUs and quantities of a warehouse.
#[hpy_type]
pub struct Entries {
    place: Place,
}

impl Place {
    fn of(warehouse: &Handle<'_, Warehouse>) -> Result<Self> {
        Ok(Place {
            warehouse: Field::new(warehouse)?,
            size: warehouse.borrow()?.stock.len(),
            last: None,
        })
    }

    fn next(&mut self, ctx: Context<'_>) -> Result<Option<(String, u32)>> {
        let Some(warehouse) = self.warehouse.load(ctx)? else {
            return Ok(None);
        };
        let warehouse = warehouse.borrow()?;
        if warehouse.stock.len() != self.size {
            bail!(RuntimeError, "warehouse changed size during iteration");
        }
        let after = match &self.last {
            Some(last) => Bound::Excluded(last.as_str()),
            None => Bound::Unbounded,
        };
        let mut left = warehouse.stock.range::<str, _>((after, Bound::Unbounded));
        let Some((sku, stock)) = left.next() else {
            return Ok(None);
        };
        self.last = Some(sku.clone());
        Ok(Some((sku.clone(), stock.quantity)))
    }
}

impl Keys {
    pub fn of(warehouse: &Handle<'_, Warehouse>) -> Result<Self> {
        let place = Place::of(warehouse)?;
        Ok(Keys { place })
    }
}

#[hpy_methods]
impl Keys {
    fn __iter__<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> &'a Handle<'ctx, Self> {
        this
    }

    fn __next__(&mut self, ctx: Context<'_>) -> Result<Option<String>> {
        Ok(self.place.next(ctx)?.map(|(sku, _)| sku))
    }
}

impl Entries {
    pub fn of(warehouse: &Handle<'_, Warehouse>) -> Result<Self> {
        let place = Place::of(warehouse)?;
        Ok(Entries { place })
    }
}

#[hpy_methods]
impl Entries {
    fn __iter__<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> &'a Handle<'ctx, Self> {
        this
    }

    fn __next__(&mut self, ctx: Context<'_>) -> Result<Option<(String, u32)>> {
        self.place.next(ctx)
    }
}
