//~ `String` is not the data of a new `Animal`

use hpy::prelude::*;

#[hpy_type(subclass)]
struct Animal(String);

#[hpy_type(base = Animal)]
struct Dog;

#[hpy_methods]
impl Dog {
    #[new]
    fn new(name: String) -> (Self, String) {
        (Dog, name)
    }
}

fn main() {}
