//~ an item of a container is converted separately and cannot be borrowed:
//~   take `Handle<'_, Point>`, which can be borrowed
//~ an item of a container is converted separately and cannot be borrowed: take `String`

use hpy::prelude::*;

#[hpy_type]
struct Point(f64);

#[hpy_method]
fn sum(points: Vec<Ref<'_, Point>>) -> f64 {
    points.iter().map(|point| point.0).sum()
}

#[hpy_method]
fn longest(words: Option<Vec<&str>>) -> usize {
    words.into_iter().flatten().map(str::len).max().unwrap_or(0)
}

fn main() {}
