//~ nobody may derive from the base: write #[hpy_type(subclass)] above its definition

use hpy::prelude::*;

#[hpy_type]
struct Animal;

#[hpy_type(base = Animal)]
struct Dog;

fn main() {}
