//~ ForThisThreadAndCallOnly + 'static)` cannot be sent between threads safely

use hpy::prelude::*;

#[hpy_method]
fn print_elsewhere<'ctx>(object: &Handle<'ctx>) {
    let object = object.dup();
    std::thread::scope(|scope| {
        scope.spawn(move || drop(object));
    });
}

fn main() {}
