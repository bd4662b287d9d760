//! Comparisons, hashes and texts of types, derived from Rust's traits.

use hpy::prelude::*;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Everything derived.
#[hpy_type(frozen, subclass, eq, ord, hash, repr, str, match_args)]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Version {
    #[hpy(get)]
    major: u32,
    #[hpy(get)]
    minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[hpy_methods]
impl Version {
    #[new]
    #[hpy(signature = (major, minor = 0))]
    fn new(major: u32, minor: u32) -> Self {
        Version { major, minor }
    }
}

/// Equality alone: no order, no hash. NaN is not equal to itself.
#[hpy_type(eq, match_args = (x))]
#[derive(PartialEq)]
struct Measure {
    #[hpy(get, set)]
    x: f64,
    #[hpy(get)]
    unit: String,
}

#[hpy_methods]
impl Measure {
    #[new]
    fn new(x: f64, unit: String) -> Self {
        Measure { x, unit }
    }

    /// Calls a function while nobody else may have the data.
    fn call_mut<'ctx>(&mut self, function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        function.call0()
    }
}

/// A partial order, with a hash by hand.
#[hpy_type(eq, ord)]
#[derive(PartialEq, PartialOrd)]
struct Partial(f64);

#[hpy_methods]
impl Partial {
    #[new]
    fn new(value: f64) -> Self {
        Partial(value)
    }

    fn __hash__(&self) -> i64 {
        self.0 as i64
    }
}

/// A hash that Python has no room for.
#[hpy_type(frozen, eq, hash)]
#[derive(PartialEq)]
struct MinusOne;

#[hpy_methods]
impl MinusOne {
    #[new]
    fn new() -> Self {
        MinusOne
    }
}

impl Hash for MinusOne {
    fn hash<H: Hasher>(&self, state: &mut H) {
        panic_if(state.finish() == 1);
    }
}

fn panic_if(condition: bool) {
    assert!(!condition);
}

/// Equality by hand, the hash derived.
#[hpy_type(frozen, hash)]
#[derive(Hash)]
struct Name(String);

#[hpy_methods]
impl Name {
    #[new]
    fn new(text: &str) -> Self {
        Name(text.to_lowercase())
    }

    fn __eq__(&self, other: &Name) -> bool {
        self.0 == other.0
    }
}

/// Each derived method panics.
#[hpy_type(frozen, eq, hash, repr, str)]
struct Panics;

#[hpy_methods]
impl Panics {
    #[new]
    fn new() -> Self {
        Panics
    }
}

impl PartialEq for Panics {
    fn eq(&self, _: &Self) -> bool {
        panic!("no equality")
    }
}

impl Hash for Panics {
    fn hash<H: Hasher>(&self, _: &mut H) {
        panic!("no hash")
    }
}

impl fmt::Debug for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("no repr")
    }
}

impl fmt::Display for Panics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

hpy_module! {
    name: type_derives,
    types: [Version, Measure, Partial, MinusOne, Name, Panics],
}
