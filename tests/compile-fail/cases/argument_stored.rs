//~ borrowed data escapes outside of function

use hpy::prelude::*;

use std::cell::RefCell;

thread_local! {
    static SEEN: RefCell<Vec<&'static Handle<'static>>> = const { RefCell::new(Vec::new()) };
}

#[hpy_method]
fn remember(object: &Handle<'_>) {
    SEEN.with_borrow_mut(|seen| seen.push(object));
}

fn main() {}
