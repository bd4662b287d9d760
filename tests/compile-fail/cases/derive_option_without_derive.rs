//~ put #[derive(FromHandle)] or #[derive(IntoHandle)] above it

use hpy::prelude::*;

#[hpy(transparent)]
struct Name {
    name: String,
}

fn main() {}
