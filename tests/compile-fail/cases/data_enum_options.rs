//~ an enum whose variants hold data has no `subclass`

use hpy::prelude::*;

#[hpy_type(subclass, match_args)]
enum Shape {
    #[hpy(constructor = (radius, width))]
    Circle { radius: f64 },
    Rect { lambda: f64 },
    #[hpy(name = "Rect")]
    #[cfg(unix)]
    Square(f64),
    Text(&'static str),
}

#[hpy_type(get_all, set_all, new, from_handle, instances(IntOption = Choice<i64>))]
enum Choice {
    Number { number: i64 },
}

fn main() {}
