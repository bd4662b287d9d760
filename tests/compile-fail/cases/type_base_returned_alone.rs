//~ a Python method can't return `Dog`
//~ of a type with a base return `ctx.instance((derived, base))`

use hpy::prelude::*;

#[hpy_type(subclass)]
struct Animal(String);

#[hpy_type(base = Animal)]
struct Dog;

#[hpy_method]
fn make() -> Dog {
    Dog
}

fn main() {}
