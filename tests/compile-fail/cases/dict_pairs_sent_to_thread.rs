//~ ForThisThreadAndCallOnly + 'static)` cannot be sent between threads safely

use hpy::prelude::*;

#[hpy_method]
fn count(dict: &Handle<'_, Dict>) -> Result<usize> {
    let pairs = dict.items()?;
    Ok(std::thread::scope(|scope| {
        scope.spawn(move || pairs.len()).join().unwrap_or(0)
    }))
}

fn main() {}
