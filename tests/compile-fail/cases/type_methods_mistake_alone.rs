//~ Python has no `__eqq__`: did you mean `__eq__`?
//~ Python does not look up `__nonzero__`

use hpy::Called;
use hpy::prelude::*;

/// With an `__eq__` it would be right.
#[hpy_type(frozen, hash, match_args = (number))]
#[derive(Hash)]
struct Key {
    #[hpy(get)]
    id: u64,
}

#[hpy_methods]
impl Key {
    #[new]
    fn new(id: u64) -> Self {
        Key { id }
    }

    fn __eqq__(&self, other: Ref<'_, Self>) -> bool {
        self.id == other.id
    }

    #[getter]
    fn number(&self) -> u64 {
        self.id
    }
}

/// Has constants that stand for functions.
#[hpy_type]
struct Constant(i64);

#[hpy_methods]
impl Constant {
    #[new]
    fn new(value: i64) -> Called<Self> {
        Called::new(Constant(value), Self::TWICE)
    }

    fn __call__(&self) -> i64 {
        self.0
    }

    #[call]
    fn twice(&self) -> i64 {
        2 * self.0
    }

    fn __nonzero__(&self) -> bool {
        self.0 != 0
    }
}

hpy_module! { name: keys, types: [Key, Constant] }

fn main() {}
