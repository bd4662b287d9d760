//~ FromHandle can't be derived for a struct without fields: implement it by hand
//~ IntoHandle can't be derived for an enum without variants: it has no values

use hpy::prelude::*;

#[derive(FromHandle)]
struct Marker;

#[derive(IntoHandle)]
enum Never {}

fn main() {}
