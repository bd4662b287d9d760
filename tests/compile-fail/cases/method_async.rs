//~ an async fn cannot be one; remove `async` and block, or return at once

use hpy::prelude::*;

#[hpy_method]
async fn fetch(url: String) -> String {
    url
}

fn main() {}
