//~ the field has #[hpy(set)], which is a setter already

use hpy::prelude::*;

#[hpy_type]
struct Row {
    #[hpy(get, set)]
    size: f64,
}

#[hpy_methods]
impl Row {
    #[setter]
    fn set_size(&mut self, size: f64) {
        self.size = size;
    }
}

fn main() {}
