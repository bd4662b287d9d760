//~ no conversion from a Python object to `Instant`
//~ no conversion from `Instant` to a Python object

use hpy::prelude::*;
use std::time::Instant;

#[derive(FromHandle)]
struct Start {
    at: Instant,
}

#[derive(IntoHandle)]
struct End {
    at: Instant,
    name: String,
}

fn main() {}
