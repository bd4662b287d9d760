//~ `transparant` is not an option of a type (did you mean `transparent`?)
//~ a field is an attribute or an item: `attribute` and `item` don't go together
//~ a field can't borrow from its object, which is closed when the field is made:
//~   write an owned type
//~ only a field that is the object itself can borrow from it; name the context's lifetime `'ctx`

use hpy::prelude::*;

#[derive(FromHandle)]
#[hpy(transparant)]
struct Settings<'a> {
    #[hpy(attribute, item("b"))]
    port: i64,
    name: &'a str,
}

fn main() {}
