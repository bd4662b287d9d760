//! What options make of fields.

use hpy::exceptions::ValueError;
use hpy::prelude::*;
use std::fmt;

/// Attributes of all fields, a constructor from them, a text, copies.
#[hpy_type(
    get_all,
    set_all,
    new,
    subclass,
    str = "({x}, {y:.1}) {{{y}}}",
    repr = "Point({x:?}, {y:?})",
    from_handle
)]
#[derive(Clone, Copy)]
pub struct Point {
    /// To the right.
    x: f64,
    #[hpy(default = 1.5)]
    y: f64,
}

#[hpy_method]
pub fn farther(point: Point, others: Vec<Point>) -> Point {
    let length = |point: &Point| point.x.hypot(point.y);
    let farther = others.into_iter().find(|one| length(one) > length(&point));
    farther.unwrap_or(point)
}

/// Other names, values of all kinds, a field that Python does not know.
#[hpy_type(get_all, new = "from_fields", rename_all = "camelCase")]
pub struct Line {
    line_width: u32,
    #[hpy(name = "type_")]
    r#type: String,
    #[hpy(default)]
    end_point: Option<Field<Point>>,
    #[hpy(default = vec!["a".to_owned()])]
    all_tags: Vec<String>,
    #[hpy(skip, default = 7)]
    secret: u32,
    #[hpy(skip)]
    more: Vec<u8>,
}

#[hpy_methods]
impl Line {
    fn hidden_sum(&self) -> u32 {
        self.secret + self.more.len() as u32
    }
}

/// A frozen class whose objects are taken by their value.
#[hpy_type(frozen, get_all, new, from_handle, eq, hash)]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Options {
    name: String,
    #[hpy(default)]
    level: u8,
}

#[hpy_method]
pub fn name_of(options: Options, other: Option<Options>, same: &Options) -> String {
    assert!(same == &options);
    let other = other.map_or("None".to_owned(), |other| other.name);
    format!("{} {other}", options.name)
}

/// A tuple struct.
#[hpy_type(get_all, new, str = "{0} and {self.1}")]
pub struct Pair(#[hpy(name = "first")] i64, #[hpy(name = "second")] String);

/// A field with a setter of its own.
#[hpy_type(new, subclass)]
pub struct Thermometer {
    /// In degrees Celsius.
    #[hpy(get)]
    degrees: f64,
}

#[hpy_methods]
impl Thermometer {
    #[setter]
    fn set_degrees(&mut self, degrees: f64) -> Result<()> {
        if degrees < -273.15 {
            return Err(ValueError::new("too cold"));
        }
        self.degrees = degrees;
        Ok(())
    }
}

/// Not frozen, taken by its value: a copy.
#[hpy_type(new, get_all, from_handle)]
#[derive(Clone)]
pub struct Counter {
    count: u32,
}

#[hpy_methods]
impl Counter {
    /// Calls the function while the data is borrowed mutably.
    fn with_borrow<'ctx>(&mut self, function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        self.count += 1;
        function.call0()
    }

    fn __init__(&mut self, count: u32) {
        self.count = count + 1;
    }
}

#[hpy_method]
pub fn counted(counter: Counter) -> u32 {
    counter.count
}

/// No fields at all.
#[hpy_type(new, repr = "Empty {{}}")]
pub struct Empty;

/// What returns an error instead of its text.
struct NoText;

impl fmt::Display for NoText {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

#[hpy_type(new, str = "{text}")]
pub struct Failing {
    #[hpy(skip, default = NoText)]
    text: NoText,
}
