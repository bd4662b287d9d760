//~ there is a #[new] already: keep one

use hpy::prelude::*;

#[hpy_type]
struct Row(f64);

#[hpy_methods]
impl Row {
    #[new]
    fn new() -> Self {
        Row(0.0)
    }

    #[new]
    fn of(size: f64) -> Self {
        Row(size)
    }
}

fn main() {}
