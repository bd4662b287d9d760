//~ write a safe fn that checks it

use hpy::prelude::*;

#[hpy_method]
unsafe fn peek(address: usize) -> u8 {
    // SAFETY: none, which is the point.
    unsafe { *(address as *const u8) }
}

fn main() {}
