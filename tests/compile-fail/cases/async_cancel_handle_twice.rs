//~ a `CancelHandle` tells an `async fn` that it is cancelled, and this is none
//~ there is one `CancelHandle` already

use hpy::asyncio::CancelHandle;
use hpy::prelude::*;

#[hpy_method]
fn plain(cancel: CancelHandle) {
    drop(cancel);
}

#[hpy_method]
async fn twice(first: CancelHandle, second: CancelHandle) {
    drop((first, second));
}

fn main() {}
