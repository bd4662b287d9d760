//~ lifetime may not live long enough

use hpy::prelude::*;

fn take(kept: &Persistent) -> Result<()> {
    let _object = kept.attach(|object| Ok(object))?;
    Ok(())
}

fn main() {}
