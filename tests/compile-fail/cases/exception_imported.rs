//~ is not an exception that a module can have

use hpy::prelude::*;

hpy::import_exception!(pub socket, gaierror);

hpy_module! {
    name: errors,
    exceptions: [gaierror],
}

fn main() {}
