//~ the base has `dict` or `weakref`, which lie where this type's data would

use hpy::prelude::*;

#[hpy_type(subclass, dict)]
struct Animal(String);

#[hpy_type(base = Animal)]
struct Dog;

fn main() {}
