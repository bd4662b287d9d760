//~ a value that Python assigns must be owned: take a `String` for a `&str`
//~ an object that is an attribute stands in a `Field`
//~ Rust parameters have no defaults: write them in #[hpy(signature = (a, b = 2))]

use hpy::prelude::*;

#[hpy_type]
struct Row {
    #[hpy(get, set)]
    title: &'static str,
    #[hpy(get)]
    owner: Option<Persistent>,
}

#[hpy_type]
struct Counter(u64);

#[hpy_methods]
impl Counter {
    fn add(&mut self, by: u64 = 1) {
        self.0 += by;
    }
}

fn main() {}
