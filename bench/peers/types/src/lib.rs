//! The rows of the benchmark about types and lists of numbers with hpy, as a user would write them.

use hpy::prelude::*;

/// A point in the plane.
#[hpy_type(subclass)]
struct Point {
    /// To the right.
    #[hpy(get, set)]
    x: f64,
    /// Up.
    #[hpy(get, set)]
    y: f64,
}

#[hpy_methods]
impl Point {
    #[new]
    fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }

    /// The square of its distance.
    #[getter]
    fn squared(&self) -> f64 {
        self.x * self.x + self.y * self.y
    }

    /// The square of its distance.
    fn square(&self) -> f64 {
        self.squared()
    }

    /// The product with another.
    fn dot(&self, other: Ref<'_, Point>) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// Moves it.
    fn shift(&mut self, dx: f64, dy: f64) {
        self.x += dx;
        self.y += dy;
    }

    fn __add__(&self, other: Ref<'_, Point>) -> Point {
        Point {
            x: self.x + other.x,
            y: self.y + other.y,
        }
    }

    fn __call__(&self, x: f64) -> f64 {
        self.x * x + self.y
    }
}

/// The sum of a list of floats.
#[hpy_method]
fn sum_floats(numbers: Vec<f64>) -> f64 {
    numbers.iter().sum()
}

/// The sum of a list of ints.
#[hpy_method]
fn sum_ints(numbers: Vec<i64>) -> i64 {
    numbers.iter().fold(0, |sum, item| sum.wrapping_add(*item))
}

/// Changes the signs in a list of floats.
#[hpy_method]
fn negate(numbers: &Handle<'_, List>) -> Result<()> {
    let mut values = numbers.to_vec::<f64>()?;
    for value in &mut values {
        *value = -*value;
    }
    numbers.copy_from_slice(&values)
}

hpy_module! {
    /// The rows of the benchmark about types.
    name: types_hpy,
    methods: [sum_floats, sum_ints, negate],
    types: [Point],
}
