//~ `name` does not live long enough

use hpy::prelude::*;

#[hpy_method]
fn length<'ctx>(ctx: Context<'ctx>) -> Result<usize> {
    let text: &str = {
        let name = ctx.str("abc")?;
        name.to_str()?
    };
    Ok(text.len())
}

fn main() {}
