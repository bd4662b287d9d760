//~ `list` does not live long enough

use hpy::prelude::*;

fn items<'ctx>(ctx: Context<'ctx>) -> Result<impl Iterator<Item = Handle<'ctx>>> {
    let list = ctx.list([1, 2, 3])?;
    Ok(list.iter())
}

fn main() {}
