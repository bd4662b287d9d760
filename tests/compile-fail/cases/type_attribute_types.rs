//~ a value that Python assigns must be owned: take a `String` for a `&str`
//~ an attribute that is an object must be a `Field`
//~ Rust has no defaults here: write them into the option `signature = (a, b = 2)`

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
