//~ the constructor is a function with #[new] above it
//~ `__init__` is called after the constructor, which makes the data, and there is none
//~ the data of a method's object is `&self`
//~ every function of this impl is one of Python's: leave #[hpy_method] out
//~ what PyO3 writes as #[pyo3(…)] is #[hpy(…)] here
//~ what PyO3 writes as #[pyo3(…)] is #[hpy_type(…)] here
//~ `get_all` is no option of a type: #[hpy(get)] stands above each field
//~ `extends` is no option of a type: the base of a type is `base = …`
//~ Python does not look for `__traverse__`
//~ Python does not look for `__clear__`

use hpy::prelude::*;

#[hpy_type(get_all, unsendable, extends = Other)]
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
