//~ the type does not list this block
//~ the type has no block of this name
//~ this block has a method or attribute that another block of the type has too
//~ special methods that share a slot belong in one block
//~ the type has two constructors

use hpy::prelude::*;

#[hpy_type(blocks = [listed, missing])]
struct Point(f64);

#[hpy_methods]
impl Point {
    fn x(&self) -> f64 {
        self.0
    }
}

#[hpy_methods(block = listed)]
impl Point {
    #[hpy(name = "x")]
    fn second(&self) -> f64 {
        self.0
    }
}

#[hpy_methods(block = forgotten)]
impl Point {
    fn y(&self) -> f64 {
        self.0
    }
}

#[hpy_type(blocks = [more])]
struct Sum(f64);

#[hpy_methods]
impl Sum {
    fn __add__(&self, other: f64) -> Sum {
        Sum(self.0 + other)
    }
}

#[hpy_methods(block = more)]
impl Sum {
    fn __radd__(&self, other: f64) -> Sum {
        Sum(self.0 + other)
    }
}

#[hpy_type(new)]
struct Twice {
    x: f64,
}

#[hpy_methods]
impl Twice {
    #[new]
    fn new(x: f64) -> Self {
        Twice { x }
    }
}

fn main() {}
