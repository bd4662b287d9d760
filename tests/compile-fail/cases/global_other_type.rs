//~ expected `&Global<_>`, found `&AtomicUsize`

use hpy::prelude::*;

use std::sync::atomic::AtomicUsize;

static COUNT: AtomicUsize = AtomicUsize::new(0);

hpy_module! {
    name: sample,
    globals: [COUNT],
}

fn main() {}
