//~ IntoHandle<'_>` is not implemented
//~ not a Python type

use hpy::prelude::*;

struct Opaque;

#[hpy_type(struct_sequence)]
struct Into {
    opaque: Opaque,
}

#[hpy_type(struct_sequence)]
struct Text {
    text: &'static str,
}

#[hpy_method]
fn length(text: Text) -> usize {
    text.text.len()
}

#[hpy_type(struct_sequence)]
struct Stat {
    size: u64,
}

#[hpy_methods]
impl Stat {
    fn double(&self) -> u64 {
        self.size * 2
    }
}

fn main() {}
