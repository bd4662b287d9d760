//~ #[hpy_methods] goes on the type's own `impl`, not on that of a trait

use hpy::prelude::*;

#[hpy_type]
struct Point(f64);

#[hpy_methods]
impl Clone for Point {
    fn clone(&self) -> Self {
        Point(self.0)
    }
}

fn main() {}
