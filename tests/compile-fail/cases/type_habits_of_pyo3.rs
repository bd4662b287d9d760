//~ the constructor is a function with #[new] above it
//~ `__init__` runs after the constructor, but there is none
//~ `self` is written as `&self`
//~ every function of this impl is visible to Python: remove #[hpy_method]
//~ unknown attribute `#[pyo3(…)]`; use `#[hpy(…)]`
//~ unknown attribute `#[pyo3(…)]`; use `#[hpy_type(…)]`
//~ the trait is called `FromHandle` here: write `from_handle`
//~ `extends` is not an option of a type: write `base = …`
//~ Python does not look up `__traverse__`
//~ Python does not look up `__clear__`

use hpy::prelude::*;

#[hpy_type(get_all, from_py_object, extends = Other)]
#[pyo3(frozen)]
struct Point {
    #[pyo3(get, set)]
    x: f64,
}

#[hpy_methods]
impl Point {
    fn __new__(x: f64) -> Self {
        Point { x }
    }

    fn read(slf: Ref<'_, Self>) -> f64 {
        slf.x
    }

    fn itself(slf: Handle<'_, Self>) -> Handle<'_, Self> {
        slf
    }

    #[hpy_method]
    fn norm(&self) -> f64 {
        self.x.abs()
    }

    #[pyo3(signature = (by = 1.0))]
    fn shift(&mut self, by: f64) {
        self.x += by;
    }

    fn __traverse__(&self) {}

    fn __clear__(&mut self) {}
}

#[hpy_type]
struct Counter(u64);

#[hpy_methods]
impl Counter {
    fn __init__(&mut self, start: u64) {
        self.0 = start;
    }
}

#[hpy_type(eq_int)]
enum Level {
    #[pyo3(name = "LOW")]
    Low,
}

#[hpy_method]
#[pyo3(signature = (a = 1))]
fn double(a: i64) -> i64 {
    2 * a
}

hpy_module! { name: habits, methods: [double], types: [Point, Counter, Level] }

fn main() {}
