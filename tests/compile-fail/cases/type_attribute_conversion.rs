//~ `Instant` cannot be read as an attribute

use hpy::prelude::*;
use std::time::Instant;

#[hpy_type]
struct Start {
    #[hpy(get)]
    at: Instant,
}

fn main() {}
