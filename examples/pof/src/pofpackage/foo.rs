//! What `foo.c` has. The full name is up to the package: in Python it is `pofpackage.foo`.

use hpy::prelude::*;

/// Greets.
#[hpy_method]
fn hello() -> &'static str {
    "hello from pofpackage.foo"
}

hpy_module! { name: foo, methods: [hello] }
