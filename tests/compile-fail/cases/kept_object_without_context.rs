//~ no method named `call0` found

use hpy::prelude::*;

fn call(kept: &Persistent) {
    let _ = kept.call0();
}

fn main() {}
