//~ cannot be shared between threads safely

use hpy::prelude::*;

static KEPT: Field = Field::empty();

fn main() {}
