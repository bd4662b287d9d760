//! What a customer wants.

use crate::amount::Rounding;
use crate::errors::Shortage;
use crate::item::Item;
use crate::money::Money;
use crate::warehouse::{Warehouse, take};
use hpy::exceptions::{IndexError, RuntimeError, ValueError};
use hpy::prelude::*;
use hpy::{bail, ensure};

/// A line of an order.
#[hpy_type(frozen)]
pub struct Line {
    /// What is wanted.
    #[hpy(get)]
    pub item: Field<Item>,
    /// How many.
    #[hpy(get)]
    pub quantity: u32,
    /// The part of the price that is not asked for.
    #[hpy(get)]
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
#[hpy_type]
pub struct Order {
    customer: String,
    status: Status,
    note: Option<String>,
    pub lines: Vec<Field<Line>>,
}

#[hpy_methods]
impl Line {
    /// What it costs.
    fn total(&self, ctx: Context<'_>) -> Result<Money> {
        match self.item.load(ctx)? {
            Some(item) => item.borrow()?.cost(self.quantity, self.discount),
            None => bail!(RuntimeError, "the line has lost its item"),
        }
    }

    /// The SKU and the quantity.
    fn pair(&self, ctx: Context<'_>) -> Result<(String, u32)> {
        match self.item.load(ctx)? {
            Some(item) => Ok((item.borrow()?.sku.clone(), self.quantity)),
            None => bail!(RuntimeError, "the line has lost its item"),
        }
    }

    fn __repr__(&self, ctx: Context<'_>) -> Result<String> {
        let (sku, quantity) = self.pair(ctx)?;
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

    fn push(&mut self, item: &Handle<'_, Item>, quantity: u32, discount: f64) -> Result<()> {
        ensure!(
            self.status == Status::Draft,
            RuntimeError,
            "the order is {}",
            self.status.name()
        );
        ensure!(quantity > 0, ValueError, "none is not a quantity");
        let line = item.ctx().instance(Line {
            item: Field::new(item)?,
            quantity,
            discount,
        })?;
        self.lines.push(Field::new(&line)?);
        Ok(())
    }

    fn index(&self, index: isize) -> Result<usize> {
        let len = self.lines.len();
        let found = match index {
            0.. => Some(index.unsigned_abs()).filter(|index| *index < len),
            _ => len.checked_sub(index.unsigned_abs()),
        };
        found.ok_or_else(|| err!(IndexError, "no line {index} in an order of {len}"))
    }

    /// All lines.
    fn all<'ctx>(&self, ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx, Line>>> {
        let lines = self.lines.iter().map(|line| line.load(ctx));
        lines.filter_map(Result::transpose).collect()
    }

    /// The SKUs and quantities.
    fn pairs(&self, ctx: Context<'_>) -> Result<Vec<(String, u32)>> {
        let lines = self.all(ctx)?;
        lines.iter().map(|line| line.get()?.pair(ctx)).collect()
    }
}

#[hpy_methods]
impl Order {
    #[new]
    #[hpy(signature = (customer, lines = Vec::new(), *, note = None))]
    fn new<'ctx>(
        customer: String,
        lines: Vec<(Handle<'ctx, Item>, u32)>,
        note: Option<String>,
    ) -> Result<Self> {
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
    fn set_customer(&mut self, customer: String) -> Result<()> {
        ensure!(!customer.is_empty(), ValueError, "who is the customer?");
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
    #[hpy(signature = (item, quantity = 1, *, discount = 0.0))]
    fn add(&mut self, item: &Handle<'_, Item>, quantity: u32, discount: f64) -> Result<usize> {
        self.push(item, quantity, discount)?;
        Ok(self.lines.len())
    }

    /// What it costs: the lines with a tax, and the shipping.
    #[hpy(signature = (*, tax = 0.0, shipping = None, rounding = Rounding::HalfEven))]
    fn total(
        &self,
        ctx: Context<'_>,
        tax: f64,
        shipping: Option<&Money>,
        rounding: Rounding,
    ) -> Result<Option<Money>> {
        let mut total: Option<Money> = None;
        for line in self.all(ctx)? {
            let cost = line.get()?.total(ctx)?;
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
    #[hpy(signature = (warehouse, *, partial = false))]
    fn fulfil<'ctx>(
        this: &Handle<'ctx, Self>,
        warehouse: &Handle<'ctx, Warehouse>,
        partial: bool,
    ) -> Result<Vec<(String, u32)>> {
        let ctx = this.ctx();
        let pairs = this.borrow()?.pairs(ctx)?;
        let (mut plan, mut missing) = (Vec::new(), Vec::new());
        for (sku, wanted) in pairs {
            let stock = warehouse.borrow()?;
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
                return Err(shortage.into_error(ctx));
            }
            missing.push((sku.clone(), wanted - available));
            plan.push((sku, available));
        }
        for (sku, quantity) in plan.iter().filter(|line| line.1 > 0) {
            take(warehouse, "taken", sku, *quantity)?;
        }
        this.borrow_mut()?.status = Status::Fulfilled;
        Ok(missing)
    }

    fn __len__(&self) -> usize {
        self.lines.len()
    }

    fn __getitem__<'ctx>(
        &self,
        ctx: Context<'ctx>,
        index: isize,
    ) -> Result<Option<Handle<'ctx, Line>>> {
        self.lines[self.index(index)?].load(ctx)
    }

    fn __delitem__(&mut self, index: isize) -> Result<()> {
        let index = self.index(index)?;
        self.lines.remove(index);
        Ok(())
    }

    /// An iterator of the lines that there are now.
    fn __iter__<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.list(self.all(ctx)?)?.call_method0("__iter__")
    }

    fn __iadd__(&mut self, line: (Handle<'_, Item>, u32)) -> Result<()> {
        self.push(&line.0, line.1, 0.0)
    }

    fn __enter__<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self> {
        this.dup()
    }

    #[hpy(signature = (kind, value, traceback, /))]
    fn __exit__(
        &mut self,
        kind: &Handle<'_>,
        value: Option<&Handle<'_>>,
        traceback: &Handle<'_>,
    ) -> bool {
        let _ = (kind, traceback);
        self.status = match value {
            Some(_) => Status::Cancelled,
            None => Status::Placed,
        };
        false
    }

    fn __repr__(&self, ctx: Context<'_>) -> Result<String> {
        let pairs = self.pairs(ctx)?;
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
}
