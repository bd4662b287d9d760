//~ the constructor has a parameter `x` already
//~ `default` is for a constructor from the fields
//~ a field with `skip` is no attribute and no parameter
//~ write `get_all, set_all`
//~ a constructor from the fields has no data for the base

use hpy::prelude::*;

#[hpy_type(new)]
struct Point {
    x: f64,
    #[hpy(name = "x")]
    y: f64,
}

#[hpy_type(set_all)]
struct Unreadable {
    width: u32,
}

#[hpy_type]
struct Line {
    #[hpy(default = 5)]
    width: u32,
    #[hpy(skip, get)]
    length: u32,
}

#[hpy_type(subclass)]
struct Animal;

#[hpy_type(base = Animal, new)]
struct Dog {
    tricks: u32,
}

fn main() {}
