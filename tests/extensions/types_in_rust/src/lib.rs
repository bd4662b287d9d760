//! Types written in Rust: data, constructors, methods, attributes, and what Python code at its
//! worst does to them.

mod existing;

use existing::{LoudWord, Settings, Word};
use hpy::ensure;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use std::sync::atomic::{AtomicI64, Ordering};

/// A point in the plane.
#[hpy_type]
struct Point {
    /// To the right.
    #[hpy(get, set)]
    x: f64,
    #[hpy(get, set, name = "why")]
    y: f64,
}

#[hpy_methods]
impl Point {
    /// How many numbers it takes.
    #[classattr]
    const DIMENSIONS: u8 = 2;

    #[classattr]
    #[hpy(name = "kind")]
    const KIND: &str = "point";

    #[classattr]
    fn unit() -> Point {
        Point { x: 1.0, y: 0.0 }
    }

    #[new]
    #[hpy(signature = (x, y = 0.0))]
    fn new(x: f64, y: f64) -> Result<Self> {
        ensure!(!x.is_nan() && !y.is_nan(), ValueError, "not a number");
        Ok(Point { x, y })
    }

    /// How far it is from the origin.
    fn norm(&self) -> f64 {
        self.x.hypot(self.y)
    }

    #[hpy(signature = (dx, dy = 0.0))]
    fn shift(&mut self, dx: f64, dy: f64) {
        self.x += dx;
        self.y += dy;
    }

    fn scaled(&self, factor: f64) -> Self {
        Point {
            x: self.x * factor,
            y: self.y * factor,
        }
    }

    fn distance(&self, other: Ref<'_, Point>) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// Takes what the other has. A point cannot take from itself.
    fn take(&mut self, mut other: RefMut<'_, Point>) {
        self.x = std::mem::take(&mut other.x);
        self.y = std::mem::take(&mut other.y);
    }

    fn itself<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self> {
        this.dup()
    }

    /// Calls a function while the data is this method's own.
    fn call_mut(&mut self, function: &Handle<'_>) -> Result<f64> {
        self.x += 1.0;
        let result = function.call0()?.extract()?;
        self.x += 1.0;
        Ok(result)
    }

    /// Calls a function while the data is shared.
    fn call_shared<'ctx>(&self, function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        function.call0()
    }

    fn panic(&mut self) {
        panic!("on purpose")
    }

    #[getter]
    fn length(&self) -> f64 {
        self.norm()
    }

    #[setter]
    fn set_length(&mut self, length: f64) -> Result<()> {
        let factor = length / self.norm();
        ensure!(factor.is_finite(), ValueError, "no direction");
        self.x *= factor;
        self.y *= factor;
        Ok(())
    }

    #[deleter(length)]
    fn forget(&mut self) {
        (self.x, self.y) = (0.0, 0.0);
    }

    #[getter(name)]
    fn class_name<'ctx>(this: &Handle<'ctx, Self>) -> Result<String> {
        this.type_().name()
    }

    #[classmethod]
    fn origin<'ctx>(class: &Handle<'ctx, Type>) -> Result<Handle<'ctx>> {
        class.call1((0.0, 0.0))
    }

    #[staticmethod]
    #[hpy(signature = (angle, *, length = 1.0))]
    fn polar(angle: f64, length: f64) -> Point {
        Point {
            x: length * angle.cos(),
            y: length * angle.sin(),
        }
    }

    fn __repr__(&self) -> String {
        format!("Point({:?}, {:?})", self.x, self.y)
    }
}

/// A type that Python classes may derive from, whose objects are counted.
#[hpy_type(subclass, name = "Counted")]
struct CountedInRust {
    #[hpy(get, set)]
    text: String,
    #[allow(dead_code)] // Dropped with it.
    guard: Guard,
}

static ALIVE: AtomicI64 = AtomicI64::new(0);

struct Guard(Box<i64>);

impl Guard {
    fn new() -> Self {
        Guard(Box::new(ALIVE.fetch_add(1, Ordering::Relaxed)))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        assert!(*self.0 >= 0);
        *self.0 = -1;
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

#[hpy_methods]
impl CountedInRust {
    #[new]
    fn new(text: String) -> Self {
        CountedInRust {
            text,
            guard: Guard::new(),
        }
    }

    fn shout(&self) -> String {
        self.text.to_uppercase()
    }
}

/// How many objects of `Counted` have data.
#[hpy_method]
fn alive() -> i64 {
    ALIVE.load(Ordering::Relaxed)
}

/// Nothing changes its data, so nothing is checked.
#[hpy_type(frozen, subclass)]
struct Pair(
    #[hpy(get, name = "first")] i64,
    #[hpy(get, name = "second")] i64,
);

#[hpy_methods]
impl Pair {
    #[new]
    fn new(first: i64, second: i64) -> Self {
        Pair(first, second)
    }

    fn sum_with(&self, other: &Pair) -> i64 {
        self.0 + self.1 + other.0 + other.1
    }
}

/// Of which Python code changes how its objects are made.
#[hpy_type]
struct Changed {
    #[hpy(get)]
    number: i64,
}

#[hpy_methods]
impl Changed {
    #[new]
    #[hpy(signature = (number, *, twice = false))]
    fn new(number: i64, twice: bool) -> Self {
        Changed {
            number: if twice { 2 * number } else { number },
        }
    }
}

/// No constructor: only Rust code makes these.
#[hpy_type]
struct Sealed {
    #[hpy(get)]
    number: u8,
}

#[hpy_method]
fn make_sealed(number: u8) -> Sealed {
    Sealed { number }
}

#[hpy_method]
fn is_point(object: &Handle<'_>) -> bool {
    object.is_instance_of::<Point>()
}

#[hpy_method]
fn x_of(point: &Handle<'_, Point>) -> Result<f64> {
    Ok(point.borrow()?.x)
}

#[hpy_method]
fn make_points<'ctx>(ctx: Context<'ctx>, count: usize) -> Result<Vec<Handle<'ctx, Point>>> {
    (0..count)
        .map(|x| {
            ctx.instance(Point {
                x: x as f64,
                y: 0.0,
            })
        })
        .collect()
}

/// Its constructor is told which class was called.
#[hpy_type(subclass)]
struct Scaled {
    #[hpy(get)]
    letters: usize,
    #[hpy(get)]
    number: i64,
}

#[hpy_methods]
impl Scaled {
    /// Classes in Python may have another.
    #[classattr]
    #[hpy(name = "scale")]
    const SCALE: i64 = 1;

    #[new]
    #[classmethod]
    #[hpy(signature = (number = 1))]
    fn new(class: &Handle<'_, Type>, number: i64) -> Result<Self> {
        let scale: i64 = class.getattr("scale")?.extract()?;
        let name: String = class.getattr("__name__")?.extract()?;
        Ok(Scaled {
            letters: name.len(),
            number: number * scale,
        })
    }
}

hpy_module! {
    name: types_in_rust,
    methods: [alive, make_sealed, is_point, x_of, make_points],
    types: [
        Point, CountedInRust, Pair, Changed, Sealed, Scaled, Settings, Word, LoudWord,
    ],
    constants: { ORIGIN: Point { x: 0.0, y: 0.0 } },
}
