//~ cannot be sent between threads safely

use hpy::prelude::*;

#[hpy_type]
struct Point(f64);

#[hpy_method]
fn norm(point: RefMut<'_, Point>) -> f64 {
    std::thread::scope(|scope| scope.spawn(move || point.0).join().unwrap_or(0.0))
}

fn main() {}
