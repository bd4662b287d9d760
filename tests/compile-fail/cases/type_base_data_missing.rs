//~ the base `Animal` has data of its own, which a new object needs too
//~ return `(Self, Animal)`: the data of both

use hpy::prelude::*;

#[hpy_type(subclass)]
struct Animal(String);

#[hpy_type(base = Animal)]
struct Dog;

#[hpy_methods]
impl Dog {
    #[new]
    fn new() -> Self {
        Dog
    }
}

fn main() {}
