//~ a method cannot be async, because Python waits for its result

use hpy::prelude::*;

#[hpy_method]
async fn fetch(url: String) -> String {
    url
}

fn main() {}
