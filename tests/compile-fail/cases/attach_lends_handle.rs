//~ borrowed data escapes outside of closure

use hpy::prelude::*;

fn mix<'ctx>(list: &Handle<'ctx, List>) -> Result<bool> {
    hpy::attach(|ctx| ctx.none().is(list))
}

fn main() {}
