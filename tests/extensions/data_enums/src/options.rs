//! Enums with data beside other options of classes: blocks, parameters of a class, a sequence,
//! hidden enums, and those that no module lists.

use hpy::exceptions::IndexError;
use hpy::prelude::*;

/// A run of numbers.
#[hpy_type(generic, sequence, blocks = [more], str = "a run", pickle)]
#[derive(Clone)]
pub enum Run {
    Numbers { numbers: Vec<i64> },
    Empty {},
}

impl Run {
    fn items(&self) -> &[i64] {
        match self {
            Run::Numbers { numbers } => numbers,
            Run::Empty {} => &[],
        }
    }
}

#[hpy_methods]
impl Run {
    fn __len__(&self) -> usize {
        self.items().len()
    }

    fn __getitem__(&self, index: usize) -> Result<i64> {
        let item = self.items().get(index).copied();
        item.ok_or_else(|| IndexError::new("no such number"))
    }

    /// An attribute of the class that is an object of a variant.
    #[classattr]
    fn one() -> Run {
        Run::Numbers { numbers: vec![1] }
    }
}

#[hpy_methods(block = more)]
impl Run {
    fn total(&self) -> i64 {
        self.items().iter().sum()
    }
}

/// No module lists it.
#[hpy_type(eq)]
#[derive(Clone, PartialEq)]
pub enum Unlisted {
    Some { number: i64 },
    Pair(i64, i64),
}

#[hpy_methods]
impl Unlisted {
    #[classattr]
    fn zero() -> Unlisted {
        Unlisted::Some { number: 0 }
    }
}

#[hpy_method]
pub fn unlisted(number: i64, other: Option<i64>) -> Unlisted {
    match other {
        Some(other) => Unlisted::Pair(number, other),
        None => Unlisted::Some { number },
    }
}

#[hpy_method]
pub fn number_of(unlisted: Unlisted) -> i64 {
    match unlisted {
        Unlisted::Some { number } => number,
        Unlisted::Pair(number, _) => number,
    }
}

/// The module makes it, but does not show it.
#[hpy_type(repr, pickle)]
#[derive(Clone, Debug)]
pub enum Hidden {
    Some { number: i64 },
}

#[hpy_method]
pub fn hidden(number: i64) -> Hidden {
    Hidden::Some { number }
}
