//~ no field `name` on type `&Dog`

use hpy::prelude::*;

#[hpy_type(subclass)]
struct Animal {
    name: String,
}

#[hpy_type(base = Animal)]
struct Dog;

#[hpy_methods]
impl Dog {
    fn introduce(&self) -> String {
        self.name.clone()
    }
}

fn main() {}
