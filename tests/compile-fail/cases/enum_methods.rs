//~ the objects of an enum are its variants: write a #[staticmethod] that returns one, in place of
//~   #[new]
//~ an enum whose variants hold no data has methods with `&self`
//~ `Changed` is frozen: its data cannot be borrowed mutably
//~ `Called` is not a Python type
//~ the members of an enum are made by Python and never end: remove `__init__` and `__del__`
//~ `str` derives the `__str__` that #[hpy_methods] has too

use hpy::prelude::*;

#[hpy_type]
enum Built {
    A,
}

#[hpy_methods]
impl Built {
    #[new]
    fn new() -> Self {
        Built::A
    }
}

#[hpy_type]
enum Changed {
    A,
}

#[hpy_methods]
impl Changed {
    fn change(&mut self) {}
}

#[hpy_type]
enum Called {
    A,
}

#[hpy_methods]
impl Called {
    fn __call__(&self) {}
}

#[hpy_type]
enum Ended {
    A,
}

#[hpy_methods]
impl Ended {
    fn __del__(&self) {}
}

#[hpy_type(str)]
#[derive(Debug)]
enum Twice {
    A,
}

impl std::fmt::Display for Twice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

#[hpy_methods]
impl Twice {
    fn __str__(&self) -> &'static str {
        "twice"
    }
}

fn main() {}
