//! Where items are: a mapping of SKUs to quantities.

use crate::amount::Currency;
use crate::errors::{Failure, Shortage};
use crate::history::{Event, History};
use crate::item::Item;
use crate::iterators::{Entries, Keys};
use crate::money::Money;
use hpy::exceptions::{TypeError, ValueError};
use hpy::prelude::*;
use hpy::{bail, ensure};
use std::collections::{BTreeMap, HashMap};

/// How many there are of an item.
#[derive(Traverse)]
pub struct Stock {
    pub item: Field<Item>,
    pub quantity: u32,
}

/// Items and how many there are of each.
#[hpy_type(subclass)]
pub struct Warehouse {
    /// What it is called.
    #[hpy(get, set)]
    pub name: String,
    pub stock: BTreeMap<String, Stock>,
    pub events: Vec<Event>,
    on_change: Field,
}

impl Warehouse {
    fn stock(&self, sku: &str) -> Result<&Stock, Failure> {
        let stock = self.stock.get(sku);
        stock.ok_or_else(|| Failure::UnknownItem(sku.to_owned()))
    }

    /// Takes an item in, whose SKU must not be another's.
    fn adopt(&mut self, item: &Handle<'_, Item>) -> Result<String> {
        let ctx = item.ctx();
        let sku = item.borrow()?.sku.clone();
        if let Some(stock) = self.stock.get(&sku) {
            let is_known = stock.item.load(ctx)?.is_some_and(|known| known.is(item));
            ensure!(is_known, ValueError, "another item has the SKU {sku:?}");
        } else {
            let item = Field::new(item)?;
            self.stock.insert(sku.clone(), Stock { item, quantity: 0 });
        }
        Ok(sku)
    }
}

/// Changes a quantity, and tells of it with nothing borrowed: the callback may use the warehouse.
fn change(
    this: &Handle<'_, Warehouse>,
    kind: &'static str,
    sku: &str,
    quantity: impl FnOnce(u32) -> Result<u32>,
) -> Result<u32> {
    let mut guard = this.borrow_mut()?;
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
    let callback = warehouse.on_change.load(this.ctx())?;
    drop(guard);
    if let Some(callback) = callback {
        callback.call1((sku, before, after))?;
    }
    Ok(after)
}

fn more(by: u32) -> impl FnOnce(u32) -> Result<u32> {
    move |quantity| Ok(quantity.checked_add(by).ok_or(Failure::Overflow)?)
}

/// Takes some away, if there are as many.
pub fn take(
    this: &Handle<'_, Warehouse>,
    kind: &'static str,
    sku: &str,
    wanted: u32,
) -> Result<u32> {
    change(this, kind, sku, |available| {
        available.checked_sub(wanted).ok_or_else(|| {
            let sku = sku.to_owned();
            let shortage = Shortage {
                sku,
                wanted,
                available,
            };
            shortage.into_error(this.ctx())
        })
    })
}

#[hpy_methods]
impl Warehouse {
    #[new]
    #[hpy(signature = (name, items = Vec::new(), *, on_change = None))]
    fn new<'ctx>(
        name: String,
        items: Vec<(Handle<'ctx, Item>, u32)>,
        on_change: Option<&Handle<'ctx>>,
    ) -> Result<Self> {
        let mut warehouse = Warehouse {
            name,
            stock: BTreeMap::new(),
            events: Vec::new(),
            on_change: Field::empty(),
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
    fn on_change<'ctx>(&self, ctx: Context<'ctx>) -> Result<Option<Handle<'ctx>>> {
        self.on_change.load(ctx)
    }

    #[setter]
    fn set_on_change(&mut self, callback: Option<&Handle<'_>>) -> Result<()> {
        match callback {
            Some(callback) if callback.is_callable() => self.on_change.store(callback),
            Some(_) => bail!(TypeError, "on_change must be callable"),
            None => {
                self.on_change.clear();
                Ok(())
            }
        }
    }

    /// Takes in some of an item, and returns how many there are now.
    #[hpy(signature = (item, quantity = 1))]
    fn add(this: &Handle<'_, Self>, item: &Handle<'_, Item>, quantity: u32) -> Result<u32> {
        let sku = this.borrow_mut()?.adopt(item)?;
        change(this, "added", &sku, more(quantity))
    }

    /// Takes some of an item out, and returns how many are left.
    #[hpy(signature = (sku, quantity = 1))]
    fn take(this: &Handle<'_, Self>, sku: &str, quantity: u32) -> Result<u32> {
        take(this, "taken", sku, quantity)
    }

