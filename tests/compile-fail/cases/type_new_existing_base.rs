//~ ExistingObject

use hpy::prelude::*;

#[hpy_type(subclass)]
struct Animal(String);

#[hpy_type(base = Animal)]
struct Dog;

#[hpy_methods]
impl Dog {
    #[new]
    fn new(animal: Handle<'_, Animal>) -> (Self, Handle<'_, Animal>) {
        (Dog, animal)
    }
}

fn main() {}
