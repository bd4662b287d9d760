//~ other extensions find a shared type by the module

use hpy::prelude::*;

#[hpy_type(shared = "1.0")]
struct WithoutModule {
    x: f64,
}

#[hpy_type(shared, module = "m")]
struct WithoutVersion {
    x: f64,
}

#[hpy_type(shared = "1.0", module = "m", unsendable, base = int)]
struct Others {
    x: f64,
}

#[hpy_type(shared = "1.0", module = "m", instances(IntCell = Generic<i64>))]
struct Generic<T> {
    value: T,
}

fn main() {}
