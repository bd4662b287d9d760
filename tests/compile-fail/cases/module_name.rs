//~ `import` is a keyword of Python: choose a name that `import` can take

use hpy::prelude::*;

hpy_module! {
    name: import,
}

fn main() {}
