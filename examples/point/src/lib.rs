//! A type written in Rust: points and vectors of the plane, with attributes, methods and operators.

use hpy::exceptions::{IndexError, ValueError, ZeroDivisionError};
use hpy::prelude::*;
use hpy::{bail, ensure};

/// A point in the plane, and a vector.
#[hpy_type]
struct Point {
    /// To the right.
    #[hpy(get, set)]
    x: f64,
    /// Up.
    #[hpy(get, set)]
    y: f64,
}

/// What `__iter__` gives.
#[hpy_type]
struct Coordinates {
    left: std::array::IntoIter<f64, 2>,
}

#[hpy_methods]
impl Point {
    /// How many coordinates a point has.
    #[classattr]
    const DIMENSIONS: usize = 2;

    #[new]
    #[hpy(signature = (x = 0.0, y = 0.0))]
    fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }

    /// The point at an angle and a distance.
    #[staticmethod]
    #[hpy(signature = (angle, *, length = 1.0))]
    fn polar(angle: f64, length: f64) -> Self {
        Point::new(length * angle.cos(), length * angle.sin())
    }

    /// The point that a text like `"1.5, 2"` names.
    #[classmethod]
    fn parse<'ctx>(class: &Handle<'ctx, Type>, text: &str) -> Result<Handle<'ctx>> {
        let Some((x, y)) = text.split_once(',') else {
            bail!(ValueError, "two numbers belong here, not {text:?}");
        };
        let (x, y): (f64, f64) = (x.trim().parse()?, y.trim().parse()?);
        class.call1((x, y))
    }

    /// How far it is from the origin.
    fn norm(&self) -> f64 {
        self.x.hypot(self.y)
    }

    /// How far it is from another.
    fn distance(&self, other: Ref<'_, Point>) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// Moves it, and returns nothing, as methods of Python's that change something do.
    #[hpy(signature = (dx = 0.0, dy = 0.0))]
    fn shift(&mut self, dx: f64, dy: f64) {
        self.x += dx;
        self.y += dy;
    }

    /// Where it lies, in radians.
    #[getter]
    fn angle(&self) -> f64 {
        self.y.atan2(self.x)
    }

    #[setter]
    fn set_angle(&mut self, angle: f64) {
        *self = Point::polar(angle, self.norm());
    }

    fn __add__(&self, other: Ref<'_, Point>) -> Point {
        Point::new(self.x + other.x, self.y + other.y)
    }

    fn __sub__(&self, other: Ref<'_, Point>) -> Point {
        Point::new(self.x - other.x, self.y - other.y)
    }

    fn __mul__(&self, factor: f64) -> Point {
        Point::new(self.x * factor, self.y * factor)
    }

    fn __rmul__(&self, factor: f64) -> Point {
        self.__mul__(factor)
    }

    fn __truediv__(&self, divisor: f64) -> Result<Point> {
        ensure!(divisor != 0.0, ZeroDivisionError, "division by zero");
        Ok(Point::new(self.x / divisor, self.y / divisor))
    }

    /// The dot product.
    fn __matmul__(&self, other: Ref<'_, Point>) -> f64 {
        self.x * other.x + self.y * other.y
    }

    fn __iadd__(&mut self, other: (f64, f64)) {
        self.shift(other.0, other.1);
    }

    fn __neg__(&self) -> Point {
        Point::new(-self.x, -self.y)
    }

    fn __abs__(&self) -> f64 {
        self.norm()
    }

    fn __bool__(&self) -> bool {
        self.x != 0.0 || self.y != 0.0
    }

    fn __eq__(&self, other: Ref<'_, Point>) -> bool {
        self.x == other.x && self.y == other.y
    }

    fn __len__(&self) -> usize {
        Point::DIMENSIONS
    }

    fn __getitem__(&self, index: isize) -> Result<f64> {
        match index {
            0 | -2 => Ok(self.x),
            1 | -1 => Ok(self.y),
            _ => Err(IndexError::new("a point has two coordinates")),
        }
    }

    fn __iter__(&self) -> Coordinates {
        Coordinates {
            left: [self.x, self.y].into_iter(),
        }
    }

    fn __repr__(&self) -> String {
        format!("Point({:?}, {:?})", self.x, self.y)
    }

    /// For `copy` and `pickle`.
    fn __reduce__<'ctx>(this: &Handle<'ctx, Self>) -> Result<(Handle<'ctx, Type>, (f64, f64))> {
        let point = this.borrow()?;
        Ok((this.type_(), (point.x, point.y)))
    }
}

#[hpy_methods]
impl Coordinates {
    fn __iter__<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self> {
        this.dup()
    }

    fn __next__(&mut self) -> Option<f64> {
        self.left.next()
    }
}

/// The point in the middle.
#[hpy_method]
fn centre(points: Vec<Handle<'_, Point>>) -> Result<Point> {
    ensure!(!points.is_empty(), ValueError, "no points have no centre");
    let mut sum = Point::new(0.0, 0.0);
    for point in &points {
        sum = sum.__add__(point.borrow()?);
    }
    sum.__truediv__(points.len() as f64)
}

hpy_module! {
    /// Points in the plane.
    name: point,
    types: [Point, Coordinates],
    methods: [centre],
}
