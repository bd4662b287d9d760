//~ lifetime may not live long enough

use hpy::prelude::*;

fn take() -> Result<()> {
    let _list = hpy::attach(|ctx| ctx.empty_list())?;
    Ok(())
}

fn main() {}
