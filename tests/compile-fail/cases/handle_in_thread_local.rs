//~ borrowed data escapes outside of function

use hpy::prelude::*;

use std::cell::RefCell;

thread_local! {
    static KEPT: RefCell<Option<Handle<'static>>> = const { RefCell::new(None) };
}

#[hpy_method]
fn keep<'ctx>(object: &Handle<'ctx>) {
    KEPT.with_borrow_mut(|kept| *kept = Some(object.dup()));
}

fn main() {}
