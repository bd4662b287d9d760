//~ cannot return value referencing local variable `point`

use hpy::prelude::*;

#[hpy_type]
struct Point(f64);

fn kept<'a>(ctx: Context<'_>) -> Result<Ref<'a, Point>> {
    let point = ctx.instance(Point(1.0))?;
    let data = point.borrow()?;
    Ok(data)
}

fn main() {}
