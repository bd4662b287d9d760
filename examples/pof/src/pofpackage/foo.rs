//! What `foo.c` has. Its full name is the package's matter: here it is `foo`, in Python `pofpackage.foo`.

use hpy::prelude::*;

/// Greets.
#[hpy_method]
fn hello() -> &'static str {
    "hello from pofpackage.foo"
}

hpy_module! { name: foo, methods: [hello] }
