//~ `buffer` does not live long enough
// The memory is let go when the buffer is dropped: the object may grow and move it then.

use hpy::prelude::*;

#[hpy_method]
fn first(data: &Handle<'_>) -> Result<u8> {
    let cells = {
        let buffer = data.buffer::<u8>()?;
        buffer.as_slice()?
    };
    Ok(cells[0].get())
}

fn main() {}
