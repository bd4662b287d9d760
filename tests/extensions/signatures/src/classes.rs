//! What is said of calls of a class's functions: see `test_classes.py`.

use hpy::prelude::*;

/// Called otherwise in Python.
#[hpy_type(name = "Thing", subclass)]
pub struct ThingPy;

#[hpy_methods]
impl ThingPy {
    #[new]
    #[hpy(signature = (x, y=0))]
    fn new(x: i64, y: i64) -> Self {
        let _ = (x, y);
        ThingPy
    }

    #[hpy(signature = (dx, dy, scale=1))]
    fn shift(&self, dx: i64, dy: i64, scale: i64) -> i64 {
        (dx + dy) * scale
    }

    #[hpy(name = "renamed", signature = (*, first, second))]
    fn by_another_name(&self, first: i64, second: i64) -> i64 {
        first + second
    }

    #[hpy(signature = (a, /, b))]
    fn positional(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    #[classmethod]
    #[hpy(signature = (a, b))]
    fn of_class(_class: &Handle<'_, Type>, a: i64, b: i64) -> i64 {
        a + b
    }

    #[staticmethod]
    #[hpy(signature = (a, b))]
    fn of_nobody(a: i64, b: i64) -> i64 {
        a + b
    }

    #[hpy(signature = (a, b))]
    fn __call__(&self, a: i64, b: i64) -> i64 {
        a + b
    }
}
