//~ cannot be read as an attribute

use hpy::prelude::*;
use std::sync::Mutex;

#[hpy_type(pickle)]
struct Point {
    lock: Mutex<f64>,
}

fn main() {}
