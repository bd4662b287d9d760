//! Orders, whose prices are rules in Python. The module `plugins` is an extension for Python. The
//! program `shop` contains it too, and starts a Python of its own.

use hpy::exceptions::ValueError;
use hpy::prelude::*;

/// Some of one article.
#[hpy_type(frozen)]
#[derive(Clone)]
pub struct Order {
    #[hpy(get)]
    pub article: String,
    #[hpy(get)]
    pub count: u32,
    /// In cents.
    #[hpy(get)]
    pub unit_price: u64,
}

#[hpy_methods]
impl Order {
    #[new]
    fn new(article: String, count: u32, unit_price: u64) -> Result<Self> {
        if count == 0 {
            return Err(ValueError::new("an order of nothing"));
        }
        Ok(Self {
            article,
            count,
            unit_price,
        })
    }

    /// The price without any rule, in cents.
    fn total(&self) -> u64 {
        u64::from(self.count) * self.unit_price
    }
}

hpy_module! {
    /// Orders of a shop.
    name: plugins,
    types: [Order],
}
