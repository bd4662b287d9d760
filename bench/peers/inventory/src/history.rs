//! What has happened in a warehouse.

use crate::warehouse::Warehouse;
use hpy::prelude::*;

/// A change of a quantity.
#[hpy_type(frozen, eq, hash)]
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Event {
    /// `added`, `set`, `taken`, `moved` or `removed`.
    #[hpy(get)]
    pub kind: &'static str,
    /// The item's.
    #[hpy(get)]
    pub sku: String,
    /// How many there were.
    #[hpy(get)]
    pub before: u32,
    /// How many there are now.
    #[hpy(get)]
    pub after: u32,
}

/// Goes through the events of a warehouse, and through those that happen meanwhile.
#[hpy_type]
pub struct History {
    warehouse: Field<Warehouse>,
    kind: Option<String>,
    next: usize,
}

#[hpy_methods]
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
    pub fn of(
        warehouse: &Handle<'_, Warehouse>,
        kind: Option<String>,
        next: usize,
    ) -> Result<Self> {
        Ok(History {
            warehouse: Field::new(warehouse)?,
            kind,
            next,
        })
    }
}

#[hpy_methods]
impl History {
    fn __iter__<'a, 'ctx>(this: &'a Handle<'ctx, Self>) -> &'a Handle<'ctx, Self> {
        this
    }

    fn __next__(&mut self, ctx: Context<'_>) -> Result<Option<Event>> {
        let Some(warehouse) = self.warehouse.load(ctx)? else {
            return Ok(None);
        };
        let warehouse = warehouse.borrow()?;
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
