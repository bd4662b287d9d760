//~ `kept` does not live long enough

use hpy::PersistentStr;
use hpy::prelude::*;

#[hpy_method]
fn work(kept: PersistentStr) {
    let text: &'static str = &kept;
    std::thread::spawn(move || println!("{text}"));
}

fn main() {}
