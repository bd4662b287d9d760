//~ borrowed data escapes outside of closure

use hpy::prelude::*;

fn keep() -> Result<()> {
    let mut kept = None;
    hpy::attach(|ctx| kept = Some(ctx))
}

fn main() {}
