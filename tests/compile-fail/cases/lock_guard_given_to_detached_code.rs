//~ MutexGuard<'_, Vec<u8>>` cannot be sent between threads safely

use hpy::prelude::*;
use hpy::sync::MutexExt;
use std::sync::{Mutex, PoisonError};

static BYTES: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[hpy_method]
fn work<'ctx>(ctx: Context<'ctx>) {
    let mut bytes = BYTES.lock_attached(ctx).unwrap_or_else(PoisonError::into_inner);
    ctx.detach(move || bytes.push(1));
}

fn main() {}
