//! What `pof.c` has: a function of each calling convention, and a type.

use hpy::exceptions::OverflowError;
use hpy::prelude::*;

/// Does nothing.
#[hpy_method]
fn do_nothing() {}

/// What an object plus itself is.
#[hpy_method(name = "double")]
fn double_obj<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    object.add(object)
}

/// The sum of two numbers.
#[hpy_method(signature = (a, b, /))]
fn add_ints(a: i64, b: i64) -> Result<i64> {
    a.checked_add(b)
        .ok_or_else(|| OverflowError::new("the sum does not fit into 64 bits"))
}

/// The same, whose arguments have names.
#[hpy_method(signature = (a, b))]
fn add_ints_kw(a: i64, b: i64) -> Result<i64> {
    add_ints(a, b)
}

/// A point in the plane.
#[hpy_type]
struct Point {
    x: f64,
    y: f64,
}

#[hpy_methods]
impl Point {
    #[new]
    #[hpy(signature = (x, y, /))]
    fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }

    fn __repr__(&self) -> String {
        format!("Point({}, {})", self.x, self.y)
    }
}

hpy_module! {
    /// HPy's proof of concept.
    name: pof,
    methods: [do_nothing, double_obj, add_ints, add_ints_kw],
    types: [Point],
}
