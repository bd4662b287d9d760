//~ `*mut u8` cannot be shared between threads safely

use hpy::prelude::*;

#[hpy_method]
fn count(data: hpy::buffer::Buffer<'_, u8>) -> usize {
    std::thread::scope(|scope| scope.spawn(|| data.len()).join().unwrap_or(0))
}

fn main() {}
