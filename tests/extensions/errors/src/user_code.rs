//! What Python code raises while its objects are converted: see `test_user_code.py`.

use hpy::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;

macro_rules! taking {
    ($($name:ident: $ty:ty;)*) => {
        $(#[hpy_method]
        pub fn $name(value: $ty) {
            let _ = value;
        })*
    };
}

taking! {
    take_i64: i64;
    take_u64: u64;
    take_u8: u8;
    take_i128: i128;
    take_f64: f64;
    take_integers: Vec<i64>;
    take_floats: Vec<f64>;
    take_bytes: Vec<u8>;
    take_lists: Vec<Vec<i64>>;
    take_array: [i64; 2];
    take_pair: (i64, f64);
    take_map: HashMap<String, i64>;
    take_sorted_map: BTreeMap<i64, i64>;
    take_set: HashSet<i64>;
    take_path: PathBuf;
    take_maybe: Option<i64>;
    take_server: Server;
    take_named: Named;
    take_either: Either;
}

#[hpy_method]
pub fn take_buffer(value: hpy::buffer::Buffer<'_, u8>) -> usize {
    value.len()
}

#[hpy_method]
pub fn take_bytes_like(value: Cow<'_, [u8]>) -> usize {
    value.len()
}

/// Arguments by position and by name.
#[hpy_method(signature = (first, /, second=0, *rest, third=0, **more))]
pub fn take_all(
    first: i64,
    second: i64,
    rest: Vec<i64>,
    third: i64,
    more: HashMap<String, i64>,
) -> i64 {
    first + second + third + rest.iter().sum::<i64>() + more.values().sum::<i64>()
}

#[derive(FromHandle)]
pub struct Server {
    #[allow(dead_code)]
    port: u16,
}

#[derive(FromHandle)]
#[hpy(from_item_all)]
pub struct Named {
    #[allow(dead_code)]
    name: i64,
    #[allow(dead_code)]
    #[hpy(default = 1)]
    count: i64,
}

#[derive(FromHandle)]
pub enum Either {
    Numbers(#[allow(dead_code)] Vec<i64>),
    Text(#[allow(dead_code)] String),
    Point {
        #[allow(dead_code)]
        x: i64,
    },
}

/// Everything in which a value arrives.
#[hpy_type]
pub struct Taker {
    #[hpy(get, set)]
    value: i64,
}

#[hpy_methods]
impl Taker {
    #[new]
    fn new(value: i64) -> Self {
        Taker { value }
    }

    fn method(&self, value: i64) -> i64 {
        value + self.value
    }

    #[classmethod]
    fn by_class(_class: &Handle<'_, Type>, value: i64) -> Self {
        Taker { value }
    }

    #[staticmethod]
    fn by_nobody(value: i64, more: Vec<i64>) -> i64 {
        value + more.iter().sum::<i64>()
    }

    #[getter]
    fn doubled(&self) -> i64 {
        self.value * 2
    }

    #[setter]
    fn set_doubled(&mut self, value: i64) {
        self.value = value / 2;
    }

    fn __call__(&self, value: i64) -> i64 {
        self.value + value
    }

    fn __getitem__(&self, index: i64) -> i64 {
        self.value + index
    }

    fn __setitem__(&mut self, index: i64, value: i64) {
        self.value = index + value;
    }

    fn __contains__(&self, value: i64) -> bool {
        self.value == value
    }

    fn __add__(&self, other: i64) -> i64 {
        self.value + other
    }

    fn __radd__(&self, other: i64) -> i64 {
        self.value + other
    }

    fn __iadd__(&mut self, other: i64) {
        self.value += other;
    }

    fn __pow__(&self, exponent: i64, _modulus: Option<i64>) -> i64 {
        self.value.pow(exponent as u32)
    }

    fn __eq__(&self, other: i64) -> bool {
        self.value == other
    }

    fn __lt__(&self, other: Vec<i64>) -> bool {
        self.value < other.iter().sum()
    }
}