    /// Moves some of an item to another warehouse.
    #[hpy(signature = (sku, target, *, quantity = 1))]
    fn move_to<'ctx>(
        this: &Handle<'ctx, Self>,
        sku: &str,
        target: &Handle<'ctx, Warehouse>,
        quantity: u32,
    ) -> Result<()> {
        ensure!(!this.is(target), ValueError, "it is there already");
        let item = this.borrow()?.stock(sku)?.item.load(this.ctx())?;
        if let Some(item) = item {
            target.borrow_mut()?.adopt(&item)?;
        }
        take(this, "moved", sku, quantity)?;
        change(target, "moved", sku, more(quantity))?;
        Ok(())
    }

    /// The item of an SKU.
    fn item<'ctx>(&self, ctx: Context<'ctx>, sku: &str) -> Result<Option<Handle<'ctx, Item>>> {
        self.stock(sku)?.item.load(ctx)
    }

    /// How many there are, or a default.
    #[hpy(signature = (sku, default = None))]
    fn get<'ctx>(
        &self,
        ctx: Context<'ctx>,
        sku: &str,
        default: Option<Handle<'ctx>>,
    ) -> Result<Option<Handle<'ctx>>> {
        match self.stock.get(sku) {
            Some(stock) => ctx.handle(stock.quantity).map(Some),
            None => Ok(default),
        }
    }

    /// Removes an item, and returns how many there were.
    fn pop(this: &Handle<'_, Self>, sku: &str) -> Result<u32> {
        let before = this.borrow()?.stock(sku)?.quantity;
        change(this, "removed", sku, |_| Ok(0))?;
        this.borrow_mut()?.stock.remove(sku);
        Ok(before)
    }

    /// Sets many quantities.
    #[hpy(signature = (quantities = HashMap::new(), **more))]
    fn update(
        this: &Handle<'_, Self>,
        quantities: HashMap<String, u32>,
        more: Option<Handle<'_, Dict>>,
    ) -> Result<()> {
        let mut quantities: BTreeMap<_, _> = quantities.into_iter().collect();
        if let Some(more) = more {
            quantities.append(&mut more.extract()?);
        }
        for (sku, quantity) in quantities {
            change(this, "set", &sku, |_| Ok(quantity))?;
        }
        Ok(())
    }

    fn keys(this: &Handle<'_, Self>) -> Result<Keys> {
        Keys::of(this)
    }

    /// The quantities.
    fn values(&self) -> Vec<u32> {
        self.stock.values().map(|stock| stock.quantity).collect()
    }

    fn items(this: &Handle<'_, Self>) -> Result<Entries> {
        Entries::of(this)
    }

    /// What has happened, or what has happened of one kind.
    #[hpy(signature = (*, kind = None, since = 0))]
    fn history(this: &Handle<'_, Self>, kind: Option<String>, since: usize) -> Result<History> {
        History::of(this, kind, since)
    }

    /// What all of it costs.
    #[hpy(signature = (currency = Currency::EUR))]
    fn total(&self, ctx: Context<'_>, currency: Currency) -> Result<Money> {
        let mut total = Money::of(0, currency);
        for stock in self.stock.values() {
            if let Some(item) = stock.item.load(ctx)? {
                let price = item.borrow()?.price;
                total = total.plus(price.times(i64::from(stock.quantity))?)?;
            }
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

    fn __getitem__(&self, sku: &str) -> Result<u32> {
        Ok(self.stock(sku)?.quantity)
    }

    fn __setitem__(this: &Handle<'_, Self>, sku: &str, quantity: u32) -> Result<()> {
        change(this, "set", sku, |_| Ok(quantity)).map(drop)
    }

    fn __delitem__(this: &Handle<'_, Self>, sku: &str) -> Result<()> {
        Warehouse::pop(this, sku).map(drop)
    }

    fn __iter__(this: &Handle<'_, Self>) -> Result<Keys> {
        Keys::of(this)
    }

    /// Takes in one of each.
    fn __iadd__(this: &Handle<'_, Self>, items: Vec<Handle<'_, Item>>) -> Result<()> {
        for item in items {
            Warehouse::add(this, &item, 1)?;
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

    fn __reduce__<'ctx>(this: &Handle<'ctx, Self>) -> Result<Handle<'ctx, Tuple>> {
        let (ctx, warehouse) = (this.ctx(), this.borrow()?);
        let quantities = warehouse.stock.values().map(|stock| stock.quantity);
        let items: Vec<_> = warehouse.all(ctx)?.into_iter().zip(quantities).collect();
        ctx.tuple((this.type_(), (&warehouse.name, items)))
    }
}

impl Warehouse {
    /// All items.
    pub fn all<'ctx>(&self, ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx, Item>>> {
        let items = self.stock.values().map(|stock| stock.item.load(ctx));
        items.filter_map(Result::transpose).collect()
    }
}
