//~ a slot has functions of another signature

// Python would call `__repr__` with one argument, and the function takes two.

use hpy::__private::{Absent, MethodStatic, slot_def, slots};
use hpy::sys::HPy_tp_repr;

static REPR: MethodStatic = slot_def(HPy_tp_repr, slots::binary::<Absent>());

fn main() {}
