//~ an object that exists as `Handle<'ctx, Self>`

use hpy::prelude::*;

#[hpy_type]
struct Row(f64);

#[hpy_type]
struct Column(f64);

#[hpy_methods]
impl Row {
    #[new]
    fn new(column: Handle<'_, Column>) -> Handle<'_, Column> {
        column
    }
}

fn main() {}
