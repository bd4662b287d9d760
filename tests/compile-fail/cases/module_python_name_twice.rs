//~ a method before this one has the same name in Python: give one another

use hpy::prelude::*;

#[hpy_method]
fn add(a: i64, b: i64) -> i64 {
    a.wrapping_add(b)
}

#[hpy_method(name = "add")]
fn add_floats(a: f64, b: f64) -> f64 {
    a + b
}

mod inner {
    use hpy::prelude::*;

    #[hpy_method]
    pub fn add() {}
}

hpy_module! {
    name: sample,
    methods: [add, add_floats, inner::add],
}

fn main() {}
