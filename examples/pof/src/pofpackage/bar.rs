//! What `bar.cpp` has: a function that makes a value of a Rust type and calls a method of it.

use hpy::exceptions::OverflowError;
use hpy::prelude::*;

struct Bar {
    foo: i64,
}

impl Bar {
    fn boo(&self, object: &Handle<'_>) -> Result<i64> {
        let number = object.extract::<i64>()?;
        let sum = number.checked_add(self.foo);
        sum.ok_or_else(|| OverflowError::new("the sum does not fit into 64 bits"))
    }
}

/// An int and 21 more.
#[hpy_method]
fn hello(object: &Handle<'_>) -> Result<i64> {
    Bar { foo: 21 }.boo(object)
}

hpy_module! { name: bar, methods: [hello] }
