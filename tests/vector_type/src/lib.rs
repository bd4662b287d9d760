//! Types that two test extensions share. The module `shared_vectors` declares it.

use hpy::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// A vector of the plane.
#[hpy_type(shared = "1.0", module = "shared_vectors", subclass, eq, repr)]
#[derive(Clone, Debug, PartialEq)]
#[repr(C)]
pub struct Vector {
    /// To the right.
    #[hpy(get, set)]
    pub x: f64,
    /// Upwards.
    #[hpy(get, set)]
    pub y: f64,
    /// Other data.
    pub marks: [[u8; 2]; 3],
}

#[hpy_methods]
impl Vector {
    #[new]
    fn new(x: f64, y: f64) -> Self {
        Vector::of(x, y)
    }

    /// Makes it longer.
    pub fn scale(&mut self, by: f64) {
        self.x *= by;
        self.y *= by;
    }

    /// Calls a function while the data is borrowed.
    fn borrowed_while<'ctx>(&mut self, call: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        call.call0()
    }

    #[getter]
    fn marks(&self) -> Vec<u8> {
        self.marks.concat()
    }
}

impl Vector {
    /// A vector without marks.
    pub fn of(x: f64, y: f64) -> Self {
        let marks = [[0; 2]; 3];
        Vector { x, y, marks }
    }
}

/// Counts from both.
#[hpy_type(shared = "2", module = "shared_vectors", frozen)]
#[repr(C)]
pub struct Counter {
    count: AtomicU64,
}

#[hpy_methods]
impl Counter {
    #[new]
    fn new() -> Self {
        Counter {
            count: AtomicU64::new(0),
        }
    }

    /// One more than before.
    pub fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }
}

/// Options of classes beside `shared`.
#[hpy_type(
    shared = "1", module = "shared_vectors", get_all, set_all, new, generic, from_handle,
    blocks = [more]
)]
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Span {
    /// Where it begins.
    pub start: i64,
    /// Where it ends.
    #[hpy(default = 10)]
    pub end: i64,
}

#[hpy_methods(block = more)]
impl Span {
    fn __len__(&self) -> usize {
        (self.end - self.start) as usize
    }
}

/// The module that shares it does not show it.
#[hpy_type(shared = "1", module = "shared_vectors", frozen, get_all)]
#[repr(C)]
pub struct Ticket {
    /// Its number.
    pub number: u32,
}

/// No module lists it.
#[hpy_type(shared = "1", module = "shared_vectors", frozen)]
#[repr(C)]
pub struct Unlisted {
    /// Its number.
    pub number: u32,
}
