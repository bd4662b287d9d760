use hpy::exceptions::OverflowError;
use hpy::prelude::*;

/// Adds two integers.
#[hpy_method]
fn add_ints(a: i64, b: i64) -> Result<i64> {
    a.checked_add(b)
        .ok_or_else(|| OverflowError::new("the sum does not fit 64 bits"))
}

/// The absolute value of any object that has one.
#[hpy_method]
fn myabs<'ctx>(obj: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    obj.abs()
}

/// Greets, once or more often.
#[hpy_method(signature = (name, /, times = 1, *, end = "!"))]
fn greet(name: &str, times: usize, end: &str) -> String {
    vec![format!("Hello, {name}{end}"); times].join(" ")
}

hpy_module! {
    /// A first extension.
    name: quickstart,
    methods: [add_ints, myabs, greet],
}
