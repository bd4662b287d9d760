//! What `pofcpp.cpp` has: the same once more. C++ has a class with a destructor there, Rust a value
//! that is dropped.

use hpy::exceptions::OverflowError;
use hpy::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many points there are.
static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// Does nothing.
#[hpy_method]
fn do_nothing() {}

/// What an object plus itself is.
#[hpy_method]
fn double<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    object.add(object)
}

/// The sum of two numbers.
#[hpy_method(signature = (a, b, /))]
fn add_ints(a: i64, b: i64) -> Result<i64> {
    let sum = a.checked_add(b);
    sum.ok_or_else(|| OverflowError::new("the sum does not fit into 64 bits"))
}

/// The same, whose arguments have names.
#[hpy_method(signature = (a, b))]
fn add_ints_kw(a: i64, b: i64) -> Result<i64> {
    add_ints(a, b)
}

/// How many points there are.
#[hpy_method]
fn alive() -> usize {
    ALIVE.load(Ordering::Relaxed)
}

/// A point in the plane, which is counted.
#[hpy_type]
struct Point {
    x: f64,
    y: f64,
}

impl Drop for Point {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

#[hpy_methods]
impl Point {
    #[new]
    #[hpy(signature = (x, y, /))]
    fn new(x: f64, y: f64) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Point { x, y }
    }

    fn __repr__(&self) -> String {
        format!("Point({}, {})", self.x, self.y)
    }
}

hpy_module! {
    /// HPy's proof of concept, of its C++ half.
    name: pofcpp,
    methods: [do_nothing, double, add_ints, add_ints_kw, alive],
    types: [Point],
}
