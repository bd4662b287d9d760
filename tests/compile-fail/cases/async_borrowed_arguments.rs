//~ take `String`
//~ take `Persistent`
//~ take `Persistent<List>`
//~ take `Vec<u8>`
//~ take an owned value, or `Persistent<Point>`
//~ return `Persistent`
//~ write `hpy::attach(|ctx| …)`

use hpy::prelude::*;

#[hpy_type]
struct Point {}

#[hpy_method]
async fn fetch(url: &str, bytes: &[u8]) -> usize {
    url.len() + bytes.len()
}

#[hpy_method]
async fn handles<'ctx>(
    ctx: Context<'ctx>,
    object: &Handle<'ctx>,
    list: Handle<'ctx, List>,
    point: &Point,
) -> Handle<'ctx> {
    let _ = (object, list, point);
    ctx.none().into_object()
}

fn main() {}
