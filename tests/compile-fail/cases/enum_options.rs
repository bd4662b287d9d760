//~ an enum is a class of Python's module `enum`, which handles this itself: remove `eq`
//~ `int` is for enums: remove it above a struct
//~ an enum without variants has no members: write one

use hpy::prelude::*;

#[hpy_type(eq)]
enum Color {
    Red,
}

#[hpy_type(int)]
struct Number(u8);

#[hpy_type]
enum Never {}

fn main() {}
