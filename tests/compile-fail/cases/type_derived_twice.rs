//~ `eq` derives the comparisons that #[hpy_methods] has too: remove the one or the other

use hpy::prelude::*;

#[hpy_type(eq)]
#[derive(PartialEq)]
struct Version(u32);

#[hpy_methods]
impl Version {
    fn __lt__(&self, other: Ref<'_, Version>) -> bool {
        self.0 < other.0
    }
}

fn main() {}
