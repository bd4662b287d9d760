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

fn main() {}
