//~ requires an `unsafe impl` declaration

// Python would call the functions as a setter's, with two arguments.

use hpy::__private::{Absent, Functions, Setting, slots};
use hpy::sys::HPyCFunction;

struct Repr;

impl Setting for Repr {
    const FUNCTIONS: Option<Functions> = Some(slots::unary::<Absent>());
    const METHODS: [HPyCFunction; 2] = [None; 2];
}

fn main() {}
