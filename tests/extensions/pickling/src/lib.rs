//! Objects that are pickled and copied.

use hpy::prelude::*;

/// A point of a plane.
#[hpy_type(pickle, subclass, from_handle, eq)]
#[derive(Clone, Debug, PartialEq)]
struct Point {
    #[hpy(get, set)]
    x: f64,
    #[hpy(get, set)]
    y: f64,
    hidden: Option<u32>,
}

#[hpy_methods]
impl Point {
    /// What pickles do not call.
    #[new]
    #[hpy(signature = (*, both))]
    fn new(both: f64) -> Self {
        Point {
            x: both,
            y: both,
            hidden: Some(7),
        }
    }

    #[getter]
    fn hidden(&self) -> Option<u32> {
        self.hidden
    }
}

/// Own types and objects in it.
#[hpy_type(pickle)]
struct Path {
    #[hpy(get)]
    points: Vec<Point>,
    #[hpy(get)]
    start: Field<Point>,
    #[hpy(get, set)]
    other: Option<Field>,
    #[hpy(get)]
    shape: Shape,
    #[hpy(get)]
    color: Color,
}

#[hpy_methods]
impl Path {
    #[new]
    fn new(points: Vec<Point>, start: &Handle<'_, Point>, other: &Handle<'_>) -> Result<Self> {
        Ok(Path {
            points,
            start: Field::new(start)?,
            other: Some(Field::new(other)?),
            shape: Shape::Rect(1.0, 2.0),
            color: Color::Green,
        })
    }
}

#[hpy_type]
#[derive(Clone, Copy)]
enum Color {
    Red,
    Green,
}

#[hpy_type(pickle, eq, frozen)]
#[derive(Clone, PartialEq)]
enum Shape {
    #[hpy(constructor = (*, radius))]
    Circle {
        radius: f64,
    },
    Rect(f64, f64),
    Many {
        shapes: Vec<Shape>,
    },
    Nothing,
}

#[hpy_type(pickle, subclass)]
struct Animal {
    #[hpy(get)]
    name: String,
}

#[hpy_methods]
impl Animal {
    #[new]
    fn new(name: String) -> Self {
        Animal { name }
    }
}

#[hpy_type(base = Animal, pickle, subclass)]
struct Dog {
    #[hpy(get)]
    tricks: Vec<String>,
}

#[hpy_methods]
impl Dog {
    #[new]
    fn new(name: String, tricks: Vec<String>) -> (Self, Animal) {
        (Dog { tricks }, Animal { name })
    }
}

/// By serde, with a field that does not convert.
#[hpy_type(pickle = serde)]
#[derive(serde::Serialize, serde::Deserialize)]
struct Settings {
    #[hpy(get)]
    level: u8,
    mode: Mode,
}

#[derive(Debug, serde::Serialize, serde::Deserialize)]
enum Mode {
    Off,
    On { since: u32 },
}

#[hpy_methods]
impl Settings {
    #[new]
    fn new(level: u8, since: Option<u32>) -> Self {
        let mode = since.map_or(Mode::Off, |since| Mode::On { since });
        Settings { level, mode }
    }

    #[getter]
    fn mode(&self) -> String {
        format!("{:?}", self.mode)
    }
}

/// A constructor from the fields beside a pickle of all of them.
#[hpy_type(pickle, new, get_all, set_all, from_handle)]
#[derive(Clone)]
struct Item {
    label: String,
    #[hpy(default = 2)]
    count: u32,
    #[hpy(skip)]
    changes: u32,
}

#[hpy_methods]
impl Item {
    fn change(&mut self) -> u32 {
        self.changes += 1;
        self.changes
    }
}

/// Each instance has a name of its own.
#[hpy_type(instances(IntBox = Boxed<i64>, ItemBox = Boxed<Item>), pickle, new, get_all)]
struct Boxed<T> {
    content: Option<T>,
}

/// Pickle does not find it.
#[hpy_type(pickle)]
struct Hidden {
    #[hpy(get)]
    number: u8,
}

#[hpy_method]
fn hidden() -> Hidden {
    Hidden { number: 3 }
}

hpy_module! {
    name: pickling,
    methods: [hidden],
    types: [
        Point, Path, Color, Shape, Animal, Dog, Settings, Item, IntBox, ItemBox, #[hidden] Hidden
    ],
}
