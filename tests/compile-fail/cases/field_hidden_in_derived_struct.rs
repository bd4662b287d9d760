//~ FieldsStandInWhatDerivesTraverse

use hpy::prelude::*;

struct Inner {
    _object: Field,
}

#[derive(Traverse)]
enum Either {
    _Left(Field),
    _Right { inner: Inner },
}

fn main() {}
