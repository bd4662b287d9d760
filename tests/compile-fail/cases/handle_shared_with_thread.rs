//~ ForThisThreadAndCallOnly + 'static)` cannot be sent between threads safely

use hpy::prelude::*;

#[hpy_method]
fn hash_elsewhere<'ctx>(object: &Handle<'ctx>) {
    std::thread::scope(|scope| {
        scope.spawn(|| object.dup());
    });
}

fn main() {}
