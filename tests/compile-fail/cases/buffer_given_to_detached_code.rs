//~ `*mut u8` cannot be sent between threads safely
// Python may free the memory's object while it is left.

use hpy::prelude::*;

#[hpy_method]
fn count<'ctx>(ctx: Context<'ctx>, data: hpy::buffer::Buffer<'ctx, u8>) -> usize {
    ctx.detach(move || data.len())
}

fn main() {}
