//~ cannot return value referencing local variable `item`

use hpy::prelude::*;

#[hpy_method]
fn first<'a, 'ctx>(list: &'a Handle<'ctx, List>) -> Result<&'a Handle<'ctx>> {
    let item = list.get_item(0)?;
    Ok(&item)
}

fn main() {}
