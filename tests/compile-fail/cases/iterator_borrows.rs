//~ borrowed data escapes outside of function
//~ `Rc<Vec<i64>>` cannot be sent between threads safely

use hpy::RustIterator;
use hpy::prelude::*;
use std::rc::Rc;

#[hpy_method]
fn words(text: &str) -> RustIterator<String> {
    RustIterator::new(text.split(' ').map(str::to_owned))
}

#[hpy_method]
fn numbers() -> RustIterator<i64> {
    let numbers = Rc::new(vec![1_i64]);
    RustIterator::new((0..1).map(move |index| numbers[index]))
}

fn main() {}
