//~ an enum is a class of Python's module `enum`, which handles this itself: remove `metaclass`
//~ a structure sequence is a tuple, which handles this itself: remove `metaclass`

use hpy::prelude::*;

#[hpy_type(base = type)]
struct Meta;

#[hpy_type(metaclass = Meta)]
enum Color {
    Red,
}

#[hpy_type(struct_sequence, metaclass = Meta)]
struct Stat {
    size: u64,
}

fn main() {}
