//~ return `Self` or `Result<Self>`

use hpy::prelude::*;

#[hpy_type]
struct Row(f64);

#[hpy_methods]
impl Row {
    #[new]
    fn new() -> f64 {
        0.0
    }
}

fn main() {}
