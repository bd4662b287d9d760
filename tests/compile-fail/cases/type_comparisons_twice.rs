//~ `__richcmp__` handles all comparisons: keep it or the methods for single ones

use hpy::prelude::*;
use hpy::CompareOp;

#[hpy_type]
struct Row(f64);

#[hpy_methods]
impl Row {
    fn __eq__(&self, other: Ref<'_, Row>) -> bool {
        self.0 == other.0
    }

    fn __richcmp__(&self, other: Ref<'_, Row>, _op: CompareOp) -> bool {
        self.0 == other.0
    }
}

fn main() {}
