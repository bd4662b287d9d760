//~ the trait bound `String: ExceptionType` is not satisfied

use hpy::prelude::*;

#[hpy_method(warn(message = "careful", category = String))]
fn warns() {}

fn main() {}
