//~ expected function signature `for<'a, 'ctx> fn(&'a Handle<'ctx, Module>) -> _`

use hpy::prelude::*;

fn init(name: &str) {
    println!("{name}");
}

hpy_module! {
    name: sample,
    exec: init,
}

fn main() {}
