//~ FieldsStandInWhatDerivesTraverse

use hpy::prelude::*;

struct Inner {
    _object: Field,
}

#[hpy_type]
struct Node {
    inner: Vec<Inner>,
}

fn main() {}
