//~ an enum is a class of Python's module `enum`, which handles this itself: remove `eq`
//~ `int` is for enums: remove it above a struct
//~ an enum without variants has no members: write one
//~ with `int`, members have the order of their values: remove `ord`
//~ the variants have no fields to show: write `str` alone

use hpy::prelude::*;

#[hpy_type(eq)]
enum Color {
    Red,
}

#[hpy_type(int)]
struct Number(u8);

#[hpy_type]
enum Never {}

#[hpy_type(int, ord)]
enum Level {
    Low,
}

#[hpy_type(str = "{name}")]
enum Text {
    One,
}

fn main() {}
