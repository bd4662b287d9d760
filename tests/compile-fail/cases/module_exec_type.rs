//~ not `fn(&Handle<'_, Module>) -> Result<()>`

use hpy::prelude::*;

fn init(name: &str) {
    println!("{name}");
}

hpy_module! {
    name: sample,
    exec: init,
}

fn main() {}
