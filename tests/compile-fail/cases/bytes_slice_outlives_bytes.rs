//~ `bytes` does not live long enough

use hpy::prelude::*;

#[hpy_method]
fn first<'ctx>(ctx: Context<'ctx>) -> Result<u8> {
    let slice: &[u8] = {
        let bytes = ctx.bytes(b"abc")?;
        bytes.as_bytes()
    };
    Ok(slice[0])
}

fn main() {}
