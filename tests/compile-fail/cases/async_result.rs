//~ a Python method can't return `Unknown`

use hpy::prelude::*;

struct Unknown;

#[hpy_method]
async fn unknown() -> Unknown {
    Unknown
}

fn main() {}
