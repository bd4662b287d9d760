//~ future cannot be sent between threads safely

use hpy::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

#[hpy_method]
async fn shared(awaitable: Persistent) -> Result<i64> {
    let count = Rc::new(Cell::new(0));
    awaitable.await?;
    count.set(count.get() + 1);
    Ok(count.get())
}

fn main() {}
