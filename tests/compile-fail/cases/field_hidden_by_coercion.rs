//~ mismatched types

use hpy::PyClass;
use hpy::prelude::*;
use std::ops::Deref;

/// Where the macro looks, `Checked` of this name is another type, to which this one is coerced.
pub mod __hpy {
    pub struct Checked(pub std::rc::Rc<i32>);
}

#[hpy_type]
pub struct Other {}

impl Deref for __hpy::Checked {
    type Target = <Other as PyClass>::Access;

    fn deref(&self) -> &Self::Target {
        unreachable!()
    }
}

#[hpy_type]
pub struct Node {
    counted: __hpy::Checked,
}

fn main() {}
