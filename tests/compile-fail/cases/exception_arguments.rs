//~ can't be the arguments of an exception

use hpy::exceptions::{KeyError, ValueError};
use hpy::prelude::*;

struct Plain;

fn no_form() -> Error {
    ValueError::new(Plain)
}

fn in_a_tuple() -> Error {
    KeyError::new(("text", Plain))
}

fn main() {}
