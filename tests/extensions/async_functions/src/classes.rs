//! Methods that are `async`.

use hpy::prelude::*;
use std::sync::atomic::{AtomicI64, Ordering};

/// A class whose methods may take `&mut self`.
#[hpy_type]
pub struct Counter {
    #[hpy(get)]
    count: i64,
}

#[hpy_methods]
impl Counter {
    #[new]
    fn new(count: i64) -> Self {
        Self { count }
    }

    /// The count after an awaitable.
    async fn later(&self, awaitable: Persistent) -> Result<i64> {
        awaitable.await?;
        Ok(self.count)
    }

    async fn ready(&self, more: i64) -> i64 {
        self.count + more
    }

    /// Adds to the count, which nobody borrows while it waits.
    async fn add_later(this: Persistent<Self>, awaitable: Persistent) -> Result<i64> {
        awaitable.await?;
        this.attach(|this| {
            let mut this = this.borrow_mut()?;
            this.count += 1;
            Ok(this.count)
        })
    }

    fn increment(&mut self) {
        self.count += 1;
    }

    #[staticmethod]
    async fn twice(number: i64) -> i64 {
        2 * number
    }

    async fn __call__(&self, more: i64) -> i64 {
        self.count + more
    }
}

/// A class whose data is only shared.
#[hpy_type(frozen)]
pub struct Frozen {
    count: AtomicI64,
}

#[hpy_methods]
impl Frozen {
    #[new]
    fn new() -> Self {
        Self {
            count: AtomicI64::new(0),
        }
    }

    async fn increment(&self) -> i64 {
        self.count.fetch_add(1, Ordering::Relaxed) + 1
    }

    async fn __aenter__(this: Persistent<Self>) -> Persistent<Self> {
        this
    }

    async fn __aexit__(
        &self,
        kind: Persistent,
        _value: Persistent,
        _traceback: Persistent,
    ) -> Result<bool> {
        self.count.fetch_add(100, Ordering::Relaxed);
        kind.attach(|kind| Ok(kind.is(&kind.ctx().builtins().get_item("ValueError")?)))
    }
}

/// `async for` over the numbers down to one.
#[hpy_type(frozen)]
pub struct Countdown {
    left: AtomicI64,
}

#[hpy_methods]
impl Countdown {
    #[new]
    fn new(left: i64) -> Self {
        Self {
            left: AtomicI64::new(left),
        }
    }

    fn __aiter__(&self) {}

    async fn __anext__(&self) -> Option<i64> {
        let left = self.left.fetch_sub(1, Ordering::Relaxed);
        (left > 0).then_some(left)
    }
}
