//~ a structure sequence is a tuple, which handles this itself: remove `frozen`
//~ the fields of a structure sequence are renamed one by one
//~ the field has no name
//~ there is a field `first` already
//~ `class` is a keyword of Python: give the field another name
//~ structure sequences reserve names like `_private`
//~ structure sequences reserve names like `n_fields`
//~ `get` is not an option of a field of a structure sequence
//~ a structure sequence without fields has no items
//~ a Python type cannot be generic

use hpy::prelude::*;

#[hpy_type(struct_sequence, frozen, rename_all = "lowercase")]
struct Pair(
    u8,
    #[hpy(name = "first")] u8,
    #[hpy(name = "first")] u8,
);

#[hpy_type(struct_sequence)]
struct Names {
    class: u8,
    _private: u8,
    n_fields: u8,
    #[hpy(get)]
    other: u8,
}

#[hpy_type(struct_sequence)]
struct Nothing;

#[hpy_type(struct_sequence)]
struct Of<T> {
    value: T,
}

#[hpy_type(struct_sequence)]
enum Either {
    A,
}

fn main() {}
