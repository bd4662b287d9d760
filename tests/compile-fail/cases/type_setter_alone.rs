//~ the attribute has no getter

use hpy::prelude::*;

#[hpy_type]
struct Row(f64);

#[hpy_methods]
impl Row {
    #[setter]
    fn set_size(&mut self, size: f64) {
        self.0 = size;
    }
}

fn main() {}
