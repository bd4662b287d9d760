//~ cannot move out of `buffer` because it is borrowed

use hpy::prelude::*;

#[hpy_method]
fn first(data: &Handle<'_>) -> Result<Option<u8>> {
    let buffer = data.buffer::<u8>()?;
    let items = buffer.as_immutable();
    drop(buffer);
    Ok(items.and_then(|items| items.first().copied()))
}

fn main() {}
